from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Team, Unit
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class DutyRule(models.Model):
    """任务规则:whether a kind of duty is asked of a unit and all below it, and how many working days of grace it has.

    The kinds, their cadence and their defaults are declared in activities/duties.py; a row here overrides a default.
    """

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("任务", max_length=30)
    is_on = models.BooleanField("启用", default=True)
    grace_days = models.PositiveIntegerField("宽限（工作日）", default=0)

    class Meta:
        ordering = ["unit_id", "kind"]
        verbose_name = "任务规则"
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind"], name="activities_dutyrule_one_per_unit_and_kind"),
            models.CheckConstraint(condition=Q(grace_days__lte=30), name="activities_dutyrule_grace_range"),
        ]

    def __str__(self):
        return f"{self.unit} {self.kind}"


class Duty(models.Model):
    """待办:something due from a team (or one person of it) between two days; done by doing the thing itself.

    `source` says what it is about and makes raising it repeatable, e.g. "self_check:12:2026-10-05". After `grace_until`
    it counts as missed; done between `due_on` and then, as late.
    """

    WITHDRAWN = "不用办了："
    """Begins the reason of what was waived because the thing itself is gone: nobody can ask for it again."""

    class State(models.TextChoices):
        OPEN = "open", "待办"
        DONE = "done", "已完成"
        LATE = "late", "迟办"
        MISSED = "missed", "没有办"
        WAIVED = "waived", "免办"

    kind = models.CharField("任务", max_length=30)
    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    title = models.CharField("事项", max_length=200)
    opens_on = models.DateField("开始日期")
    due_on = models.DateField("截止日期")
    grace_until = models.DateField("宽限到")
    source = models.CharField("来源", max_length=80, unique=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    done_at = models.DateTimeField("完成时间", null=True)
    done_by = models.ForeignKey(USER, verbose_name="完成人", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("免办原因", max_length=200, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "待办"
        verbose_name_plural = "待办"
        constraints = [
            models.CheckConstraint(**period_check("activities_duty_period_valid")),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")) & Q(grace_until__gte=F("due_on")),
                name="activities_duty_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "late"]) | Q(done_at__isnull=False),
                name="activities_duty_done_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(reason=""), name="activities_duty_waived_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "period"], name="activities_duty_team_period"),
            models.Index(fields=["state", "due_on"], name="activities_duty_state_due"),
        ]

    def __str__(self):
        return f"{self.team} {self.title}"

    @property
    def is_withdrawn(self):
        """Whether the thing itself is gone."""
        return self.reason.startswith(self.WITHDRAWN)
