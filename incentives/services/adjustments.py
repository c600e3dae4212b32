"""Personal awards and deductions: proposed by a clause or by an upheld objection, decided by somebody else, counted when the month is drawn up."""

from django.db import transaction

from bulletins.models import Bulletin, Objection
from incentives import selectors
from incentives.correcting import is_made
from incentives.errors import IncentiveError, StaleState
from incentives.models import Adjustment, Clause, Distribution, Exclusion, Remedy
from incentives.services.proposals import require_unsent, store
from teams import audit, periods
from teams.figures import signed_yuan_text, yuan_text
from teams.services.proposals import decide, require_proposer, require_somebody_else

State = Adjustment.State


@transaction.atomic
def propose(team, period, *, user, clause, amount, reason, evidence=(), actor, key=None):
    """Propose an award or a deduction of `amount` fen (above zero; the clause says which) for a member in a month.

    `clause` is a Clause, or the Remedy of an upheld objection to a bonus board of the team. `evidence` are Attachments; `key` is
    that of the form (see incentives.services.proposals). Returns the Adjustment.
    Raises IncentiveError for oneself, for an amount that the clause does not allow, for somebody who takes no part, and
    for a month whose bonus is proposed or approved.
    """
    found = Adjustment(
        team=team,
        period=period,
        user=user,
        **_resting_on(clause),
        amount=amount if clause.kind == Clause.Kind.AWARD else -amount,
        reason=reason,
        proposed_by=actor,
        key=key,
    )
    require_unsent(found, "evidence", evidence)
    require_open(team, period)
    if found.objection:
        _require_upheld(found)
    _require_sense(team, period, user, clause, amount, actor)
    store(found, "evidence", evidence)
    _record("adjustment.proposed", found, actor, reason=reason)
    return found


@transaction.atomic
def approve(adjustment, *, actor):
    """Manager: it counts. Not for its proposer, nor for the person it is about."""
    require_somebody_else(adjustment, actor)
    require_open(adjustment.team, adjustment.period)
    decide(adjustment, State.APPROVED, actor)
    _record("adjustment.approved", adjustment, actor)


@transaction.atomic
def refuse(adjustment, answer, *, actor):
    """Manager: it does not count, with the reason. Not for its proposer, nor for the person it is about."""
    require_somebody_else(adjustment, actor)
    require_open(adjustment.team, adjustment.period)
    decide(adjustment, State.REFUSED, actor, answer=answer)
    _record("adjustment.refused", adjustment, actor, answer=answer)


@transaction.atomic
def withdraw(adjustment, *, actor):
    """Whoever proposed it takes it back before anybody has decided."""
    require_proposer(adjustment, actor)
    require_open(adjustment.team, adjustment.period)
    decide(adjustment, State.WITHDRAWN, actor)
    _record("adjustment.withdrawn", adjustment, actor)


@transaction.atomic
def revoke(adjustment, reason, *, actor):
    """Manager: an approved one counts no longer, as long as nobody has proposed the month's distribution."""
    require_open(adjustment.team, adjustment.period)
    approved = Adjustment.objects.filter(pk=adjustment.pk, state=State.APPROVED)
    if not approved.update(state=State.WITHDRAWN, answer=reason):
        raise StaleState("只有已批准的奖罚才能撤销，这一条已经不是了。")
    _record("adjustment.revoked", adjustment, actor, reason=reason)


def require_open(team, period):
    """Raise IncentiveError when the month's distribution is proposed or approved: its figures stand. Locks it else."""
    if period > periods.current_period():
        raise IncentiveError(f"{periods.label(period)}还没有到。")
    found = Distribution.objects.select_for_update().filter(team=team, period=period).first()
    if found is None or found.state == Distribution.State.DRAFT:
        return
    month = f"{team}{periods.label(period)}的奖金"
    if found.state == Distribution.State.PROPOSED:
        raise IncentiveError(f"{month}已经提交，正在等批准。要改奖罚，请先把分配撤回或者退回。")
    further = periods.label(selectors.next_open_month(team, period))
    raise IncentiveError(f"{month}已经批准，不能再改。新的奖罚请记在{further}。")


def _resting_on(clause):
    return {"objection": clause.objection} if isinstance(clause, Remedy) else {"clause": clause}


def _require_upheld(found):
    """Holds the objection, so that two people do not put the same thing right at once."""
    board = {"bulletin__team": found.team, "bulletin__kind": Bulletin.Kind.BONUS}
    asked = Objection.objects.select_for_update(of=("self",)).filter(pk=found.objection_id, **board).first()
    if asked is None or asked.state != Objection.State.UPHELD:
        raise IncentiveError(f"异议 {found.objection.number} 现在不用更正，请回到异议那一页看办到了哪一步。")
    if is_made(asked, found.user_id):
        raise IncentiveError(f"异议 {asked.number} 已经给{found.user}提过更正，不能再提。要改金额，请先撤回那一条。")


def _require_sense(team, period, user, clause, amount, actor):
    if user == actor:
        raise IncentiveError("自己的奖罚不能自己提，由单位负责人提出。")
    if clause.ended_on:
        raise IncentiveError(f"条款“{clause}”已经停用，请另选一条。")
    if not clause.least <= amount <= clause.most:
        raise IncentiveError(f"“{clause}”{clause.range_text}，{yuan_text(amount)} 元不在范围里。")
    if Exclusion.objects.filter(team=team, period=period, user=user).exists():
        raise IncentiveError(f"{user}{periods.label(period)}不参加分配，奖罚没有地方算。")


def _record(verb, adjustment, actor, **more):
    facts = {"amount": signed_yuan_text(adjustment.amount), "clause": str(adjustment.basis)} | more
    audit.record(verb, adjustment, actor=actor, unit=adjustment.team.unit, after=facts)
