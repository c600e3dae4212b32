from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models import MonthClose
from teams import periods
from teams.models import Team, Unit
from teams.periods import FIRST, LAST, period_check

USER = settings.AUTH_USER_MODEL


class BonusRule(models.Model):
    """分配办法:how a team's pool is divided; its content lives in versions."""

    unit = models.ForeignKey(Unit, verbose_name="适用单位", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = "分配办法"
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="incentives_bonusrule_name_unique_in_unit")
        ]

    def __str__(self):
        return self.name


class BonusRuleVersion(models.Model):
    """办法版本:data, never an expression (incentives.rules reads `definition`). Frozen once a distribution used it."""

    class State(models.TextChoices):
        DRAFT = "draft", "草案"
        IN_FORCE = "in_force", "执行中"
        FROZEN = "frozen", "已冻结"

    rule = models.ForeignKey(BonusRule, verbose_name="办法", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    in_force_from = models.PositiveIntegerField("执行月份", null=True)
    definition = models.JSONField("内容")

    class Meta:
        ordering = ["rule_id", "-number"]
        verbose_name = "办法版本"
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="incentives_bonusruleversion_number_unique"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(in_force_from__gte=FIRST, in_force_from__lte=LAST),
                name="incentives_bonusruleversion_in_force_has_month",
            ),
        ]

    def __str__(self):
        return f"{self.rule} 第 {self.number} 版"


class Pool(models.Model):
    """奖金总额:what a team has to divide for a month, in fen."""

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    amount = models.BigIntegerField("奖金总额")
    set_by = models.ForeignKey(USER, verbose_name="下达人", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("下达时间", auto_now=True)

    class Meta:
        verbose_name = "奖金总额"
        constraints = [
            models.UniqueConstraint(fields=["team", "period"], name="incentives_pool_one_per_team_month"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=10**12),
                name="incentives_pool_amount_range",
                violation_error_message="奖金总额必须大于 0。",
            ),
            models.CheckConstraint(**period_check("incentives_pool_period_valid")),
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.amount / 100:.2f} 元"


class Distribution(models.Model):
    """奖金分配:a pool divided by a rule version over frozen inputs. Draft, approved by another person, posted."""

    class State(models.TextChoices):
        DRAFT = "draft", "待批准"
        APPROVED = "approved", "已批准"
        POSTED = "posted", "已入账"

    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    period = models.PositiveIntegerField("月份")
    pool = models.OneToOneField(Pool, verbose_name="奖金总额", on_delete=models.PROTECT, related_name="distribution")
    close = models.ForeignKey(MonthClose, verbose_name="月结", on_delete=models.PROTECT, related_name="+")
    rule_version = models.ForeignKey(BonusRuleVersion, verbose_name="办法", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    amount = models.BigIntegerField("分配金额")
    parts = models.JSONField("各部分金额")
    inputs_hash = models.CharField("输入指纹", max_length=64)
    question = models.CharField("退回意见", max_length=300, blank=True)
    drafted_by = models.ForeignKey(USER, verbose_name="拟定人", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("拟定时间")
    approved_by = models.ForeignKey(USER, verbose_name="批准人", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField("批准时间", null=True)
    posted_by = models.ForeignKey(USER, verbose_name="入账人", null=True, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField("入账时间", null=True)

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
                condition=Q(state="draft") | Q(approved_at__isnull=False), name="incentives_distribution_approved_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(posted_at__isnull=False), name="incentives_distribution_posted_dated"
            ),
        ]

    def __str__(self):
        return f"{self.team}{periods.label(self.period)} {self.get_state_display()}"

    @property
    def returned(self):
        """Whether it is back with the leader, to be drawn up again."""
        return self.state == self.State.DRAFT and bool(self.question)

    @property
    def seen(self):
        """What a page shows, in short: a form carries it back, so that nobody settles what they have not seen."""
        return f"{self.pk}:{self.inputs_hash}"


class DistributionLine(models.Model):
    """分配明细:one member's inputs and amount (fen). `parts` maps a part's key to its fen; frozen from approval on."""

    distribution = models.ForeignKey(
        Distribution, verbose_name="奖金分配", on_delete=models.PROTECT, related_name="lines"
    )
    user = models.ForeignKey(USER, verbose_name="人员", on_delete=models.PROTECT, related_name="+")
    coefficient = models.PositiveIntegerField("岗位系数")
    days = models.PositiveIntegerField("出勤天数")
    hours = models.PositiveIntegerField("工时")
    score = models.PositiveIntegerField("个人得分")
    parts = models.JSONField("各部分金额")
    amount = models.BigIntegerField("应得")

    class Meta:
        ordering = ["user__employee_no"]
        verbose_name = "分配明细"
        constraints = [
            models.UniqueConstraint(fields=["distribution", "user"], name="incentives_distributionline_one_per_member"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="incentives_distributionline_not_negative"),
        ]

    def __str__(self):
        return f"{self.user} {self.amount / 100:.2f} 元"


class Account(models.Model):
    """账户:where fen lie. `code` is unique: "company", "pool:<team>", "member:<user>"."""

    code = models.CharField("代码", max_length=40, unique=True)
    team = models.ForeignKey(Team, verbose_name="班组", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, verbose_name="人员", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "账户"

    def __str__(self):
        return self.code


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
