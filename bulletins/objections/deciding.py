"""Who answers an objection: nobody who had a hand in the figures or holds the same, and the nearest unit that has somebody."""

from collections import defaultdict
from dataclasses import dataclass

from bulletins.models import Bulletin, Objection, ObjectionSupport
from teams.access import GRANTS, lines_by_unit
from teams.models import Unit, UnitRole

PARTIES = ("proposers", "checkers")


def involved_in(objections):
    """{objection id: ids of those who may not answer it}: who filed or supports it, whose figure it is, the parties."""
    return _with_hands(objections, _holders_of(objections))


def _holders_of(objections):
    """{objection id: ids of those who filed or support it}: they do not correct it either."""
    people = {row.pk: {row.filed_by_id} for row in objections}
    for pk, user in ObjectionSupport.objects.filter(objection__in=people).values_list("objection", "user"):
        people[pk].add(user)
    return people


def _with_hands(objections, holders):
    """The holders with those whose figure it is and those who had a hand in it."""
    boards = Bulletin.objects.filter(pk__in={row.bulletin_id for row in objections})
    parties = dict(boards.order_by().values_list("pk", "content__parties"))
    own = {row.pk: {row.row_user_id} | _named(parties.get(row.bulletin_id)) for row in objections}
    return {pk: (found | own[pk]) - {None} for pk, found in holders.items()}


def _barred(objections):
    """{objection id: ids of those who do not take its next step}; whoever checked the figures may well correct them."""
    holders = _holders_of(objections)
    involved = _with_hands(objections, holders)
    return {row.pk: (holders if row.state == Objection.State.UPHELD else involved)[row.pk] for row in objections}


def is_involved(user, objection):
    """Whether somebody may not answer this objection, wherever the person decides."""
    return user.pk in involved_in([objection])[objection.pk]


def _named(parties):
    return {user for name in PARTIES for user in (parties or {}).get(name, ())}


@dataclass(frozen=True)
class Desk:
    """A unit and the ids of its people who may take the next step."""

    unit: Unit
    people: set


def desks_of(objections):
    """{objection id: Desks that may take its next step, nearest first}: of the board's own unit and of those above it."""
    lines = lines_by_unit({row.bulletin.unit_id for row in objections})
    units = Unit.objects.in_bulk({unit for line in lines.values() for unit in line})
    people, barred = _people(units), _barred(objections)
    desks = {
        row.pk: [Desk(units[pk], people[pk] - barred[row.pk]) for pk in lines[row.bulletin.unit_id]]
        for row in objections
    }
    return {pk: [desk for desk in found if desk.people] for pk, found in desks.items()}


def _people(unit_ids):
    """{unit id: ids of the people whose own role there lets them answer and correct}."""
    roles = UnitRole.objects.filter(
        unit__in=unit_ids, role__in=GRANTS["objection.decide"], ended_on__isnull=True, user__is_active=True
    )
    found = defaultdict(set)
    for unit, user in roles.values_list("unit", "user"):
        found[unit].add(user)
    return found
