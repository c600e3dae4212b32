"""专项奖励: money besides the bonus, to a person or to a team's fund; proposed, decided by somebody else, posted at once."""

from django.db import IntegrityError, transaction

from incentives.errors import IncentiveError, StaleState
from incentives.models import SpecialAward
from incentives.services import funds, ledger
from incentives.services.proposals import require_unsent, store
from teams import audit, periods
from teams.models import Membership
from teams.services.proposals import decide, require_proposer, require_somebody_else

State, Kind = SpecialAward.State, SpecialAward.Kind
MOST = 10**11
"""A billion yuan in fen: no award is higher."""
OF_THE_TEAM = (Kind.FUND, Kind.STUDIO)
"""Kinds that only go to the fund of a team."""


@transaction.atomic
def propose(team, *, kind, amount, reason, period, actor, user=None, source="", evidence=(), key=None):
    """Propose an award (fen) of a month for a member, or without `user` for the team's fund; returns the SpecialAward.

    `source` names the record that it is for ("suggestion:12"), `key` is that of the form (see
    incentives.services.proposals). Raises IncentiveError when the record is paid or proposed already, for a month to
    come, or for somebody who was not in the team in that month.
    """
    facts = {"kind": kind, "user": user, "period": period, "amount": amount, "reason": reason, "source": source}
    award = SpecialAward(team=team, proposed_by=actor, key=key, **facts)
    require_unsent(award, "evidence", evidence)
    _require_sense(team, kind, amount, period, user)
    try:
        store(award, "evidence", evidence)
    except IntegrityError as error:
        raise IncentiveError("这件事已经报过奖励了，不能再报。") from error
    audit.record("award.proposed", award, actor=actor, unit=team.unit, after=_facts(award, reason=reason))
    return award


def _require_sense(team, kind, amount, period, user):
    if not 0 < amount <= MOST:
        raise IncentiveError("金额要大于 0，也不能超过 10 亿元，请核对。")
    if period > periods.current_period():
        raise IncentiveError(f"{periods.label(period)}还没到，请选这个月或者以前的月份。")
    if user is None:
        return
    if kind in OF_THE_TEAM:
        raise IncentiveError(f"{Kind(kind).label}进班组费用，不发给个人。请不要填“发给”。")
    days = (periods.first_day(period), periods.last_day(period))
    if not Membership.objects.during(*days).filter(team=team, user=user).exists():
        raise IncentiveError(f"{user}{periods.label(period)}不在{team}，请核对人员和月份。")


@transaction.atomic
def approve(award, *, actor):
    """Manager or finance: it is granted, and posted at once. Not for its proposer, nor for whom it is for."""
    require_somebody_else(award, actor)
    target, period = _target(award)
    if not SpecialAward.objects.filter(pk=award.pk, state=State.PROPOSED).exists():
        raise StaleState("这条专项奖励已经办过了。")
    movements = [(ledger.company_account(), target, award.amount)]
    memo = f"{award.get_kind_display()}：{award.reason}"[:100]
    posting = ledger.post(f"award:{award.pk}", movements, period=period, memo=memo, actor=actor)
    decide(award, State.APPROVED, actor, posting=posting)
    audit.record("award.approved", award, actor=actor, unit=award.team.unit, after=_facts(award))


def _target(award):
    """The account that gets the money, and the month under which it does."""
    if award.user_id:
        return ledger.member_accounts([award.user])[award.user_id], award.period
    account = funds.hold_purse(award.team, funds.Purse.FUND)
    return account, funds.month_to_grant(award.team, funds.Purse.FUND, award.period)


@transaction.atomic
def refuse(award, answer, *, actor):
    """Manager or finance: it is not granted, with a reason. Not for its proposer, nor for whom it is for."""
    require_somebody_else(award, actor)
    decide(award, State.REFUSED, actor, answer=answer)
    audit.record("award.refused", award, actor=actor, unit=award.team.unit, after=_facts(award, answer=answer))


@transaction.atomic
def withdraw(award, *, actor):
    """Whoever proposed it takes it back."""
    require_proposer(award, actor)
    decide(award, State.WITHDRAWN, actor)
    audit.record("award.withdrawn", award, actor=actor, unit=award.team.unit, after=_facts(award))


@transaction.atomic
def reverse(award, reason, *, actor):
    """Manager or finance: what was granted goes back in the present month, with a reason; once.

    Raises IncentiveError when the team's fund has spent it, StaleState unless it is posted.
    """
    require_somebody_else(award, actor)
    if award.user_id is None:
        funds.hold_purse(award.team, funds.Purse.FUND)
    if not SpecialAward.objects.filter(pk=award.pk, state=State.APPROVED).update(state=State.REVERSED):
        raise StaleState("这条专项奖励没有入账，或者已经冲销过了。")
    if award.user_id is None:
        funds.require_balance(award.team, funds.Purse.FUND, award.amount, "收回")
    award.refresh_from_db()
    ledger.reverse(award.posting, period=periods.current_period(), actor=actor, reason=reason)
    audit.record("award.reversed", award, actor=actor, unit=award.team.unit, after=_facts(award, reason=reason))


def _facts(award, **more):
    return {"amount": award.amount} | more
