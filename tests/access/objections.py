"""Objections of the clerk in the plant of tests/access/world.py, and what corrects one."""

from assessments.models import Check
from assessments.services import checks
from incentives.services import adjustments
from teams import periods
from tests.objecting import object_to_boards


def add_objections(world):
    """What object_to_boards gives, by the clerk and the manager, as objects of the world."""
    people = {"member": world.people["clerk"], "manager": world.people["manager"]}
    rows = object_to_boards(world.team, world.closed, **people, photo=world.photo)
    for word, row in rows.items():
        setattr(world, word, row)


def late_sheet(world):
    """A sheet of the closed month that counts in an open one; the form that links it."""
    award = checks.Deviation(None, 100, None, "按异议更正")
    check = checks.file_check(
        world.team,
        kind=Check.Kind.SUPERIOR,
        date=periods.first_day(world.closed),
        deviations=[award],
        key="late",
        actor=world.people["assessor"],
        checker=world.people["assessor"],
        late=True,
    )
    return {"entry": f"check-{check.pk}"}


def late_award(world):
    """An approved award of the open month; the form that links it."""
    facts = {"user": world.person, "clause": world.clause, "amount": 3000, "reason": "按异议更正"}
    award = adjustments.propose(world.team, world.open, **facts, actor=world.people["leader"])
    adjustments.approve(award, actor=world.people["manager"])
    return {"entry": f"adjustment-{award.pk}"}
