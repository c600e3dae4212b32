import re

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bulletins.models.bulletins import Bulletin
from teams.models import Attachment

USER = settings.AUTH_USER_MODEL
OF_TEAM, OF_UNIT = "班组的数", "单位的数"
"""Whose figures the facts of a board are."""
OF_ROW = re.compile(r"\d+:\w")
"""Begins the key of a figure in a row about nobody (see bulletins.objections.cells)."""


class Objection(models.Model):
    """异议:somebody holds that a cell of a board is wrong. Taken up within 3, answered within 15 working days.

    `row_user` is whose row it is about (None: a figure of the team), `column` the column's key or the fact's label, and
    `shown` the text that hung there. `number` names it where the decider may not see who filed it. An upheld one is
    corrected by a row of an upper floor, which `correction` names in words and `correction_url` leads to.
    """

    class State(models.TextChoices):
        FILED = "filed", "待受理"
        ACCEPTED = "accepted", "已受理"
        UPHELD = "upheld", "应当更正"
        KEPT = "kept", "维持"
        REFUSED = "refused", "不予受理"
        CORRECTED = "corrected", "已更正"
        WITHDRAWN = "withdrawn", "已撤回"

    OPEN = (State.FILED, State.ACCEPTED, State.UPHELD)
    RIGHT = (State.UPHELD, State.CORRECTED)
    """States of those that were right about the figure."""

    number = models.CharField("编号", max_length=20, unique=True)
    bulletin = models.ForeignKey(Bulletin, verbose_name="公告", on_delete=models.PROTECT, related_name="objections")
    row_user = models.ForeignKey(USER, verbose_name="谁的数", null=True, on_delete=models.PROTECT, related_name="+")
    column = models.CharField("哪一栏", max_length=60)
    label = models.CharField("栏目名", max_length=60)
    shown = models.CharField("榜上的数", max_length=200, blank=True)
    wanted = models.CharField("认为应当是", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=500)
    evidence = models.ManyToManyField(Attachment, verbose_name="凭据", related_name="+")
    anonymous = models.BooleanField("对审批人匿名", default=False)
    filed_by = models.ForeignKey(USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.FILED)
    accept_by = models.DateField("受理期限")
    answer_by = models.DateField("答复期限", null=True)
    decided_by = models.ForeignKey(USER, verbose_name="答复人", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("答复时间", null=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    correction = models.CharField("更正", max_length=200, blank=True)
    correction_url = models.CharField("更正的地方", max_length=200, blank=True)
    escalated_at = models.DateTimeField("催办时间", null=True)

    class Meta:
        ordering = ["-filed_at", "-id"]
        verbose_name = "异议"
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "row_user", "column", "filed_by"],
                condition=Q(state__in=["filed", "accepted", "upheld"]),
                name="bulletins_objection_one_open_per_cell",
                violation_error_message="这一格您已经提过异议，还在办。",
            ),
            models.UniqueConstraint(
                fields=["bulletin", "column", "filed_by"],
                condition=Q(row_user__isnull=True, state__in=["filed", "accepted", "upheld"]),
                name="bulletins_objection_one_open_per_figure",
                violation_error_message="这个数您已经提过异议，还在办。",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="bulletins_objection_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("filed_by")),
                name="bulletins_objection_two_people",
                violation_error_message="不能答复自己提的异议。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "kept", "refused", "corrected"])
                | (Q(decided_by__isnull=False) & ~Q(answer="")),
                name="bulletins_objection_decided_has_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="corrected") | ~Q(correction=""), name="bulletins_objection_corrected_is_linked"
            ),
        ]
        indexes = [models.Index(fields=["state", "accept_by"], name="bulletins_objection_state")]

    def __str__(self):
        return f"{self.number} {self.label}"

    @property
    def whose(self):
        """Whose figure it is about, in words; empty of a row about nobody, which the label names itself."""
        if self.row_user_id:
            return self.row_user.name
        return "" if OF_ROW.match(self.column) else OF_TEAM if self.bulletin.team_id else OF_UNIT

    @property
    def place(self):
        """Which figure it is about, in words."""
        return f"{self.whose} · {self.label}" if self.whose else self.label


class ObjectionSupport(models.Model):
    """附议:somebody else who holds the same."""

    objection = models.ForeignKey(Objection, verbose_name="异议", on_delete=models.PROTECT, related_name="supports")
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = "附议"
        constraints = [models.UniqueConstraint(fields=["objection", "user"], name="bulletins_objectionsupport_once")]

    def __str__(self):
        return f"{self.user} {self.objection}"


class ObjectionStep(models.Model):
    """异议经过:one step of an objection with who, when and what was said. Append-only."""

    objection = models.ForeignKey(Objection, verbose_name="异议", on_delete=models.PROTECT, related_name="steps")
    state = models.CharField("状态", max_length=10, choices=Objection.State)
    actor = models.ForeignKey(USER, verbose_name="经办人", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "异议经过"

    def __str__(self):
        return f"{self.objection} {self.get_state_display()}"
