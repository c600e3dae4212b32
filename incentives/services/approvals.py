"""What becomes of a draft: approved or returned by another person, then posted to the ledger."""

from django.db import transaction
from django.utils import timezone

from bulletins.policies import policy_for
from incentives.errors import IncentiveError, StaleState
from incentives.models import BonusRuleVersion, Distribution
from incentives.services import ledger
from incentives.services.publishing import publish_month
from teams import audit, periods

State = Distribution.State


def _require_seen(distribution, seen):
    """Raise StaleState when the page (`seen`) showed another draft; None stands for a caller that has no page."""
    if seen is not None and seen != distribution.seen:
        raise StaleState("您打开页面之后，这份分配又重新拟定过。请看过新的金额再办。")


def _move(distribution, old, new, **fields):
    if not Distribution.objects.filter(pk=distribution.pk, state=old, question="").update(state=new, **fields):
        raise StaleState
    distribution.refresh_from_db()


@transaction.atomic
def approve(distribution, *, actor, seen=None):
    """Manager: the draft is right. Whoever drew it up cannot approve it. Freezes the lines and the rule version.

    `seen` is Distribution.seen as the page showed it; StaleState when that was another draft.
    """
    _require_seen(distribution, seen)
    if distribution.returned:
        raise IncentiveError("这份分配已经退回班组长，等重新拟定后再批准。")
    if actor and distribution.drafted_by_id == actor.pk:
        raise IncentiveError("分配是您自己拟定的，要由另一个人批准。")
    if sum(distribution.lines.values_list("amount", flat=True)) != distribution.shared:
        raise IncentiveError("各人金额与留存之和与奖金总额不符，不能批准。请重新拟定。")
    _move(distribution, State.DRAFT, State.APPROVED, approved_by=actor, approved_at=timezone.now())
    BonusRuleVersion.objects.filter(pk=distribution.rule_version_id, state="in_force").update(state="frozen")
    audit.record("bonus.approved", distribution, actor=actor, unit=distribution.team.unit)


@transaction.atomic
def return_draft(distribution, question, *, actor, seen=None):
    """Manager: back to the leader with a question; nobody can approve it until it is drawn up again."""
    _require_seen(distribution, seen)
    waiting = Distribution.objects.filter(pk=distribution.pk, state=State.DRAFT, question="")
    if not waiting.update(question=question):
        raise StaleState
    audit.record("bonus.returned", distribution, actor=actor, unit=distribution.team.unit, after={"question": question})


@transaction.atomic
def post(distribution, *, actor, seen=None):
    """Finance: write the approved distribution to the ledger: company to pool, pool to members and reserve, all at once.

    Where the unit's board policy says so, the boards of the month are posted with it.
    """
    _require_seen(distribution, seen)
    _move(distribution, State.APPROVED, State.POSTED, posted_by=actor, posted_at=timezone.now())
    lines = list(distribution.lines.select_related("user"))
    pool, accounts = ledger.pool_account(distribution.team), ledger.member_accounts([line.user for line in lines])
    movements = [(ledger.company_account(), pool, distribution.amount)]
    movements += [(pool, accounts[line.user_id], line.amount) for line in lines if line.amount]
    if distribution.reserve:
        movements.append((pool, ledger.reserve_account(distribution.team), distribution.reserve))
    ledger.post(
        f"distribution:{distribution.pk}",
        movements,
        period=distribution.period,
        memo=f"{distribution.team}{periods.label(distribution.period)}绩效奖金",
        actor=actor,
    )
    audit.record("bonus.posted", distribution, actor=actor, unit=distribution.team.unit)
    if policy_for(distribution.team.unit).publish_on_posting:
        publish_month(distribution.team, distribution.period, actor=actor)
