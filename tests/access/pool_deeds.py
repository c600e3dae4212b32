"""The deeds about money for teams: pools, a unit's pool, budgets."""

from incentives import selectors
from incentives.pools import rows as pool_rows
from incentives.services import unit_pools
from tests.access.deed import Deed


def unit_pool_form(world):
    """A unit's pool by heads, as the page of the open month shows it now."""
    teams = list(world.unit.teams.all())
    inputs, pools = pool_rows.brought_in(teams, world.open), selectors.pools_of(teams, world.open)
    return {"amount": "10000", "basis": "heads", "do": "set", "seen": pool_rows.seen_of(inputs, pools, None)}


def unit_pool(world):
    unit_pools.divide(world.unit, world.open, 1_000_000, "heads", actor=None)


def budget(world):
    return {f"unit-{world.unit.pk}": "1000000"}


OPEN_UNIT = ["unit", "open"]
POOL_DEEDS = {
    "incentives:month-export": Deed("manager", "pools.exported"),
    "incentives:pools": Deed("finance", "pool.set", lambda w: {f"team-{w.team.pk}": "1000"}, args=OPEN_UNIT),
    "incentives:unit-pool": Deed("finance", "unit_pool.set", unit_pool_form, args=OPEN_UNIT),
    "incentives:unit-pool-release": Deed("finance", "unit_pool.released", before=unit_pool, args=OPEN_UNIT),
    "incentives:unit-pool-withdraw": Deed("finance", "unit_pool.withdrawn", before=unit_pool, args=OPEN_UNIT),
    "incentives:budgets-current": Deed("finance", "budget.set", budget),
    "incentives:budgets 2026": Deed("finance", "budget.set", budget),
}
SHOWS_ONLY = {"incentives:pools-import"}
"""What is posted to and stores nothing: it shows what a workbook would change."""
