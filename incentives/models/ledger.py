from django.conf import settings
from django.db import models
from django.db.models import F, Q

from teams.models import Team
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class Account(models.Model):
    """账户:where fen lie. `code` is unique: the kind alone, or with its owner: "company", "pool:<team>", "member:<user>"."""

    KINDS = {
        "company": "公司奖金",
        "payroll": "已发放",
        "spent": "已支出",
        "pool": "待分配奖金",
        "reserve": "奖金留存",
        "fund": "班组费用",
        "member": "个人账户",
    }

    code = models.CharField("代码", max_length=40, unique=True)
    team = models.ForeignKey(Team, verbose_name="班组", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, verbose_name="人员", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "账户"

    def __str__(self):
        owner = self.team or self.user
        return f"{owner} {self.kind_name}" if owner else self.kind_name

    @property
    def kind(self):
        """What the account is for, a key of KINDS."""
        return self.code.partition(":")[0]

    @property
    def kind_name(self):
        """What people call this kind of account; a kind nobody named is called by its code."""
        return self.KINDS.get(self.kind, self.kind)


class Transaction(models.Model):
    """账目:one business event in the ledger. Append-only. `source` is its idempotency key: posted twice, it is one.

    Create through incentives.services.ledger only; a mistake is reversed (at most once), never edited.
    """

    source = models.CharField("来源", max_length=80, unique=True)
    period = models.PositiveIntegerField("月份")
    memo = models.CharField("摘要", max_length=200)
    reverses = models.OneToOneField(
        "self", verbose_name="冲销", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    posted_by = models.ForeignKey(USER, verbose_name="入账人", null=True, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField("入账时间", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "账目"
        constraints = [models.CheckConstraint(**period_check("incentives_transaction_period_valid"))]

    def __str__(self):
        return self.memo


class Entry(models.Model):
    """分录:`amount` fen move from one account to another. Append-only.

    Each row takes from one account what it gives to another, so every transaction is zero-sum by construction
    (docs/decisions/002-entries-with-two-sides.md).
    """

    transaction = models.ForeignKey(Transaction, verbose_name="账目", on_delete=models.PROTECT, related_name="entries")
    source_account = models.ForeignKey(Account, verbose_name="转出", on_delete=models.PROTECT, related_name="outgoing")
    target_account = models.ForeignKey(Account, verbose_name="转入", on_delete=models.PROTECT, related_name="incoming")
    amount = models.BigIntegerField("金额")

    class Meta:
        verbose_name = "分录"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="incentives_entry_amount_positive"),
            models.CheckConstraint(
                condition=~Q(source_account=F("target_account")), name="incentives_entry_two_accounts"
            ),
            models.UniqueConstraint(
                fields=["transaction", "source_account", "target_account"], name="incentives_entry_once_per_pair"
            ),
        ]

    def __str__(self):
        return f"{self.source_account} → {self.target_account} {self.amount / 100:.2f} 元"
