from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Team, Unit

USER = settings.AUTH_USER_MODEL


class Programme(models.Model):
    """评选项目:a named honour as data; it holds in its unit and all below it. A round freezes what it says.

    `levels` are the steps of recommendation, lowest first: {"name", "at": "unit" | "above" | "root" | "outside", "roles"}. `criteria` are
    {"code", "name", "group", "method": "yes_no" | "score", "points" (hundredths), "must", "evidence"}; `conditions` are
    {"code", "text", "kind": "must" | "veto", "bar_months"}. `quota` and `review` hold figures, see assessments/honours/content.py.
    """

    class Subject(models.TextChoices):
        TEAM = "team", "班组"
        PERSON = "person", "个人"
        STUDIO = "studio", "工作室"

    unit = models.ForeignKey(Unit, verbose_name="主办单位", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=40)
    title = models.CharField("称号", max_length=40)
    subject = models.CharField("评什么", max_length=6, choices=Subject)
    purpose = models.CharField("说明", max_length=300, blank=True)
    levels = models.JSONField("推荐层级", default=list)
    applicants = models.JSONField("谁能申报", default=list)
    criteria = models.JSONField("条件", default=list)
    conditions = models.JSONField("必备和否决条件", default=list)
    materials = models.JSONField("材料", default=list)
    quota = models.JSONField("名额", default=dict)
    review = models.JSONField("评审办法", default=dict)
    pool = models.ForeignKey(
        "self", verbose_name="从哪个称号里选", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pass_line = models.PositiveIntegerField("达标分", default=0)
    notice_days = models.PositiveSmallIntegerField("公示（工作日）", default=5)
    valid_months = models.PositiveSmallIntegerField("有效期（月）", default=12)
    recheck = models.JSONField("复评规则", default=dict)
    reward = models.BigIntegerField("奖励", default=0)
    practices = models.JSONField("对应做法", default=list)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    created_by = models.ForeignKey(USER, verbose_name="建立人", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "评选项目"
        verbose_name_plural = "评选项目"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"],
                name="assessments_programme_code_once_per_unit",
                violation_error_message="这个代码已经用过了。",
            ),
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(retired_on__isnull=True),
                name="assessments_programme_name_once_per_unit",
                violation_error_message="已有同名的评选项目。",
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=1, notice_days__lte=60), name="assessments_programme_notice_range"
            ),
            models.CheckConstraint(
                condition=Q(valid_months__gte=1, valid_months__lte=120), name="assessments_programme_valid_range"
            ),
            models.CheckConstraint(
                condition=Q(reward__gte=0, reward__lte=10**10), name="assessments_programme_reward_range"
            ),
        ]

    def __str__(self):
        return self.name


class Round(models.Model):
    """评选批次:one calling of a programme: dates, and what the programme said when it was opened (`frozen`).

    draft → open (applications) → reviewing → shortlisted (the list stands) → posted (公示) → named; or cancelled with a reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        OPEN = "open", "申报中"
        REVIEWING = "reviewing", "评审中"
        SHORTLISTED = "shortlisted", "已定名单"
        POSTED = "posted", "公示中"
        NAMED = "named", "已命名"
        CANCELLED = "cancelled", "已取消"

    programme = models.ForeignKey(Programme, verbose_name="评选项目", on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField("批次", max_length=40)
    opens_on = models.DateField("申报开始")
    apply_until = models.DateField("申报截止")
    review_until = models.DateField("评审截止")
    invitation = models.CharField("通知内容", max_length=1000, blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    frozen = models.JSONField("冻结的办法", default=dict)
    bulletin = models.CharField("公示编号", max_length=40, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)
    named_on = models.DateField("命名日期", null=True, blank=True)
    reason = models.CharField("取消原因", max_length=200, blank=True)
    created_by = models.ForeignKey(USER, verbose_name="建立人", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        ordering = ["-opens_on", "-id"]
        verbose_name = "评选批次"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                condition=~Q(state="cancelled"),
                name="assessments_round_name_once",
                violation_error_message="这个项目已有同名的批次。",
            ),
            models.CheckConstraint(
                condition=Q(apply_until__gte=F("opens_on"), review_until__gte=F("apply_until")),
                name="assessments_round_days_in_order",
                violation_error_message="申报开始、申报截止、评审截止要一个比一个晚。",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="assessments_round_cancelled_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="named") | (Q(named_on__isnull=False) & ~Q(document="")),
                name="assessments_round_named_has_document",
                violation_error_message="命名要写文号和日期。",
            ),
        ]

    def __str__(self):
        return f"{self.programme}{self.name}"


class Bar(models.Model):
    """否决情形:something that happened (an accident, wage arrears …) and keeps a unit, a team or a person from being named.

    `code` is that of the conditions of programmes, which say for how many months it bars. Taken back with a reason if wrong.
    """

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        USER, verbose_name="个人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField("情形", max_length=20)
    text = models.CharField("说明", max_length=200)
    happened_on = models.DateField("发生日期")
    recorded_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    lifted_on = models.DateField("取消日期", null=True, blank=True)
    lifted_reason = models.CharField("取消原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-happened_on", "-id"]
        verbose_name = "否决情形"
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(user__isnull=True), name="assessments_bar_one_subject"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | ~Q(lifted_reason=""), name="assessments_bar_lifted_has_reason"
            ),
        ]

    def __str__(self):
        return self.text
