"""Who answers an objection: nobody who had a hand in the figures or holds the same, and the nearest unit that has somebody."""

from collections import defaultdict
from dataclasses import dataclass

from bulletins.models import Bulletin, ObjectionSupport
from teams.access import GRANTS, lines_by_unit
from teams.models import Unit, UnitRole

PARTIES = ("proposers", "checkers")


def involved_in(objections):
    """{objection id: ids of those who may not answer it}: who filed or supports it, whose figure it is, the parties."""
    boards = Bulletin.objects.filter(pk__in={row.bulletin_id for row in objections})
    parties = dict(boards.order_by().values_list("pk", "content__parties"))
    people = {row.pk: {row.filed_by_id, row.row_user_id} | _named(parties.get(row.bulletin_id)) for row in objections}
    for pk, user in ObjectionSupport.objects.filter(objection__in=people).values_list("objection", "user"):
        people[pk].add(user)
    return {pk: found - {None} for pk, found in people.items()}


def is_involved(user, objection):
    """Whether somebody may not answer this objection, wherever the person decides."""
    return user.pk in involved_in([objection])[objection.pk]


def _named(parties):
    return {user for name in PARTIES for user in (parties or {}).get(name, ())}


@dataclass(frozen=True)
class Desk:
    """A unit and the ids of its people who may answer."""

    unit: Unit
    people: set


def desks_of(objections):
    """{objection id: Desks that may answer it, nearest first}: of the board's own unit and of those above it."""
    lines = lines_by_unit({row.bulletin.unit_id for row in objections})
    units = Unit.objects.in_bulk({unit for line in lines.values() for unit in line})
    holders, involved = _holders(units), involved_in(objections)
    desks = {
        row.pk: [Desk(units[pk], holders[pk] - involved[row.pk]) for pk in lines[row.bulletin.unit_id]]
        for row in objections
    }
    return {pk: [desk for desk in found if desk.people] for pk, found in desks.items()}


def _holders(unit_ids):
    """{unit id: ids of the people whose own role there lets them answer}."""
    roles = UnitRole.objects.filter(
        unit__in=unit_ids, role__in=GRANTS["objection.decide"], ended_on__isnull=True, user__is_active=True
    )
    found = defaultdict(set)
    for unit, user in roles.values_list("unit", "user"):
        found[unit].add(user)
    return found
