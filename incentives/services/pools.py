"""Pools: what the teams have to divide in a month, set, changed and taken back before anybody approved its division."""

from django.db import transaction

from incentives import selectors
from incentives.errors import IncentiveError, StaleState
from incentives.models import Distribution, Pool
from incentives.services.distributions import discard
from teams import audit, periods


@transaction.atomic
def set_pool(team, period, amount, *, actor):
    """Set a team's pool of a month (fen). Raises IncentiveError for zero or less, or when it is already divided."""
    if amount <= 0:
        raise IncentiveError(f"{team}的奖金总额必须大于 0。没有奖金的班组请留空。")
    if amount > 10**12:
        raise IncentiveError(f"{team}的奖金总额超过了 100 亿元，请检查是否多打了零。")
    pool = Pool.objects.filter(team=team, period=period).first()
    if pool and pool.amount == amount:
        return pool
    _undivide(team, period, actor)
    before = {"amount": pool.amount} if pool else {}
    pool, _ = Pool.objects.update_or_create(team=team, period=period, defaults={"amount": amount, "set_by": actor})
    audit.record("pool.set", pool, actor=actor, unit=team.unit, before=before, after={"amount": amount})
    return pool


@transaction.atomic
def withdraw_pool(team, period, *, actor):
    """Take a team's pool of a month back, with the draft that divides it; refused once somebody approved that."""
    pool = Pool.objects.filter(team=team, period=period).first()
    if pool is None:
        raise StaleState(f"{team}{periods.label(period)}的奖金总额已经收回了。")
    _undivide(team, period, actor)
    audit.record("pool.withdrawn", pool, actor=actor, unit=team.unit, before={"amount": pool.amount})
    pool.delete()


@transaction.atomic
def set_pools(amounts, period, *, actor):
    """Set the pools of several teams, [(team, fen or None)], all or none; None withdraws. Returns (set, withdrawn)."""
    before = {
        team_id: pool.amount for team_id, pool in selectors.pools_of([team for team, _ in amounts], period).items()
    }
    changed = [(team, amount) for team, amount in amounts if amount != before.get(team.pk)]
    for team, amount in changed:
        if amount is None:
            withdraw_pool(team, period, actor=actor)
        else:
            set_pool(team, period, amount, actor=actor)
    withdrawn = sum(amount is None for _, amount in changed)
    return len(changed) - withdrawn, withdrawn


def _undivide(team, period, actor):
    """Throw away the draft that divides a pool; raises IncentiveError when it is more than a draft."""
    divided = selectors.distribution_of(team, period)
    if divided and divided.state != Distribution.State.DRAFT:
        raise IncentiveError(
            f"{team}{periods.label(period)}的奖金{divided.get_state_display()}，总额不能再改，也不能收回。"
        )
    if divided:
        discard(divided, actor=actor)
