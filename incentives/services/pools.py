"""Pools: what the teams have to divide in a month, set, changed and taken back before anybody approved its division."""

from collections import defaultdict
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from incentives import selectors
from incentives.errors import IncentiveError, StaleState
from incentives.models import Distribution, Pool
from incentives.services.budgets import require_room
from incentives.services.distributions import discard
from teams import audit, periods

HIGHEST = 10**12


def set_pool(team, period, amount, *, actor, reason=""):
    """Set a team's pool of a month (fen); returns the Pool. Raises IncentiveError as set_pools."""
    set_pools([(team, amount)], period, actor=actor, reason=reason)
    return Pool.objects.get(team=team, period=period)


@transaction.atomic
def withdraw_pool(team, period, *, actor):
    """Take a team's pool of a month back, with the draft that divides it; refused once somebody approved that."""
    pool = selectors.pools_of([team], period).get(team.pk)
    if pool is None:
        raise StaleState(f"{team}{periods.label(period)}的奖金总额已经收回了。")
    set_pools([(team, None)], period, actor=actor)


@transaction.atomic
def set_pools(amounts, period, *, actor, reason=""):
    """Set the pools of several teams, [(team, fen or None)], all or none; None withdraws. Returns (set, withdrawn).

    Raises IncentiveError for zero or less, for a pool that is part of a unit's pool, for one whose division is more than a
    draft; OverBudget when a budget of the year would be overdrawn without a `reason`, which goes into the trail.
    """
    before = locked_pools([team for team, _ in amounts], period)
    changed = [(team, amount) for team, amount in amounts if amount != getattr(before.get(team.pk), "amount", None)]
    for team, amount in changed:
        _require_free(team, period, amount, before.get(team.pk))
    more = defaultdict(int)
    for team, amount in changed:
        more[team.unit_id] += (amount or 0) - getattr(before.get(team.pk), "amount", 0)
    said = {"reason": reason} if require_room(more, period, reason) else {}
    for row in drafts_of([team for team, _ in changed], period):
        discard(row, actor=actor)
    for team, amount in changed:
        _change(team, period, before.get(team.pk), amount, actor, said)
    withdrawn = sum(amount is None for _, amount in changed)
    return len(changed) - withdrawn, withdrawn


def _require_free(team, period, amount, pool):
    if amount is not None and amount <= 0:
        raise IncentiveError(f"{team}的奖金总额必须大于 0。没有奖金的班组请留空。")
    if amount is not None and amount > HIGHEST:
        raise IncentiveError(f"{team}的奖金总额超过了 100 亿元，请检查是否多打了零。")
    if pool and pool.unit_pool_id:
        raise IncentiveError(
            f"{team}{periods.label(period)}的奖金总额出自单位总额，单独改了各班组就合不上单位总额。"
            "请重新分配单位总额；要逐个班组改，先在“单位总额”里拆开。"
        )


def _change(team, period, pool, amount, actor, said):
    told = {"amount": pool.amount} if pool else {}
    if amount is None:
        audit.record("pool.withdrawn", pool, actor=actor, unit=team.unit, before=told)
        pool.delete()
        return
    pool = pool or Pool(team=team, period=period)
    pool.amount, pool.set_by = amount, actor
    with none_before():
        pool.save()
    audit.record("pool.set", pool, actor=actor, unit=team.unit, before=told, after={"amount": amount} | said)


def locked_pools(teams, period):
    """{team id: Pool} of a month, which nobody else changes or divides until this transaction ends."""
    pools = Pool.objects.select_for_update().filter(team__in=teams, period=period).order_by("pk")
    return {pool.team_id: pool for pool in pools}


@contextmanager
def none_before():
    """Around writing new rows: raises StaleState when somebody else has just written the same ones."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise StaleState("有人刚刚下达过奖金总额。请刷新页面，看过新的总额再填。") from error


def drafts_of(teams, period):
    """The drafts that divide the teams' pools; raises IncentiveError naming the teams whose division is more than one."""
    found = Distribution.objects.select_for_update(of=("self",)).select_related("team__unit")
    divided = list(found.filter(team__in=teams, period=period).order_by("pk"))
    settled = [row for row in divided if row.state != Distribution.State.DRAFT]
    if settled:
        named = "、".join(f"{row.team}{row.get_state_display()}" for row in settled[:5])
        more = f"等 {len(settled)} 个班组" if len(settled) > 5 else ""
        raise IncentiveError(f"{periods.label(period)}的奖金分配：{named}{more}，总额不能再改，也不能收回。")
    return divided
