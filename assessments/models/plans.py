from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.checks import Check
from assessments.models.standards import Standard
from teams.models import Team, Unit

USER = settings.AUTH_USER_MODEL


class ItemOwner(models.Model):
    """小项责任人(事事有人管):who in a team answers for one line of its standard; holds for every version of it."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    standard = models.ForeignKey(Standard, verbose_name="标准", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("小项编号", max_length=10)
    user = models.ForeignKey(USER, verbose_name="责任人", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]
        verbose_name = "小项责任人"
        constraints = [
            models.UniqueConstraint(fields=["team", "standard", "code"], name="assessments_itemowner_one_per_item")
        ]

    def __str__(self):
        return f"{self.team} {self.code} {self.user}"


class CheckPlan(models.Model):
    """检查安排:a check of a team that is to be made: a cross-check by another team, or a spot check on a day drawn by lot.

    Those who are checked see it from `shown_from` on, a spot check on its day only.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "待检查"
        DONE = "done", "已检查"
        MISSED = "missed", "没有检查"
        CANCELLED = "cancelled", "已取消"

    unit = models.ForeignKey(Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, verbose_name="被查班组", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("检查类型", max_length=10, choices=Check.Kind)
    by_team = models.ForeignKey(Team, verbose_name="检查班组", null=True, on_delete=models.PROTECT, related_name="+")
    due_from = models.DateField("起始日期")
    due_on = models.DateField("截止日期")
    shown_from = models.DateField("公开日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    check_made = models.OneToOneField(
        Check, verbose_name="检查", null=True, on_delete=models.PROTECT, related_name="plan"
    )
    drawn_by = models.ForeignKey(USER, verbose_name="安排人", null=True, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField("安排时间", auto_now_add=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "检查安排"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "kind", "due_on"],
                condition=~Q(state="cancelled"),
                name="assessments_checkplan_one_a_day",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("due_from")), name="assessments_checkplan_days_in_order"),
            models.CheckConstraint(
                condition=Q(by_team__isnull=True) | ~Q(by_team=F("team")),
                name="assessments_checkplan_not_by_itself",
                violation_error_message="互查不能查自己的班组。",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(check_made__isnull=False), name="assessments_checkplan_done_has_check"
            ),
        ]
        indexes = [models.Index(fields=["unit", "due_on"], name="assessments_plan_unit_due")]

    def __str__(self):
        return f"{self.team} {self.get_kind_display()} {self.due_on}"
