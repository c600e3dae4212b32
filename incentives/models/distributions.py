from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models import MonthClose
from incentives.models.pools import Pool
from incentives.models.rules import BonusRuleVersion
from teams import periods
from teams.models import Team
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class Distribution(models.Model):
    """奖金分配:a pool divided by a rule version over frozen inputs. Drafted, proposed, approved by another person, posted,
    settled once the payroll has paid it.

    `amount` is the pool; `reserve` of it (fen) was set aside by the rule and belongs to the team's reserve.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "拟定中"
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        POSTED = "posted", "已入账"
        SETTLED = "settled", "已发放"

    IN_LEDGER = (State.POSTED, State.SETTLED)
    """States in which the amounts stand in the ledger, can be posted on boards and are everybody's own."""
    SHOWN = (State.PROPOSED, State.APPROVED, *IN_LEDGER)
    """States in which members see what they shall get."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    pool = models.OneToOneField(Pool, verbose_name="奖金总额", on_delete=models.PROTECT, related_name="distribution")
    close = models.ForeignKey(MonthClose, verbose_name="月结", on_delete=models.PROTECT, related_name="+")
    rule_version = models.ForeignKey(BonusRuleVersion, verbose_name="办法", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    amount = models.BigIntegerField("分配金额")
    reserve = models.BigIntegerField("留存", default=0)
    parts = models.JSONField("各部分金额")
    inputs_hash = models.CharField("输入指纹", max_length=64)
    question = models.CharField("退回意见", max_length=300, blank=True)
    drafted_by = models.ForeignKey(USER, verbose_name="拟定人", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("拟定时间")
    proposed_by = models.ForeignKey(USER, verbose_name="提交人", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提交时间", null=True)
    approved_by = models.ForeignKey(USER, verbose_name="批准人", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField("批准时间", null=True)
    posted_by = models.ForeignKey(USER, verbose_name="入账人", null=True, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField("入账时间", null=True)
    settled_by = models.ForeignKey(USER, verbose_name="发放人", null=True, on_delete=models.PROTECT, related_name="+")
    settled_on = models.DateField("发放日期", null=True)
    settled_note = models.CharField("发放说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "奖金分配"
        constraints = [
            models.UniqueConstraint(fields=["team", "period"], name="incentives_distribution_one_per_team_month"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="incentives_distribution_two_people",
                violation_error_message="拟定人不能批准自己拟定的分配。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="incentives_distribution_proposer_is_another",
                violation_error_message="提交人不能批准自己提交的分配。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"]) | Q(approved_at__isnull=False),
                name="incentives_distribution_approved_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_on__isnull=False),
                name="incentives_distribution_settled_dated",
            ),
            models.CheckConstraint(condition=Q(reserve__gte=0), name="incentives_distribution_reserve_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=["posted", "settled"]) | Q(posted_at__isnull=False),
                name="incentives_distribution_posted_dated",
            ),
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.get_state_display()}"

    @property
    def shared(self):
        """What went to the members, in fen."""
        return self.amount - self.reserve

    @property
    def returned(self):
        """Whether it is back with the leader, to be drawn up again."""
        return self.state == self.State.DRAFT and bool(self.question)

    @property
    def seen(self):
        """What a page shows, in short: a form carries it back, so that nobody settles what they have not seen."""
        return f"{self.pk}:{self.inputs_hash}"


class DistributionLine(models.Model):
    """分配明细:one member's inputs and amount (fen). `parts` maps a part's key to its fen; frozen from approval on.

    payable = amount + adjusted + carried_in + carried_out: personal awards and deductions, what an earlier month left over
    below zero (never above), and what is left over for the next one so that nobody's payable is below zero.
    """

    distribution = models.ForeignKey(
        Distribution, verbose_name="奖金分配", on_delete=models.PROTECT, related_name="lines"
    )
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    coefficient = models.PositiveIntegerField("岗位系数")
    days = models.PositiveIntegerField("出勤天数")
    hours = models.PositiveIntegerField("工时")
    score = models.PositiveIntegerField("个人得分")
    parts = models.JSONField("各部分金额")
    amount = models.BigIntegerField("分配所得")
    adjusted = models.BigIntegerField("奖罚", default=0)
    carried_in = models.BigIntegerField("上月结转", default=0)
    carried_out = models.BigIntegerField("结转下月", default=0)
    payable = models.GeneratedField(
        verbose_name="应得",
        expression=F("amount") + F("adjusted") + F("carried_in") + F("carried_out"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["user__employee_no"]
        verbose_name = "分配明细"
        constraints = [
            models.UniqueConstraint(fields=["distribution", "user"], name="incentives_distributionline_one_per_member"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, payable__gte=0), name="incentives_distributionline_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(carried_in__lte=0, carried_out__gte=0), name="incentives_distributionline_carries_debts"
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.amount / 100:.2f} 元"

    @property
    def beside(self):
        """What is paid besides the share, or taken off it, in fen: awards, deductions and debts."""
        return self.payable - self.amount

    @property
    def carried(self):
        """The debts brought in and carried on, in fen: below zero when the month pays for an earlier one."""
        return self.carried_in + self.carried_out

    @property
    def levelled(self):
        """What caps, floor and the rule about the leader added to the parts or took from them, in fen."""
        return self.amount - sum(self.parts.values())


class Exclusion(models.Model):
    """不参加分配:somebody of the team who has no part in a month's pool, with the reason (试用期、长期外派、劳务派遣 …)."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    recorded_by = models.ForeignKey(USER, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        ordering = ["user__employee_no"]
        verbose_name = "不参加分配"
        constraints = [
            models.UniqueConstraint(fields=["team", "period", "user"], name="incentives_exclusion_once"),
            models.CheckConstraint(**period_check("incentives_exclusion_period_valid")),
        ]

    def __str__(self):
        return f"{self.user}{periods.label(self.period)} {self.reason}"


class SignOff(models.Model):
    """会签:a member's word on a proposed distribution: agrees, or objects with a reason. Said once; on paper if `kept_by`."""

    distribution = models.ForeignKey(
        Distribution, verbose_name="奖金分配", on_delete=models.CASCADE, related_name="sign_offs"
    )
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField("同意")
    reason = models.CharField("理由", max_length=300, blank=True)
    kept_by = models.ForeignKey(USER, verbose_name="代为登记", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["user__employee_no"]
        verbose_name = "会签"
        constraints = [
            models.UniqueConstraint(fields=["distribution", "user"], name="incentives_signoff_once"),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(reason=""),
                name="incentives_signoff_objection_has_reason",
                violation_error_message="不同意要写明理由。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {'同意' if self.agrees else '不同意'}"
