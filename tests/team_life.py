"""Kinds of activities and records of them, made as people make them."""

import datetime
import itertools
import uuid

from django.utils import timezone

from activities.models import ActivityKind, Participant
from activities.services import activities
from activities.services.activities import Content
from teams import periods
from teams.models import Team
from tests.factories import PERIOD

_numbers = itertools.count(1)


def make_kind(unit, **fields):
    """A kind of a unit that leaders record, without fields of its own unless told."""
    number = next(_numbers)
    usual = {"code": f"kind_{number}", "name": f"活动{number}", "group": "meeting", "recorders": ["leader"]}
    return ActivityKind.objects.create(unit=unit, **usual | {"taking_part": "none"} | fields)


def make_activity(kind, team=None, *, actor, day=5, period=PERIOD, people=(), as_draft=False, **content):
    """A record of a kind for a team, or for the kind's unit, on a day of a month."""
    date = periods.first_day(period) + datetime.timedelta(days=day - 1)
    facts = {"title": kind.name, "date": date, "people": dict.fromkeys(people, Participant.Part.MEMBER)}
    unit = team.unit if team else kind.unit
    more = {"unit": unit, "team": team, "actor": actor, "source": uuid.uuid4(), "as_draft": as_draft}
    return activities.record(kind, Content(**facts | content), **more)


def add_asked_kinds(root, many):
    """So many kinds that are due each week from every team, of which each team has kept one, and one of the units."""
    kinds = [make_kind(root, cadence="weekly", is_asked=True) for _ in range(many)]
    make_kind(root, cadence="weekly", is_asked=True, subject="unit", recorders=["manager"])
    for team in Team.objects.filter(unit__parent=root):
        leader = team.memberships.get(role="leader").user
        row = make_activity(kinds[0], team, actor=leader, date=timezone.localdate(), people=[leader])
        row.participants.update(part=Participant.Part.SPEAKER)
