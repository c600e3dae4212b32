import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from teams.models import Team, Unit

USER = settings.AUTH_USER_MODEL


class Appraisal(models.Model):
    """班组长测评:one round in one unit and all below it. Weights are percent and add up to 100.

    `items` are [name, text, points (hundredths)], copied from a preset when the round is opened; all three sides rate the
    same items. Open until it is closed; then every leader's result stands.
    """

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        CLOSED = "closed", "已结束"
        CANCELLED = "cancelled", "已取消"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=60)
    opens_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    items = models.JSONField("测评项目")
    weight_self = models.PositiveIntegerField("自评占比", default=20)
    weight_members = models.PositiveIntegerField("民主测评占比", default=40)
    weight_superior = models.PositiveIntegerField("上级评价占比", default=40)
    least_answers = models.PositiveIntegerField("最少几份测评才显示", default=3)
    grades = models.JSONField("等级线")
    lowest_grade = models.CharField("最低等级", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(USER, verbose_name="发起人", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("发起时间", auto_now_add=True)
    closed_by = models.ForeignKey(USER, verbose_name="结束人", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        ordering = ["-opens_on", "-id"]
        verbose_name = "班组长测评"
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_self=100 - F("weight_members") - F("weight_superior")),
                name="assessments_appraisal_weights",
                violation_error_message="三项占比加起来要等于 100%。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("opens_on")), name="assessments_appraisal_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(least_answers__gte=3), name="assessments_appraisal_anonymous"),
        ]

    def __str__(self):
        return f"{self.unit} {self.title}"

    @property
    def has_begun(self):
        """Whether it is open and its first day is here: from then on superiors answer."""
        return self.state == self.State.OPEN and timezone.localdate() >= self.opens_on

    @property
    def is_past(self):
        """Whether its last day is over."""
        return timezone.localdate() > self.ends_on

    @property
    def is_asking(self):
        """Whether leaders and members can answer today."""
        return self.has_begun and not self.is_past


class LeaderAppraisal(models.Model):
    """受评班组长:one leader in a round. Scores are hundredths of 100; the last four fields stand once the round is closed.

    `own_scores` and `superior_scores` are one number (hundredths) an item, empty until given.
    """

    appraisal = models.ForeignKey(Appraisal, verbose_name="测评", on_delete=models.PROTECT, related_name="leaders")
    leader = models.ForeignKey(USER, verbose_name="班组长", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    own_scores = models.JSONField("自评", default=list)
    own_words = models.CharField("自我总结", max_length=500, blank=True)
    superior_scores = models.JSONField("上级评价", default=list)
    superior_words = models.CharField("上级意见", max_length=500, blank=True)
    superior = models.ForeignKey(USER, verbose_name="评价人", null=True, on_delete=models.PROTECT, related_name="+")
    by_self = models.PositiveIntegerField("自评得分", null=True)
    by_members = models.PositiveIntegerField("民主测评得分", null=True)
    by_superior = models.PositiveIntegerField("上级评价得分", null=True)
    total = models.PositiveIntegerField("总分", null=True)
    grade = models.CharField("等级", max_length=20, blank=True)

    class Meta:
        ordering = ["team__unit__position", "team__position", "id"]
        verbose_name = "受评班组长"
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "leader"], name="assessments_leaderappraisal_once"),
            models.CheckConstraint(
                condition=Q(superior__isnull=True) | ~Q(superior=F("leader")),
                name="assessments_leaderappraisal_superior_is_another",
            ),
        ]

    def __str__(self):
        return f"{self.appraisal} {self.leader}"


class Ballot(models.Model):
    """民主测评票:what somebody answered about a leader. Nothing in it tells who, nor when: no person, no time, a random key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(LeaderAppraisal, verbose_name="受评人", on_delete=models.PROTECT, related_name="ballots")
    scores = models.JSONField("评分")
    words = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "民主测评票"

    def __str__(self):
        return str(self.id)


class BallotGiven(models.Model):
    """已投票:that somebody has answered about a leader, so that nobody answers twice; not what."""

    about = models.ForeignKey(LeaderAppraisal, verbose_name="受评人", on_delete=models.PROTECT, related_name="given")
    user = models.ForeignKey(USER, verbose_name="投票人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "已投票"
        constraints = [models.UniqueConstraint(fields=["about", "user"], name="assessments_ballotgiven_once")]

    def __str__(self):
        return f"{self.user} {self.about}"
