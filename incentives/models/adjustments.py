from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bulletins.models import Objection
from incentives.models.proposals import Proposal
from teams import periods
from teams.figures import yuan_text
from teams.models import Attachment, Team, Unit
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL
MOST = 10**9
"""Ten million yuan in fen, the most that anything on this page comes to."""


class Clause(models.Model):
    """奖罚条款:one line of a unit's price list: what is awarded or deducted for what, in fen. Ended, never rewritten."""

    class Kind(models.TextChoices):
        AWARD = "award", "奖"
        DEDUCTION = "deduction", "罚"

    unit = models.ForeignKey(Unit, verbose_name="适用单位", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("编号", max_length=10)
    name = models.CharField("条款", max_length=100)
    kind = models.CharField("奖罚", max_length=10, choices=Kind)
    least = models.BigIntegerField("最少")
    most = models.BigIntegerField("最多")
    note = models.CharField("说明", max_length=200, blank=True)
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "code"]
        verbose_name = "奖罚条款"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"],
                condition=Q(ended_on__isnull=True),
                name="incentives_clause_code_unique_in_unit",
                violation_error_message="这个编号已经用过了。",
            ),
            models.CheckConstraint(
                condition=Q(least__gt=0, most__gte=F("least"), most__lte=MOST), name="incentives_clause_amount_range"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def range_text(self):
        """What it costs or brings each time, in words."""
        amount = f"{yuan_text(self.least)} 元"
        return f"每次{self.get_kind_display()} {amount}" + (
            f"到 {yuan_text(self.most)} 元" if self.most > self.least else ""
        )


@dataclass(frozen=True)
class Remedy:
    """按异议更正:what stands for a clause where an upheld objection is the reason: no price list has what was miscounted."""

    objection: Objection
    kind: str
    least, most, ended_on = 1, MOST, None

    def __str__(self):
        return f"按异议 {self.objection.number} {'补发' if self.kind == Clause.Kind.AWARD else '扣回'}"

    def get_kind_display(self):
        """What people call an adjustment that rests on it."""
        return "更正"

    @property
    def range_text(self):
        """How much it may be, in words."""
        return f"最少 0.01 元，最多 {yuan_text(MOST)} 元"


class Adjustment(Proposal):
    """个人奖罚:an award above zero or a deduction below, in fen, with reason and evidence; never re-divided.

    It rests on a clause or on an upheld objection that it puts right, never on neither.

    One person proposes it, another one approves it, nobody for themselves. It counts in its month's distribution.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    LIVE = (State.PROPOSED, State.APPROVED)
    """States of those that count or may come to count."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, verbose_name="条款", null=True, on_delete=models.PROTECT, related_name="+")
    objection = models.ForeignKey(Objection, verbose_name="异议", null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField("金额")
    reason = models.CharField("事由", max_length=300)
    evidence = models.ManyToManyField(Attachment, verbose_name="凭据", related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)

    class Meta:
        ordering = ["-period", "user__employee_no", "id"]
        verbose_name = "个人奖罚"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="incentives_adjustment_not_zero"),
            models.CheckConstraint(
                condition=Q(clause__isnull=False, objection__isnull=True)
                | Q(clause__isnull=True, objection__isnull=False),
                name="incentives_adjustment_one_basis",
            ),
            models.UniqueConstraint(
                fields=["objection", "user"],
                condition=Q(state__in=["proposed", "approved"]),
                name="incentives_adjustment_once_per_objection",
                violation_error_message="这条异议已经给他更正过了。",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("proposed_by")),
                name="incentives_adjustment_not_for_oneself",
                violation_error_message="自己的奖罚由单位负责人提出。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("user"))),
                name="incentives_adjustment_two_people",
            ),
            models.CheckConstraint(**period_check("incentives_adjustment_period_valid")),
        ]
        indexes = [models.Index(fields=["team", "period"], name="incentives_adjustment_team_per")]

    def __str__(self):
        return f"{self.user}{periods.label(self.period)} {self.amount / 100:+.2f} 元"

    @property
    def basis(self):
        """What it rests on: its Clause, or the Remedy of its objection."""
        kind = Clause.Kind.AWARD if self.amount > 0 else Clause.Kind.DEDUCTION
        return self.clause if self.clause_id else Remedy(self.objection, kind)
