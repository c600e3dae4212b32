from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Team, Unit

USER = settings.AUTH_USER_MODEL


class Goal(models.Model):
    """目标:what a company, a team or a person wants to reach, under a goal of the level above it. Figures are hundredths.

    `figure` names a real figure that progress is read from (the floor above supplies it); without one people enter it.
    """

    class Horizon(models.TextChoices):
        LONG = "long", "长远目标"
        SHORT = "short", "短期目标"

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        REACHED = "reached", "已达到"
        MISSED = "missed", "没有达到"
        DROPPED = "dropped", "已取消"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        Team, verbose_name="班组", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        USER, verbose_name="个人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    parent = models.ForeignKey(
        "self", verbose_name="支撑的上级目标", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    horizon = models.CharField("期限", max_length=5, choices=Horizon)
    title = models.CharField("目标", max_length=100)
    measure = models.CharField("衡量指标", max_length=60)
    measured_in = models.CharField("计量单位", max_length=10, blank=True)
    figure = models.CharField("取数", max_length=30, blank=True)
    lower_is_better = models.BooleanField("越低越好", default=False)
    baseline = models.BigIntegerField("起点值", null=True, blank=True)
    target = models.BigIntegerField("目标值")
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField("总结", max_length=300, blank=True)
    created_by = models.ForeignKey(USER, verbose_name="建立人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "目标"
        verbose_name_plural = "目标"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("starts_on")),
                name="activities_goal_days_in_order",
                violation_error_message="完成日期要在开始日期之后。",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(user__isnull=True), name="activities_goal_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(outcome=""),
                name="activities_goal_ended_has_outcome",
                violation_error_message="结束目标要写总结。",
            ),
        ]
        indexes = [models.Index(fields=["team", "state"], name="activities_goal_team")]

    def __str__(self):
        return self.title


class GoalMeasure(models.Model):
    """措施:what somebody does towards a goal by a day."""

    goal = models.ForeignKey(Goal, verbose_name="目标", on_delete=models.PROTECT, related_name="measures")
    text = models.CharField("措施", max_length=200)
    owner = models.ForeignKey(USER, verbose_name="负责人", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("完成日期")
    done_on = models.DateField("实际完成", null=True, blank=True)
    outcome = models.CharField("完成情况", max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "措施"

    def __str__(self):
        return self.text


class GoalProgress(models.Model):
    """进展:the value of a goal's measure on a day (hundredths), entered or read from the real figure. Append-only."""

    goal = models.ForeignKey(Goal, verbose_name="目标", on_delete=models.PROTECT, related_name="progress")
    date = models.DateField("日期")
    value = models.BigIntegerField("值")
    note = models.CharField("说明", max_length=200, blank=True)
    entered_by = models.ForeignKey(USER, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        ordering = ["goal_id", "date", "id"]
        verbose_name = "进展"

    def __str__(self):
        return f"{self.date} {self.value / 100:g}"
