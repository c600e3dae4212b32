from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.checks import Finding
from teams.models import Attachment, Team

USER = settings.AUTH_USER_MODEL


class Rectification(models.Model):
    """整改:what becomes of a finding: 待分配 → 待整改 → 待复核 → 已闭环. A refusal of the result returns it with a reason."""

    class State(models.TextChoices):
        UNASSIGNED = "unassigned", "待分配"
        ASSIGNED = "assigned", "待整改"
        REPORTED = "reported", "待复核"
        CLOSED = "closed", "已闭环"

    finding = models.OneToOneField(
        Finding, verbose_name="检查发现", on_delete=models.PROTECT, related_name="rectification"
    )
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.UNASSIGNED)
    due_on = models.DateField("整改期限")
    assignee = models.ForeignKey(USER, verbose_name="整改人", null=True, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField("整改情况", max_length=500, blank=True)
    reported_by = models.ForeignKey(USER, verbose_name="报告人", null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField("报告时间", null=True)
    closed_by = models.ForeignKey(USER, verbose_name="复核人", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("闭环时间", null=True)

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "整改"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unassigned") | Q(assignee__isnull=False),
                name="assessments_rectification_somebody_does_it",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["unassigned", "assigned"]) | Q(reported_at__isnull=False),
                name="assessments_rectification_reported_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (
                    Q(closed_by__isnull=True)
                    | (~Q(closed_by=models.F("reported_by")) & ~Q(closed_by=models.F("assignee")))
                ),
                name="assessments_rectification_two_people",
                violation_error_message="整改的人不能自己复核。",
            ),
        ]
        indexes = [models.Index(fields=["team", "state"], name="assessments_rectif_team_state")]

    def __str__(self):
        return f"{self.finding} {self.get_state_display()}"


class RectificationStep(models.Model):
    """整改经过:one step of a rectification, with its words. Append-only."""

    rectification = models.ForeignKey(
        Rectification, verbose_name="整改", on_delete=models.PROTECT, related_name="steps"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(USER, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField("步骤", max_length=20)
    note = models.CharField("说明", max_length=500, blank=True)
    photos = models.ManyToManyField(Attachment, verbose_name="整改后照片", related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = "整改经过"

    def __str__(self):
        return f"{self.rectification_id} {self.verb}"


class Statement(models.Model):
    """情况说明:what the person named by a finding says to it, once. Append-only."""

    finding = models.OneToOneField(Finding, verbose_name="检查发现", on_delete=models.PROTECT, related_name="statement")
    person = models.ForeignKey(USER, verbose_name="本人", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("说明", max_length=500)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "情况说明"

    def __str__(self):
        return self.text
