from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incentives.models.ledger import Transaction
from incentives.models.proposals import Proposal
from teams import periods
from teams.models import Attachment, Team
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class Expense(Proposal):
    """班组费用:what the team fund or the reserve paid for. Proposed with its voucher, approved by another person, posted.

    amount (fen) = quantity (hundredths) × unit price (fen) / 100, rounded half up. A posted one is undone by a reversal in
    the open month. Source: columns of domain.md §6.3.
    """

    class Purse(models.TextChoices):
        FUND = "fund", "班组费用"
        RESERVE = "reserve", "奖金留存"

    class Subject(models.TextChoices):
        MATERIAL = "material", "材料"
        SPARE = "spare", "备件"
        LOW_VALUE = "low_value", "低值易耗"
        OFFICE = "office", "办公"
        ACTIVITY = "activity", "活动"
        COMFORT = "comfort", "慰问"
        AWARD = "award", "奖励"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审批"
        APPROVED = "approved", "已入账"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"
        REVERSED = "reversed", "已冲销"

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    purse = models.CharField("出处", max_length=10, choices=Purse, default=Purse.FUND)
    period = models.PositiveIntegerField("月份")
    date = models.DateField("日期")
    subject = models.CharField("科目", max_length=10, choices=Subject)
    reason = models.CharField("事由", max_length=200)
    quantity = models.PositiveIntegerField("数量", default=100)
    unit_price = models.BigIntegerField("单价")
    amount = models.BigIntegerField("金额")
    handler = models.ForeignKey(USER, verbose_name="经办人", on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(USER, verbose_name="证明人", on_delete=models.PROTECT, related_name="+")
    paid_to = models.ForeignKey(
        USER, verbose_name="发给", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    vouchers = models.ManyToManyField(Attachment, verbose_name="凭证", related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("登记时间", auto_now_add=True)
    posting = models.OneToOneField(
        Transaction, verbose_name="账目", null=True, on_delete=models.PROTECT, related_name="expense"
    )

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = "班组费用"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gt=0, amount__gt=0, amount__lte=10**9),
                name="incentives_expense_amount_range",
            ),
            models.CheckConstraint(
                condition=~Q(handler=F("witness")),
                name="incentives_expense_witness_is_another",
                violation_error_message="经办人和证明人要是两个人。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("handler"))),
                name="incentives_expense_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "reversed"]) | Q(posting__isnull=False),
                name="incentives_expense_approved_is_posted",
            ),
            models.CheckConstraint(**period_check("incentives_expense_period_valid")),
        ]
        indexes = [models.Index(fields=["team", "period"], name="incentives_expense_team_period")]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.reason} {self.amount / 100:.2f} 元"
