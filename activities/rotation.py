"""Whose turn it is to host: the teams of a unit by when each last did, and who has not yet spoken this year."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from activities.access import visible_to
from activities.models import Activity, ActivityKind, Participant
from teams.access import access_of, subtree_ids
from teams.models import Membership, Team, Unit, User

SPEAKERS = "speakers"
"""The key of the field in which a kind names who spoke."""
NEXT_HOST, HOST = "next_host", "坐庄"
"""The key of the field in which the shipped kind names the next host, and the word in the label of an own one."""
LATEST = 12


@dataclass
class Turn:
    """A team in the order of its turn: when it last hosted (None for never) and how often."""

    team: Any
    last: Any = None
    times: int = 0


@dataclass
class Silent:
    """Those of a team who have not yet spoken, and how many members it has."""

    team: Any
    people: list
    members: int

    @property
    def spoken(self):
        return self.members - len(self.people)


def is_rotating(kind):
    """Whether teams take turns with a kind: it is theirs, no secret, and a field of it says who hosts."""
    says = (field["key"] == NEXT_HOST or HOST in field["label"] for field in kind.fields)
    return kind.subject == ActivityKind.Subject.TEAM and not kind.is_confidential and any(says)


def units_of(user, kind):
    """Open units below the kind's whose turns the person may see: those of unit roles and of the own teams."""
    access = access_of(user)
    reach = Q(pk__in=access.unit_ids("team.view")) | Q(teams__in=access.team_roles)
    return Unit.objects.open().filter(reach, pk__in=subtree_ids(kind.unit)).distinct()


def turns(kind, unit):
    """[Turn] of the teams of a unit and below, whose turn it is first: who never hosted, then who did longest ago."""
    records = Activity.objects.valid().filter(kind=kind, team__isnull=False).order_by().values_list("team_id")
    hosted = {team: (last, times) for team, last, times in records.annotate(Max("date"), Count("pk"))}
    teams = Team.objects.open().filter(unit__in=subtree_ids(unit)).select_related("unit")
    found = [Turn(team, *hosted.get(team.pk, (None, 0))) for team in teams]
    return sorted(found, key=lambda turn: (turn.last is not None, turn.last))


def latest(user, kind, unit):
    """The latest records of the kind in a unit that the person may see, each with the names of `speakers`."""
    rows = visible_to(user).filter(kind=kind, state=Activity.State.KEPT, unit__in=subtree_ids(unit))
    rows = list(rows.select_related("team__unit", "host").order_by("-date", "-id")[:LATEST])
    spoken = _speakers(rows)
    names = dict(User.objects.filter(pk__in=set().union(*spoken.values())).values_list("pk", "name"))
    for row in rows:
        row.speakers = [names[pk] for pk in sorted(spoken[row.pk]) if pk in names]
    return rows


def _speakers(rows):
    """{record id: ids of who spoke}, by their part in it or by the field that names them."""
    found = defaultdict(set, {row.pk: set(row.values.get(SPEAKERS, ())) for row in rows})
    spoke = Participant.objects.filter(activity__in=rows, part=Participant.Part.SPEAKER)
    for activity, user in spoke.values_list("activity_id", "user_id"):
        found[activity].add(user)
    return found


def silent(user, kind, unit, year):
    """[Silent] of the teams that the person may see: who of each has not yet spoken in a year."""
    teams = access_of(user).teams("team.view").filter(unit__in=subtree_ids(unit))
    rows = list(Activity.objects.valid().filter(kind=kind, team__in=teams, date__year=year).only("values"))
    spoken, members = set().union(*_speakers(rows).values()), defaultdict(list)
    stays = Membership.objects.open().filter(team__in=teams).select_related("team__unit", "user")
    for stay in stays.order_by("team__position", "team_id", "user__employee_no"):
        members[stay.team].append(stay.user)
    return [
        Silent(team, [one for one in people if one.pk not in spoken], len(people)) for team, people in members.items()
    ]
