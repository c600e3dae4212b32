import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from activities.models.kinds import ActivityKind
from teams.models import Attachment, Team, Unit
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class ActivityQuerySet(models.QuerySet):
    def valid(self):
        """Records that count: kept, not voided, not replaced by a correction."""
        return self.filter(state=Activity.State.KEPT)


class Activity(models.Model):
    """活动记录:what a team or a unit did on a day, by the fields of its kind as they were then.

    `date` is when it happened, `entered_at` when it was written down. `counts_in` is the month in which it counts: its own
    or, once that is closed, the first open one; `points` (hundredths) are what it earns its team then. A record whose
    month is closed is not edited but corrected: a further record names it (`corrects`), and it is replaced.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        KEPT = "kept", "已登记"
        REPLACED = "replaced", "已更正"
        VOIDED = "voided", "已作废"

    kind = models.ForeignKey(ActivityKind, verbose_name="种类", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("主题", max_length=100)
    date = models.DateField("日期")
    shift = models.CharField("班次", max_length=10, blank=True)
    place = models.CharField("地点", max_length=60, blank=True)
    host = models.ForeignKey(
        USER, verbose_name="主持人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    period = models.PositiveIntegerField("月份")
    counts_in = models.PositiveIntegerField("计入月份")
    fields = models.JSONField("栏目", default=list)
    values = models.JSONField("内容", default=dict)
    minutes = models.TextField("记录", max_length=5000, blank=True)
    hours = models.PositiveIntegerField("学时", default=0)
    points = models.PositiveIntegerField("加分", default=0)
    privacy = models.CharField("谁能看", max_length=12, choices=ActivityKind.Privacy)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    source = models.UUIDField("来源", default=uuid.uuid4, unique=True)
    recorded_by = models.ForeignKey(USER, verbose_name="记录人", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)
    edited_at = models.DateTimeField("最近修改", null=True)
    corrects = models.OneToOneField(
        "self", verbose_name="更正的记录", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    reason = models.CharField("更正或作废原因", max_length=200, blank=True)
    sign_in_key = models.UUIDField("签到码", null=True, unique=True)
    sign_in_until = models.DateTimeField("签到截止", null=True)
    photos = models.ManyToManyField(Attachment, verbose_name="照片和附件", related_name="+")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = "活动记录"
        verbose_name_plural = "活动记录"
        constraints = [
            models.CheckConstraint(**period_check("activities_activity_period_valid")),
            models.CheckConstraint(
                condition=Q(counts_in__gte=F("period")), name="activities_activity_never_counts_earlier"
            ),
            models.CheckConstraint(condition=Q(hours__lte=10000), name="activities_activity_hours_range"),
            models.CheckConstraint(
                condition=Q(points=0) | Q(points__lte=10000, team__isnull=False) & ~Q(privacy="confidential"),
                name="activities_activity_points_of_a_team",
            ),
            models.CheckConstraint(
                condition=~Q(state="voided") | ~Q(reason=""),
                name="activities_activity_voided_has_reason",
                violation_error_message="作废要写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="activities_activity_correction_has_reason",
                violation_error_message="更正要写明原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "counts_in"], name="activities_activity_team"),
            models.Index(fields=["unit", "counts_in"], name="activities_activity_unit"),
            models.Index(fields=["kind", "date"], name="activities_activity_kind"),
        ]

    def __str__(self):
        return f"{self.kind} {self.date}"


class Participant(models.Model):
    """参加人:who took part in an activity, in which part, and how that is known."""

    class Part(models.TextChoices):
        MEMBER = "member", "参加"
        SPEAKER = "speaker", "主讲"
        SUBJECT = "subject", "当事人"

    class How(models.TextChoices):
        TICKED = "ticked", "点名"
        SIGNED = "signed", "本人签到"

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(USER, verbose_name="参加人", on_delete=models.PROTECT, related_name="+")
    part = models.CharField("身份", max_length=10, choices=Part, default=Part.MEMBER)
    how = models.CharField("方式", max_length=10, choices=How, default=How.TICKED)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["activity_id", "id"]
        verbose_name = "参加人"
        verbose_name_plural = "参加人"
        constraints = [models.UniqueConstraint(fields=["activity", "user"], name="activities_participant_once")]
        indexes = [models.Index(fields=["user"], name="activities_participant_user")]

    def __str__(self):
        return f"{self.user} {self.get_part_display()}"


class Resolution(models.Model):
    """议题与决议:a topic of a meeting, how many were for and against, and what was resolved."""

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.CASCADE, related_name="resolutions")
    topic = models.CharField("议题", max_length=200)
    agreed = models.PositiveSmallIntegerField("同意", default=0)
    opposed = models.PositiveSmallIntegerField("反对", default=0)
    abstained = models.PositiveSmallIntegerField("弃权", default=0)
    text = models.CharField("决议", max_length=500)

    class Meta:
        ordering = ["activity_id", "id"]
        verbose_name = "决议"

    def __str__(self):
        return self.topic


class FollowUp(models.Model):
    """跟进事项:what somebody has to do by a day after an activity; done with a word on how it went, or dropped with a reason."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        DONE = "done", "已完成"
        DROPPED = "dropped", "不再办"

    activity = models.ForeignKey(Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="follow_ups")
    text = models.CharField("事项", max_length=200)
    owner = models.ForeignKey(USER, verbose_name="负责人", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("完成日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField("结果", max_length=200, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(USER, verbose_name="办结人", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "跟进事项"
        verbose_name_plural = "跟进事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="activities_followup_ended_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(outcome=""), name="activities_followup_dropped_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"], name="activities_followup_owner")]

    def __str__(self):
        return self.text
