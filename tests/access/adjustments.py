"""Clauses, awards and somebody who takes no part: in the month before the closed one, which nobody divides."""

from incentives.services import adjustments, clauses, exclusions
from teams import periods


def add_adjustments(world):
    """A clause of the unit, an award that waits for the manager, one that is approved, and somebody who takes no part."""
    people, month = world.people, periods.shift(world.closed, -1)
    leader, manager = people["leader"], people["manager"]
    facts = {"code": "J1", "name": "修旧利废", "kind": "award", "least": 2000, "most": 5000, "note": ""}
    world.clause = clauses.add(world.unit, actor=manager, **facts)
    facts = {"user": world.person, "clause": world.clause, "amount": 3000, "reason": "回收配件", "actor": leader}
    world.adjustment = adjustments.propose(world.team, month, **facts)
    world.approved_adjustment = adjustments.propose(world.team, month, **facts)
    adjustments.approve(world.approved_adjustment, actor=manager)
    world.exclusion = exclusions.exclude(world.team, month, world.colleague, "试用期", actor=leader)
