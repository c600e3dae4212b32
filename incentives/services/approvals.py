"""What becomes of a draft: proposed, approved or returned by another person, posted to the ledger, paid out."""

from django.db import transaction
from django.utils import timezone

from bulletins.policies import policy_for
from incentives.errors import IncentiveError, StaleState
from incentives.models import Adjustment, BonusRuleVersion, Distribution
from incentives.services import ledger
from incentives.services.distributions import require_current
from incentives.services.publishing import publish_month
from incentives.votes import votes_of, words_of
from teams import audit, periods

State = Distribution.State


def require_seen(distribution, seen):
    """Raise StaleState when the page (`seen`) showed another draft; None stands for a caller that has no page."""
    if seen is not None and seen != distribution.seen:
        raise StaleState("您打开页面之后，这份分配又重新拟定过。请看过新的金额再办。")


def _move(distribution, old, new, **fields):
    if not Distribution.objects.filter(pk=distribution.pk, state=old, question="").update(state=new, **fields):
        raise StaleState
    distribution.refresh_from_db()


def _hold(distribution, state):
    """Keep the distribution as it is until the transaction ends; raises StaleState at once unless it is in that state."""
    held = Distribution.objects.select_for_update().filter(pk=distribution.pk, state=state, question="")
    if held.first() is None:
        raise StaleState


@transaction.atomic
def propose(distribution, *, actor, seen=None):
    """Leader: this is what the team shall get; members see and sign it from now on, and the manager may approve it.

    `seen` is Distribution.seen as the page showed it; StaleState when that was another draft. What was returned has to be
    drawn up again first.
    """
    require_seen(distribution, seen)
    if distribution.returned:
        raise IncentiveError("这份分配被退回过，请按退回意见重新拟定后再提交。")
    _hold(distribution, State.DRAFT)
    require_current(distribution)
    _move(distribution, State.DRAFT, State.PROPOSED, proposed_by=actor, proposed_at=timezone.now())
    audit.record("bonus.proposed", distribution, actor=actor, unit=distribution.team.unit)


@transaction.atomic
def withdraw(distribution, *, actor, seen=None):
    """Leader: take the proposal back to draw it up again; what was signed so far no longer counts."""
    require_seen(distribution, seen)
    _move(distribution, State.PROPOSED, State.DRAFT, proposed_by=None, proposed_at=None)
    signed, _ = distribution.sign_offs.all().delete()
    before = {"signed": signed}
    audit.record("bonus.withdrawn", distribution, actor=actor, unit=distribution.team.unit, before=before)


@transaction.atomic
def approve(distribution, *, actor, seen=None):
    """Manager: the proposal is right. Whoever drew it up or proposed it cannot approve it. Freezes the rule version.

    Raises IncentiveError while fewer members agree than the rule asks for.
    """
    require_seen(distribution, seen)
    if distribution.state == State.DRAFT:
        raise IncentiveError("这份分配还在班组长手里，等他提交后再批准。")
    if actor and actor.pk in (distribution.drafted_by_id, distribution.proposed_by_id):
        raise IncentiveError("分配是您自己拟定或者提交的，要由另一个人批准。")
    _hold(distribution, State.PROPOSED)
    if sum(distribution.lines.values_list("amount", flat=True)) != distribution.shared:
        raise IncentiveError("各人金额与留存之和与奖金总额不符，不能批准。请重新拟定。")
    require_current(distribution)
    _require_consent(distribution)
    _move(distribution, State.PROPOSED, State.APPROVED, approved_by=actor, approved_at=timezone.now())
    BonusRuleVersion.objects.filter(pk=distribution.rule_version_id, state="in_force").update(state="frozen")
    audit.record("bonus.approved", distribution, actor=actor, unit=distribution.team.unit)


def _require_consent(distribution):
    votes = votes_of([distribution.pk])[distribution.pk]
    if not votes.short:
        return
    words = words_of(distribution)
    silent = "、".join(word.line.user.name for word in words if word.sign_off is None)
    objected = "、".join(word.line.user.name for word in words if word.sign_off and not word.sign_off.agrees)
    who = "；".join(f"{said}：{names}" for said, names in (("还没有签的", silent), ("不同意的", objected)) if names)
    raise IncentiveError(f"会签要有 {votes.needed} 人同意，现在只有 {votes.agreed} 人，还不能批准。{who}。")


@transaction.atomic
def return_draft(distribution, question, *, actor, seen=None):
    """Manager: back to the leader with a question; nobody can approve it until it is drawn up again."""
    require_seen(distribution, seen)
    _move(distribution, State.PROPOSED, State.DRAFT, question=question, proposed_by=None, proposed_at=None)
    audit.record("bonus.returned", distribution, actor=actor, unit=distribution.team.unit, after={"question": question})


@transaction.atomic
def post(distribution, *, actor, seen=None):
    """Finance: write the approved distribution to the ledger: company to pool, pool to members and reserve, all at once.

    What a member gets besides the share (allowance, awards) comes from the company, what is taken off goes back to it.
    Where the unit's board policy says so, the boards of the month are posted with it.
    """
    require_seen(distribution, seen)
    _move(distribution, State.APPROVED, State.POSTED, posted_by=actor, posted_at=timezone.now())
    lines = list(distribution.lines.select_related("user"))
    pool, accounts = ledger.pool_account(distribution.team), ledger.member_accounts([line.user for line in lines])
    company = ledger.company_account()
    movements = [(company, pool, distribution.amount)]
    movements += [(pool, accounts[line.user_id], line.amount) for line in lines if line.amount]
    movements += [(company, accounts[line.user_id], line.beside) for line in lines if line.beside > 0]
    movements += [(accounts[line.user_id], company, -line.beside) for line in lines if line.beside < 0]
    if distribution.reserve:
        movements.append((pool, ledger.reserve_account(distribution.team), distribution.reserve))
    ledger.post(
        f"distribution:{distribution.pk}",
        movements,
        period=distribution.period,
        memo=_memo(distribution),
        actor=actor,
    )
    audit.record("bonus.posted", distribution, actor=actor, unit=distribution.team.unit)
    if policy_for(distribution.team.unit).publish_on_posting:
        publish_month(distribution.team, distribution.period, actor=actor)


def _memo(distribution):
    """What the ledger says of it; the objections that it puts right are named."""
    counted = {"team": distribution.team, "period": distribution.period, "state": Adjustment.State.APPROVED}
    numbers = Adjustment.objects.filter(**counted, objection__isnull=False).values_list("objection__number", flat=True)
    righted = f"，含异议 {'、'.join(sorted(set(numbers)))} 的更正" if numbers else ""
    return f"{distribution.team}{periods.label(distribution.period)}绩效奖金{righted}"[:200]


@transaction.atomic
def settle(distribution, *, paid_on, note="", actor, seen=None):
    """Finance: everybody was paid on that day. What members were owed leaves their accounts, all at once, for good."""
    require_seen(distribution, seen)
    posted_on = distribution.posted_at and timezone.localdate(distribution.posted_at)
    if posted_on and not posted_on <= paid_on <= timezone.localdate():
        raise IncentiveError(f"发放日期要在入账那天（{posted_on}）到今天之间。")
    _move(distribution, State.POSTED, State.SETTLED, settled_by=actor, settled_on=paid_on, settled_note=note)
    lines = [line for line in distribution.lines.select_related("user") if line.payable]
    accounts, payroll = ledger.member_accounts([line.user for line in lines]), ledger.payroll_account()
    if lines:
        ledger.post(
            f"settlement:{distribution.pk}",
            [(accounts[line.user_id], payroll, line.payable) for line in lines],
            period=periods.period_of(paid_on),
            memo=f"{distribution.team}{periods.label(distribution.period)}绩效奖金发放",
            actor=actor,
        )
    after = {"paid_on": paid_on.isoformat(), "note": note}
    audit.record("bonus.settled", distribution, actor=actor, unit=distribution.team.unit, after=after)
