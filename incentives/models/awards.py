from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incentives.models.ledger import Transaction
from incentives.models.proposals import Proposal
from teams.models import Attachment, Team
from teams.periods import period_check

USER = settings.AUTH_USER_MODEL


class SpecialAward(Proposal):
    """专项奖励:money for a programme, a studio, a suggestion or a contest, in fen: to a person, or to a team's fund.

    One person proposes it, another one approves it, which posts it to the ledger; a posted one is undone by a reversal in
    the open month. `source` names the record it is for ("suggestion:12"): the same record is paid at most once.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", "评先创优"
        STUDIO = "studio", "工作室资助"
        SUGGESTION = "suggestion", "合理化建议"
        CONTEST = "contest", "劳动竞赛"
        FUND = "fund", "班组费用拨款"
        OTHER = "other", "其他奖励"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已入账"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"
        REVERSED = "reversed", "已冲销"

    kind = models.CharField("类别", max_length=12, choices=Kind)
    team = models.ForeignKey(Team, verbose_name="班组", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        USER, verbose_name="发给", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    period = models.PositiveIntegerField("月份")
    amount = models.BigIntegerField("金额")
    reason = models.CharField("事由", max_length=200)
    source = models.CharField("出自", max_length=80, blank=True)
    evidence = models.ManyToManyField(Attachment, verbose_name="凭据", related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(USER, verbose_name="提出人", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    posting = models.OneToOneField(
        Transaction, verbose_name="账目", null=True, on_delete=models.PROTECT, related_name="special_award"
    )

    class Meta:
        ordering = ["-period", "-id"]
        verbose_name = "专项奖励"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=10**11), name="incentives_specialaward_amount_range"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | (~Q(decided_by=F("proposed_by")) & (Q(user__isnull=True) | ~Q(decided_by=F("user")))),
                name="incentives_specialaward_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "reversed"]) | Q(posting__isnull=False),
                name="incentives_specialaward_approved_is_posted",
            ),
            models.CheckConstraint(
                condition=~Q(kind="fund") | Q(user__isnull=True), name="incentives_specialaward_fund_goes_to_the_team"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=~Q(source="") & Q(state__in=["proposed", "approved"]),
                name="incentives_specialaward_source_paid_once",
                violation_error_message="这件事已经报过奖励了。",
            ),
            models.CheckConstraint(**period_check("incentives_specialaward_period_valid")),
        ]
        indexes = [models.Index(fields=["team", "period"], name="incentives_award_team_period")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount / 100:.2f} 元"
