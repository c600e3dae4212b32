"""A team in October 2026 and its watches, for tests; today is TODAY."""

import datetime

from teams.models import Membership, Team, Watch
from teams.services import watches
from tests import factories as make

TODAY = datetime.date(2026, 10, 14)
DAY, MORNING, MIDDLE, NIGHT = "day", "morning", "middle", "night"


def team_of(*names, pattern=Team.ShiftPattern.DAY):
    team = make.make_team(name="运行一值")
    Team.objects.filter(pk=team.pk).update(shift_pattern=pattern)
    team.refresh_from_db()
    for name, role in zip(names, ("leader", "clerk", *["worker"] * len(names)), strict=False):
        make.make_member(team, role, user=make.make_user(name=name))
    return team


def person(name):
    return Membership.objects.get(user__name=name).user


def october_of(day):
    return datetime.date(2026, 10, day)


def put(team, *cells, actor=None):
    """Plan the cells, each (day of October, shift, name), whatever stood there before."""
    changes = {}
    for day, shift, name in cells:
        old = Watch.objects.filter(team=team, date=october_of(day), shift=shift).first()
        changes[october_of(day), shift] = (old and old.user_id, name and person(name).pk)
    return watches.plan(team, changes, actor=actor)


def on_watch(team, day, name, shift=DAY, **fields):
    """A watch as it stands in the table, in the past too."""
    return Watch.objects.create(team=team, date=october_of(day), shift=shift, user=person(name), **fields)


def stored(team):
    """{(day, shift): name} of October."""
    return {(row.date.day, row.shift): row.user.name for row in Watch.objects.filter(team=team, date__month=10)}
