"""Many clauses, awards and exclusions, for pages whose queries are counted."""

from incentives.services import adjustments, clauses, exclusions
from teams.photos import store_photo
from tests.access.world import picture
from tests.factories import give_role


def add_many(team, period, many):
    """That many clauses and awards with as many photos each, decided but for the first, and a leader who takes no part."""
    leader, *members = [row.user for row in team.memberships.order_by("pk").select_related("user")]
    manager = give_role(team.unit, "manager")
    facts = {"name": "修旧利废", "kind": "award", "least": 2000, "most": 5000, "note": "", "actor": manager}
    for number in range(many):
        clause = clauses.add(team.unit, code=f"{team.pk}-{number}", **facts)
        photos = [store_photo(picture(), team=team, actor=leader) for _ in range(many)]
        award = {"user": members[number % len(members)], "clause": clause, "amount": 3000, "reason": "回收配件"}
        found = adjustments.propose(team, period, **award, evidence=photos, actor=leader)
        if number:
            adjustments.refuse(found, "没有凭据", actor=manager)
    exclusions.exclude(team, period, leader, "试用期", actor=manager)


def add_marked(world, person, words):
    """A clause and an approved award of the closed month in which everything that people type is `words`."""
    manager = give_role(world.unit, "manager")
    facts = {"code": words[:10], "name": words, "kind": "award", "least": 2000, "most": 5000, "note": words}
    world.clause = clauses.add(world.unit, actor=manager, **facts)
    award = {"user": person, "clause": world.clause, "amount": 3000, "reason": words, "actor": world.chief}
    adjustments.approve(adjustments.propose(world.team, world.closed, **award), actor=manager)
