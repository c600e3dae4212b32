"""Party records, a reserve leader and an election of one team, as the pages of several tests show them."""

import datetime
from types import SimpleNamespace

from django.utils import timezone

from activities.models import Election
from activities.services import commitments, elections, party, reserves
from tests import electing
from tests.factories import give_role, make_member, make_user
from tests.points import to_party


def party_rows(place, secretary, comrade, fellow, word="一值"):
    """What the Party pages of a unit hold: `place` has unit and team; comrade and fellow are Party members of the team."""
    unit, today, year = place.unit, timezone.localdate(), timezone.localdate().year
    facts = {"name": f"{word}党小组"[:40], "team": place.team, "leader": comrade, "formed_on": today}
    group = party.form_group(unit, **facts, actor=secretary)
    member = party.join_group(group, fellow, speciality=word[:40], joined_on=today, actor=secretary)
    facts = {"kind": "area", "name": word, "user": comrade, "duties": word, "started_on": today}
    ended = party.set_up_post(place.team, **facts, actor=secretary)
    party.end_post(ended, word, actor=secretary)
    post = party.set_up_post(place.team, **facts, actor=secretary)
    before, promise = (
        commitments.promise(unit, comrade, year=when, text=word, actor=comrade) for when in (year - 1, year)
    )
    for found in (before, promise):
        commitments.check_promise(found, quarter=1, result="under_way", note=word, actor=secretary)
    items = [{"name": word[:60], "aim": word}]
    mechanism = commitments.set_up(unit, name=word[:40], year=year, items=items, actor=secretary)
    commitments.step(mechanism, item=word[:60], percent=40, text=word, actor=secretary)
    rows = {"party_group": group, "group_member": member, "party_post": post, "promise": promise}
    return rows | {"mechanism": mechanism, "this_year": year}


def election_rows(team, caller, people, candidate):
    """An election in which one person has been named and has not answered."""
    town = SimpleNamespace(team=team, unit=team.unit, union=caller)
    election = electing.call(town)
    return {"election": election, "candidate": elections.nominate(election, candidate, actor=people[0])}


def add_to_world(world):
    """To the world of tests/access/world.py; the worker is a Party member, and so are two more."""
    people, today = world.people, timezone.localdate()
    committee = people["party"]
    world.committee = committee
    world.fellow, world.comrade = (
        make_member(world.team, user=make_user(f"U-{name}"), started_on=today) for name in ("fellow", "comrade")
    )
    to_party(world.fellow, world.comrade)
    vars(world).update(party_rows(world, committee, people["worker"], world.fellow))
    neighbour = world.unit.teams.exclude(pk=world.team.pk).first()
    world.liaison = party.appoint_liaison(neighbour, committee, today, actor=committee)
    facts = {"coach": people["leader"], "listed_on": today, "text": "技术骨干", "actor": people["manager"]}
    world.reserve = reserves.enlist(world.unit, people["worker"], **facts)
    hands = [people["leader"]], people["worker"]
    vars(world).update(election_rows(world.team, people["manager"], *hands))
    world.in_two_days, world.in_nine_days = (today + datetime.timedelta(days=ahead) for ahead in (2, 9))


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type about these things is markup."""
    fellow, keeper = make_member(marked.team, user=make_user(name=markup)), give_role(marked.unit, "party")
    to_party(other, fellow)
    vars(marked).update(party_rows(marked, keeper, other, fellow, markup))
    marked.liaison = party.appoint_liaison(marked.team, keeper, marked.today, actor=keeper)
    facts = {"coach": None, "listed_on": marked.today, "text": markup, "actor": keeper}
    marked.reserve = reserves.enlist(marked.unit, other, **facts)
    vars(marked).update(election_rows(marked.team, keeper, [fellow], other))
    Election.objects.filter(pk=marked.election.pk).update(reason=markup)


def add_many(team, many, chief):
    """For the query counts: that many of everything in a unit."""
    members = [make_member(team) for _ in range(many + 1)]
    to_party(*members)
    place = SimpleNamespace(unit=team.unit, team=team)
    keeper = give_role(team.unit, "party")
    for number in range(many):
        rows = party_rows(place, keeper, members[number], make_expert(), f"第 {number} 处")
        facts = {"coach": chief, "listed_on": timezone.localdate(), "text": "骨干", "actor": keeper}
        reserves.enlist(team.unit, members[number], **facts)
    for other in team.unit.teams.all():
        party.appoint_liaison(other, keeper, timezone.localdate(), actor=keeper)
    election = election_rows(team, keeper, [members[0]], members[0])["election"]
    electing.stand(election, *members[1:])
    return rows | {"election": election}


def make_expert():
    expert = make_user()
    to_party(expert)
    return expert


def add_guarded(team, leader, worker):
    """A row of each append-only table: checks, steps, a voter and a paper."""
    keeper, today = give_role(team.unit, "party"), timezone.localdate()
    fellow = make_member(team, started_on=today)
    to_party(worker, fellow)
    party_rows(SimpleNamespace(unit=team.unit, team=team), keeper, worker, fellow)
    facts = {"coach": leader, "listed_on": today, "text": "技术骨干", "actor": keeper}
    reserves.enlist(team.unit, worker, **facts)
    election = election_rows(team, keeper, [leader], worker)["election"]
    electing.stand(election, worker, fellow)
    electing.past(election, "nominate_until")
    elections.open_voting(election, actor=keeper)
    elections.vote(election, [], actor=leader)


def words_of(team, people):
    """Words of tests/e2e/pages.py about these things; also a ballot to give, and a result that hangs in another team."""
    fellow, worker = make_member(team, started_on=timezone.localdate()), people["worker"]
    to_party(worker, fellow)
    rows = party_rows(SimpleNamespace(unit=team.unit, team=team), people["party"], worker, fellow)
    party.appoint_liaison(team, people["party"], timezone.localdate(), actor=people["party"])
    facts = {"coach": people["leader"], "listed_on": timezone.localdate(), "text": "骨干", "actor": people["manager"]}
    rows["reserve"] = reserves.enlist(team.unit, worker, **facts)
    ballot = election_rows(team, people["manager"], [people["leader"]], worker)["election"]
    electing.stand(ballot, worker, fellow)
    electing.past(ballot, "nominate_until")
    elections.open_voting(ballot, actor=people["manager"])
    town = electing.make_team_to_vote(above=team.unit)
    rows |= {"ballot": ballot, "hung_election": electing.posted(town)}
    other = team.unit.teams.exclude(pk=team.pk).first()
    rows["election"] = electing.call(SimpleNamespace(team=other, union=people["manager"]))
    return {word: getattr(row, "pk", row) for word, row in rows.items()}
