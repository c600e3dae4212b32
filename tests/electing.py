"""An election in a team, brought as far as a test needs it."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from activities.models import Candidate, Election
from activities.services import election_results, elections
from tests import factories as make

STEPS = ("nominating", "voting", "counted", "posted", "appointed")


def make_team_to_vote(members=5, above=None):
    """A team of a leader and workers in a unit (below `above`), with a manager and a person of the union there."""
    team = make.make_team(make.make_unit(parent=above))
    leader = make.make_member(team, "leader")
    workers = [make.make_member(team) for _ in range(members - 1)]
    people = {"leader": leader, "workers": workers, "members": [leader, *workers]}
    people |= {"manager": make.give_role(team.unit, "manager"), "union": make.give_role(team.unit, "union")}
    return SimpleNamespace(team=team, unit=team.unit, **people)


def call(town, post="班长", posts=1, **changes):
    """Call an election of today, nominations for two days, the vote for five."""
    today = timezone.localdate()
    days = {name: today + datetime.timedelta(days=ahead) for name, ahead in (("nominate_until", 2), ("vote_until", 5))}
    facts = {"post": post, "posts": posts, "term_months": 36} | days | changes
    return elections.call(town.team, actor=town.union, **facts)


def past(election, name, days=1):
    """Let a day of an election have been over for so many days; what stands in front of it moves along."""
    day = timezone.localdate() - datetime.timedelta(days=days)
    moved = {name: day}
    if name == "vote_until":
        moved["nominate_until"] = day - datetime.timedelta(days=1)
    Election.objects.filter(pk=election.pk).update(**moved)
    election.refresh_from_db()


def stand(election, *users):
    """Let these people nominate themselves; their Candidates, in order."""
    return [elections.nominate(election, user, actor=user) for user in users]


def voting(town, standing=2, **facts):
    """An election in which that many workers stand and all may vote."""
    election = call(town, **facts)
    stand(election, *town.workers[:standing])
    past(election, "nominate_until")
    elections.open_voting(election, actor=town.union)
    election.refresh_from_db()
    return election


def candidates(election):
    return list(Candidate.objects.filter(election=election, stands=True).order_by("id"))


def cast(election, town, *choices):
    """The first members vote for these candidates, each a list of places among them."""
    rows = candidates(election)
    for member, places in zip(town.members, choices, strict=False):
        elections.vote(election, [rows[place].pk for place in places], actor=member)


def counted(town, *choices, **facts):
    """An election counted after everybody voted; by default all for the first candidate."""
    election = voting(town, **facts)
    cast(election, town, *(choices or [[0]] * len(town.members)))
    past(election, "vote_until")
    elections.count(election, actor=town.union)
    election.refresh_from_db()
    return election


def posted(town, **facts):
    election = counted(town, **facts)
    election_results.post_result(election, 3, actor=town.union)
    election.refresh_from_db()
    return election


def appointed(town, **facts):
    election = posted(town, **facts)
    past(election, "notice_until")
    election_results.appoint(election, actor=town.manager)
    election.refresh_from_db()
    return election


def cancelled(town):
    election = call(town)
    election_results.cancel(election, "报名的人不够", actor=town.union)
    election.refresh_from_db()
    return election


BRING = {
    "nominating": call,
    "voting": voting,
    "counted": counted,
    "posted": posted,
    "appointed": appointed,
    "cancelled": cancelled,
}
"""state -> function of the town that brings an election there."""
