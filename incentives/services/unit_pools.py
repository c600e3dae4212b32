"""A unit's pool of a month: divided over the unit's teams, divided again, taken apart, taken back."""

from django.db import transaction
from django.utils import timezone

from assessments import selectors as assessment
from incentives.distribution import NothingToWeigh
from incentives.errors import IncentiveError, StaleState
from incentives.models import Pool, UnitPool
from incentives.pools.division import divide_pool, needs_scores
from incentives.pools.rows import as_json, brought_in, seen_of, unit_pool_of
from incentives.services.budgets import require_room
from incentives.services.distributions import discard
from incentives.services.pools import HIGHEST, drafts_of, locked_pools, none_before
from teams import audit, periods

OUTDATED = "您打开页面之后，班组的人数、得分或者奖金总额有变化。请看过新的分法再下达。"


def divided(amount, basis, inputs, teams, period):
    """{team id: Part} of an amount (fen). Raises IncentiveError for an amount out of range, scores that are not there yet,
    and when nobody weighs anything."""
    if not 0 < amount <= HIGHEST:
        raise IncentiveError("单位总额应大于 0、不超过 100 亿元。")
    lacking = [team for team in teams if inputs[team.pk]["heads"] and inputs[team.pk]["score"] is None]
    if needs_scores(basis) and lacking:
        named = "、".join(str(team) for team in lacking[:5]) + ("等" if len(lacking) > 5 else "")
        raise IncentiveError(
            f"{named}{periods.label(period)}还没有关账的得分。请等关账后再按得分分，或者先选“按人数”。"
        )
    try:
        return divide_pool(amount, basis, inputs)
    except NothingToWeigh as error:
        raise IncentiveError(f"{periods.label(period)}各班组的人数或者得分都是零，没有依据可分。") from error


@transaction.atomic
def divide(unit, period, amount, basis, *, actor, seen=None, reason=""):
    """Divide a unit's pool (fen) over its teams and set their pools, all at once; what was set before is replaced.

    `seen` is pools.rows.seen_of as the page showed it; None stands for a caller that has no page. A team that gets nothing
    has no pool. Returns the UnitPool. Raises IncentiveError as `divided`, when a team's division is more than a draft, and
    OverBudget without a `reason`; StaleState when something has changed meanwhile.
    """
    teams = list(assessment.teams_in(unit, period).select_related("unit"))
    pools = locked_pools(teams, period)
    inputs, found = brought_in(teams, period), unit_pool_of(unit, period)
    if seen is not None and seen != seen_of(inputs, pools, found):
        raise StaleState(OUTDATED)
    parts = divided(amount, basis, inputs, teams, period)
    for row in drafts_of(teams, period):
        discard(row, actor=actor)
    more = {unit.pk: amount - sum(pool.amount for pool in pools.values())}
    said = {"reason": reason} if require_room(more, period, reason) else {}
    before = _told(found) | {"teams": {str(team): pool.amount for team, pool in pools.items()}}
    unit_pool = _keep(unit, period, found, {"amount": amount, "basis": basis, "inputs": as_json(inputs)}, actor)
    _set_pools(unit_pool, pools, parts, actor)
    after = _told(unit_pool) | {"teams": {str(team): part.amount for team, part in parts.items()}} | said
    audit.record("unit_pool.set", unit_pool, actor=actor, unit=unit, before=before, after=after)
    return unit_pool


def _told(unit_pool):
    return {"amount": unit_pool.amount, "basis": unit_pool.basis} if unit_pool else {}


def _keep(unit, period, found, values, actor):
    """The UnitPool with new values: written only over the one that was read, or where there was none."""
    values = values | {"set_by": actor, "set_at": timezone.now()}
    if found is None:
        with none_before():
            return UnitPool.objects.create(unit=unit, period=period, **values)
    if not UnitPool.objects.filter(pk=found.pk, set_at=found.set_at).update(**values):
        raise StaleState(OUTDATED)
    return UnitPool.objects.select_related("unit").get(pk=found.pk)


def _set_pools(unit_pool, pools, parts, actor):
    """Every team's pool is what the division gives; none where it gives nothing."""
    gone = [pool.pk for team, pool in pools.items() if team not in parts or not parts[team].amount]
    Pool.objects.filter(pk__in=gone).delete()
    values = {"unit_pool": unit_pool, "set_by": actor, "set_at": timezone.now()}
    rows = [
        pools.get(team) or Pool(team_id=team, period=unit_pool.period) for team, part in parts.items() if part.amount
    ]
    for row in rows:
        for name, value in (values | {"amount": parts[row.team_id].amount}).items():
            setattr(row, name, value)
    Pool.objects.bulk_update([row for row in rows if row.pk], ["amount", *values], batch_size=200)
    with none_before():
        Pool.objects.bulk_create([row for row in rows if not row.pk])


@transaction.atomic
def release(unit, period, *, actor):
    """Take a unit's pool apart: the teams keep their pools and drafts, which from now on are set one by one."""
    held, pools = _held(unit, period)
    drafts_of(list(pools.values_list("team", flat=True)), held.period)
    audit.record("unit_pool.released", held, actor=actor, unit=unit, before=_told(held) | _teams(pools))
    pools.update(unit_pool=None)
    held.delete()


@transaction.atomic
def withdraw(unit, period, *, actor):
    """Take a unit's pool back, with the pools of its teams and the drafts that divide them."""
    held, pools = _held(unit, period)
    for row in drafts_of(list(pools.values_list("team", flat=True)), held.period):
        discard(row, actor=actor)
    audit.record("unit_pool.withdrawn", held, actor=actor, unit=unit, before=_told(held) | _teams(pools))
    pools.delete()
    held.delete()


def _held(unit, period):
    """The unit's pool and those of its teams, which nobody else changes or divides; StaleState when it is gone."""
    held = UnitPool.objects.select_for_update().filter(unit=unit, period=period).first()
    if held is None:
        raise StaleState("单位总额刚刚已经拆开或者收回了。")
    pools = Pool.objects.filter(unit_pool=held)
    list(pools.select_for_update().order_by("pk"))
    return held, pools


def _teams(pools):
    return {"teams": {str(team): fen for team, fen in pools.values_list("team", "amount")}}
