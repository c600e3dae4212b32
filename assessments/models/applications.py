from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.programmes import Round
from assessments.models.studios import Studio
from teams.models import Attachment, Team, Unit

USER = settings.AUTH_USER_MODEL


class Application(models.Model):
    """申报:a team, a person or a studio in a round. `level` counts the steps of recommendation that are behind it.

    draft → submitted → (recommended level by level; returned with a question; refused) → recommended → in review →
    shortlisted or reserve → named, or not chosen. Its form and standard are those of the round, frozen. `reply` is kept
    while it is written; handed in it becomes a step of the history.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "待推荐"
        RETURNED = "returned", "退回补充"
        REFUSED = "refused", "不予推荐"
        WITHDRAWN = "withdrawn", "已撤回"
        RECOMMENDED = "recommended", "待评审"
        REVIEWING = "reviewing", "评审中"
        SHORTLISTED = "shortlisted", "拟命名"
        RESERVE = "reserve", "备选"
        NOT_CHOSEN = "not_chosen", "未入选"
        NAMED = "named", "已命名"

    round = models.ForeignKey(Round, verbose_name="批次", on_delete=models.PROTECT, related_name="applications")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        USER, verbose_name="个人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    studio = models.ForeignKey(
        Studio, verbose_name="工作室", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField("编号", max_length=20, unique=True)
    is_front_line = models.BooleanField("一线", default=True)
    story = models.TextField("事迹", max_length=2000, blank=True)
    answers = models.JSONField("填写", default=dict)
    self_scores = models.JSONField("自评分", default=dict)
    declared = models.JSONField("承诺符合的条件", default=list)
    reply = models.TextField("对退回意见的答复", max_length=500, blank=True, default="")
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    level = models.PositiveSmallIntegerField("已过层级", default=0)
    score = models.PositiveIntegerField("评审得分", null=True, blank=True)
    place = models.PositiveSmallIntegerField("名次", null=True, blank=True)
    filed_by = models.ForeignKey(USER, verbose_name="申报人", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("最近保存", auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True)

    class Meta:
        ordering = ["round_id", "place", "id"]
        verbose_name = "申报"
        verbose_name_plural = "申报"
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False, user__isnull=True, studio__isnull=True)
                | Q(team__isnull=True, user__isnull=False, studio__isnull=True)
                | Q(team__isnull=True, user__isnull=True, studio__isnull=False),
                name="assessments_application_one_subject",
            ),
            *(
                models.UniqueConstraint(
                    fields=["round", name],
                    condition=Q(**{f"{name}__isnull": False}) & ~Q(state__in=["withdrawn", "refused"]),
                    name=f"assessments_application_{name}_once",
                    violation_error_message="这一批里已经有申报了。",
                )
                for name in ("team", "user", "studio")
            ),
        ]
        indexes = [models.Index(fields=["round", "state"], name="assessments_application_round")]

    def __str__(self):
        return f"{self.number} {self.subject}"

    @property
    def subject(self):
        """The team, the person or the studio that applies."""
        return self.team or self.user or self.studio


class Proof(models.Model):
    """申报依据:what stands for a criterion of an application: something that exists, named as it was when it was picked."""

    class Kind(models.TextChoices):
        SCORE = "score", "月度得分"
        CHECK = "check", "检查"
        ACTIVITY = "activity", "活动记录"
        KNOWLEDGE = "knowledge", "知识"
        HONOUR = "honour", "荣誉"
        IDEA = "idea", "建议"
        RESULT = "result", "工作室成果"
        FILE = "file", "材料"

    application = models.ForeignKey(Application, verbose_name="申报", on_delete=models.PROTECT, related_name="proofs")
    code = models.CharField("条件", max_length=20)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    about = models.BigIntegerField("记录", null=True, blank=True)
    label = models.CharField("名称", max_length=150)
    date = models.DateField("日期", null=True, blank=True)
    file = models.ForeignKey(
        Attachment, verbose_name="附件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    picked_by = models.ForeignKey(USER, verbose_name="添加人", on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField("添加时间", auto_now_add=True)

    class Meta:
        ordering = ["application_id", "code", "id"]
        verbose_name = "申报依据"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code", "kind", "about"],
                condition=Q(about__isnull=False),
                name="assessments_proof_once",
                violation_error_message="这一条已经选过了。",
            ),
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False) | (~Q(kind="file") & Q(about__isnull=False)),
                name="assessments_proof_names_something",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.label}"


class ApplicationStep(models.Model):
    """申报履历:what became of an application, at which level, who said so and why. Append-only."""

    application = models.ForeignKey(Application, verbose_name="申报", on_delete=models.PROTECT, related_name="steps")
    action = models.CharField("动作", max_length=20)
    state = models.CharField("变为", max_length=12, choices=Application.State)
    level = models.PositiveSmallIntegerField("层级", default=0)
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField("意见", max_length=500, blank=True)
    actor = models.ForeignKey(USER, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "申报履历"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "refused"]) | ~Q(text=""),
                name="assessments_applicationstep_refusal_has_reason",
                violation_error_message="退回或不予推荐要写明原因。",
            )
        ]

    def __str__(self):
        return self.get_state_display()


class Review(models.Model):
    """评审:one reviewer's look at an application; `marks` are {criterion code: points in hundredths}. Blind by alias.

    A reviewer who has to do with the applicant is blocked; who and why stays on record (`conflict`).
    """

    class State(models.TextChoices):
        ASSIGNED = "assigned", "待评"
        DONE = "done", "已评"
        EXCUSED = "excused", "已回避"

    application = models.ForeignKey(Application, verbose_name="申报", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(USER, verbose_name="评委", on_delete=models.PROTECT, related_name="+")
    alias = models.CharField("代号", max_length=10)
    marks = models.JSONField("打分", default=dict)
    notes = models.JSONField("评语", default=dict)
    total = models.PositiveIntegerField("合计", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASSIGNED)
    conflict = models.CharField("回避原因", max_length=200, blank=True)
    is_drawn = models.BooleanField("抽签", default=False)
    assigned_by = models.ForeignKey(USER, verbose_name="分派人", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField("分派时间", auto_now_add=True)
    done_at = models.DateTimeField("评完时间", null=True)

    class Meta:
        ordering = ["application_id", "id"]
        verbose_name = "评审"
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="assessments_review_once"),
            models.UniqueConstraint(fields=["application", "alias"], name="assessments_review_alias_once"),
            models.CheckConstraint(
                condition=~Q(state="excused") | ~Q(conflict=""), name="assessments_review_excused_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(total__isnull=False, done_at__isnull=False),
                name="assessments_review_done_has_total",
            ),
        ]

    def __str__(self):
        return self.alias


class PanelRecord(models.Model):
    """评审会记录:an on-site visit, a defence or a vote about an application: who was there, what was found, how many voted how."""

    class Kind(models.TextChoices):
        VISIT = "visit", "现场考察"
        DEFENCE = "defence", "答辩"
        VOTE = "vote", "表决"

    application = models.ForeignKey(Application, verbose_name="申报", on_delete=models.PROTECT, related_name="panels")
    kind = models.CharField("形式", max_length=8, choices=Kind)
    date = models.DateField("日期")
    people = models.CharField("参加人", max_length=200)
    text = models.CharField("记录", max_length=1000)
    agreed = models.PositiveSmallIntegerField("同意", default=0)
    opposed = models.PositiveSmallIntegerField("反对", default=0)
    abstained = models.PositiveSmallIntegerField("弃权", default=0)
    entered_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        ordering = ["application_id", "date", "id"]
        verbose_name = "评审会记录"
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "date"], name="assessments_panelrecord_once")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.date}"


class Challenge(models.Model):
    """公示异议:somebody doubts a name of the shortlist, with a real name or sealed; investigated and answered by another."""

    class State(models.TextChoices):
        OPEN = "open", "调查中"
        UPHELD = "upheld", "属实"
        DISMISSED = "dismissed", "不属实"

    application = models.ForeignKey(
        Application, verbose_name="申报", on_delete=models.PROTECT, related_name="challenges"
    )
    filed_by = models.ForeignKey(USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    is_sealed = models.BooleanField("不公开姓名", default=False)
    text = models.CharField("异议", max_length=1000)
    files = models.ManyToManyField(Attachment, verbose_name="材料", related_name="+")
    filed_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField("调查结果", max_length=1000, blank=True)
    answered_by = models.ForeignKey(USER, verbose_name="调查人", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "公示异议"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("filed_by")),
                name="assessments_challenge_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(answer=""), name="assessments_challenge_answered_has_text"
            ),
        ]

    def __str__(self):
        return self.get_state_display()
