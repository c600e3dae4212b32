from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Honour, Team, Unit

USER = settings.AUTH_USER_MODEL


class Vision(models.Model):
    """个人愿景:what a person wants to become, and the plan of study towards it; looked at with somebody every half-year."""

    user = models.ForeignKey(USER, verbose_name="本人", on_delete=models.PROTECT, related_name="+")
    statement = models.CharField("愿景", max_length=300)
    starts_on = models.DateField("开始日期")
    review_on = models.DateField("下次回顾")
    mentor = models.ForeignKey(
        USER, verbose_name="辅导人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_shown = models.BooleanField("班组里公开", default=False)
    ended_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "个人愿景"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_on__isnull=True), name="activities_vision_one_open_per_user"
            ),
            models.CheckConstraint(
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("user")), name="activities_vision_mentor_is_another"
            ),
        ]

    def __str__(self):
        return f"{self.user}的愿景"


class StudyItem(models.Model):
    """学习计划:one thing to learn by a day, how, and what came of it."""

    vision = models.ForeignKey(Vision, verbose_name="愿景", on_delete=models.PROTECT, related_name="items")
    text = models.CharField("学什么", max_length=100)
    how = models.CharField("怎么学", max_length=100, blank=True)
    due_on = models.DateField("完成日期")
    done_on = models.DateField("实际完成", null=True, blank=True)
    outcome = models.CharField("结果", max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "学习计划"

    def __str__(self):
        return self.text


class VisionReview(models.Model):
    """回顾:what a person and the mentor said about a vision on a day. Append-only."""

    vision = models.ForeignKey(Vision, verbose_name="愿景", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(USER, verbose_name="回顾人", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("回顾", max_length=500)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "回顾"

    def __str__(self):
        return f"{self.at:%Y-%m-%d}"


class Mentorship(models.Model):
    """师带徒:a mentor's agreement with an apprentice: aims, term, exam; either may object within the first month."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待双方确认"
        RUNNING = "running", "进行中"
        PASSED = "passed", "已出师"
        FAILED = "failed", "没有通过"
        ENDED = "ended", "提前结束"

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(USER, verbose_name="师傅", on_delete=models.PROTECT, related_name="+")
    apprentice = models.ForeignKey(USER, verbose_name="徒弟", on_delete=models.PROTECT, related_name="+")
    aims = models.TextField("培养目标", max_length=1000)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    mentor_agreed_at = models.DateTimeField("师傅确认时间", null=True)
    apprentice_agreed_at = models.DateTimeField("徒弟确认时间", null=True)
    exam_on = models.DateField("考核日期", null=True, blank=True)
    exam_score = models.PositiveIntegerField("考核成绩", null=True, blank=True)
    examiner = models.ForeignKey(USER, verbose_name="考核人", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("结果", max_length=300, blank=True)
    proposed_by = models.ForeignKey(USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = "师带徒"
        verbose_name_plural = "师带徒"
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=F("apprentice")), name="activities_mentorship_two_people"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="activities_mentorship_days_in_order"),
            models.CheckConstraint(
                condition=Q(examiner__isnull=True) | (~Q(examiner=F("mentor")) & ~Q(examiner=F("apprentice"))),
                name="activities_mentorship_examiner_is_another",
                violation_error_message="考核人不能是师傅或徒弟本人。",
            ),
            models.UniqueConstraint(
                fields=["apprentice"],
                condition=Q(state__in=["proposed", "running"]),
                name="activities_mentorship_one_open_per_apprentice",
                violation_error_message="这位徒弟已有一份没有结束的师徒协议。",
            ),
            models.CheckConstraint(condition=Q(exam_score__lte=10000), name="activities_mentorship_score_range"),
        ]

    def __str__(self):
        return f"{self.mentor}带{self.apprentice}"


class PracticeCard(models.Model):
    """岗位练兵卡:a question of the job and its answer, practised again and again."""

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    trade = models.CharField("专业", max_length=30, blank=True)
    question = models.CharField("题目", max_length=300)
    answer = models.TextField("答案", max_length=1000)
    written_by = models.ForeignKey(USER, verbose_name="出题人", on_delete=models.PROTECT, related_name="+")
    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "岗位练兵卡"

    def __str__(self):
        return self.question


class Practice(models.Model):
    """练兵:a person answered a card and says how it went. Append-only."""

    class Result(models.TextChoices):
        KNOWN = "known", "会"
        UNSURE = "unsure", "不熟"
        UNKNOWN = "unknown", "不会"

    card = models.ForeignKey(PracticeCard, verbose_name="练兵卡", on_delete=models.PROTECT, related_name="practices")
    user = models.ForeignKey(USER, verbose_name="练兵人", on_delete=models.PROTECT, related_name="+")
    result = models.CharField("结果", max_length=8, choices=Result)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "练兵"
        indexes = [models.Index(fields=["user", "at"], name="activities_practice_user")]

    def __str__(self):
        return f"{self.user} {self.get_result_display()}"


class Contest(models.Model):
    """竞赛比武:teams or people compete in a unit; ranked by score, posted on the board, the first ones may be honoured."""

    class Subject(models.TextChoices):
        PERSON = "person", "个人"
        TEAM = "team", "班组"

    class State(models.TextChoices):
        PLANNED = "planned", "筹备中"
        RUNNING = "running", "进行中"
        RANKED = "ranked", "已排名"
        CANCELLED = "cancelled", "已取消"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    subject = models.CharField("参赛", max_length=6, choices=Subject)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    rules = models.TextField("规则", max_length=3000)
    lower_is_better = models.BooleanField("成绩越低越好", default=False)
    measured_in = models.CharField("成绩单位", max_length=10, default="分")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField("取消原因", max_length=200, blank=True)
    created_by = models.ForeignKey(USER, verbose_name="组织人", on_delete=models.PROTECT, related_name="+")
    ranked_at = models.DateTimeField("排名时间", null=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = "竞赛"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="activities_contest_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="activities_contest_cancelled_has_reason"
            ),
        ]

    def __str__(self):
        return self.name


class Entrant(models.Model):
    """参赛者:a person or a team in a contest, the score (hundredths) and, once ranked, the rank and the honour."""

    contest = models.ForeignKey(Contest, verbose_name="竞赛", on_delete=models.PROTECT, related_name="entrants")
    user = models.ForeignKey(
        USER, verbose_name="个人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    score = models.BigIntegerField("成绩", null=True, blank=True)
    rank = models.PositiveSmallIntegerField("名次", null=True)
    honour = models.OneToOneField(Honour, verbose_name="荣誉", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["contest_id", "rank", "id"]
        verbose_name = "参赛者"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, team__isnull=False) | Q(user__isnull=False, team__isnull=True),
                name="activities_entrant_person_or_team",
            ),
            models.UniqueConstraint(
                fields=["contest", "user"], condition=Q(user__isnull=False), name="activities_entrant_user_once"
            ),
            models.UniqueConstraint(
                fields=["contest", "team"], condition=Q(team__isnull=False), name="activities_entrant_team_once"
            ),
        ]

    def __str__(self):
        return str(self.user or self.team)
