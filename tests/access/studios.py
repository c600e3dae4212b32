"""Studios in the plants of the access tests: one with all seven lit, one that is named and one that has to mend something."""

import datetime
import uuid
from types import SimpleNamespace

from django.utils import timezone

from assessments.models import Studio, StudioRule
from assessments.services import studio_money, studio_results, studios
from teams.photos import store_photo
from tests.factories import give_role, make_user
from tests.recording import picture, write
from tests.studios import log_kind

DAY = datetime.timedelta(days=1)


def studio_rows(team, *, leader, members, union, words="阀门研磨"):
    """{name: row} of the studio of a leader and what belongs to it; everything that people type is `words`."""
    place = SimpleNamespace(team=team, unit=team.unit, leader=leader, union=union, words=words)
    place.today = timezone.localdate()
    studio = _established(place, leader)
    rows = {"studio": studio, "studio_record": _log(place)}
    rows["studio_member"], *_ = [_joined(place, studio, person) for person in members]
    for kind in StudioRule.Kind.values:
        studios.set_rule(studio, kind, text=words, set_on=place.today, actor=leader)
    rows |= _money(place, studio)
    _verified(place, studio, rows["studio_record"])
    rows["studio_result"] = _entered(place, studio, rows["studio_record"])
    studio.refresh_from_db()
    return rows | {
        f"{state}_studio": _decided(place, state, rows["studio_record"]) for state in ("named", "rectifying")
    }


def _established(place, leader):
    facts = {"kind": "technique", "aims": place.words, "plan": place.words, "founded_on": place.today - 300 * DAY}
    studio = studios.establish(place.unit, leader, **facts, actor=place.union)
    there = {"place": place.words, "area": 40, "equipment": place.words}
    plaque = store_photo(picture(), team=None, actor=place.union)
    studios.describe(studio, plaque=plaque, **there, actor=place.union)
    return studio


def _joined(place, studio, person):
    facts = {"skill": place.words, "joined_on": studio.founded_on}
    return studios.add_member(studio, person, **facts, actor=place.union)


def _log(place):
    """A record of each of the last three months; returns the latest."""
    kind, day = log_kind(place.unit.parent or place.unit, place.union), place.today
    for _ in range(3):
        day = day.replace(day=1) - DAY
        facts = {"title": place.words, "values": {"topic": place.words}, "host": place.leader}
        record = write(kind, place.team, actor=place.leader, people=[place.leader], date=day, **facts)
    return record


def _money(place, studio):
    facts = {"date": place.today, "text": place.words, "voucher": place.words}
    hands = (("studio_grant", "unit_grant"), ("second", "union_grant"), ("studio_spending", "material"))
    rows = {
        name: studio_money.enter(studio, kind=kind, amount=50_000, **facts, source=uuid.uuid4(), actor=place.union)
        for name, kind in hands
    }
    return {name: rows[name] for name in ("studio_grant", "studio_spending")}


def _entered(place, studio, record):
    facts = {"kind": "project", "name": place.words[:80], "text": place.words, "date": place.today, "claimed": 100_000}
    file = store_photo(picture(), team=None, actor=place.leader)
    return studio_results.enter(studio, files=[file], activity=record, **facts, actor=studio.leader)


def _verified(place, studio, record):
    result = _entered(place, studio, record)
    studio_results.verify(result, 100_000, place.words, actor=give_role(place.unit, "finance"))


def _decided(place, state, record):
    """A studio that a round has named; one that has to mend something does so within a month."""
    studio = _established(place, make_user(name=f"{place.leader.name}{state}"))
    _verified(place, studio, record)
    Studio.objects.filter(pk=studio.pk).update(state=Studio.State.NAMED)
    studio.refresh_from_db()
    if state == "rectifying":
        studios.rectify(studio, place.today + 30 * DAY, place.words, actor=place.union)
    return studio


def add_to_world(world):
    """The clerk leads the studio, the worker belongs to it."""
    people = world.people
    hands = {"leader": people["clerk"], "members": [people["worker"], people["safety"]], "union": people["union"]}
    vars(world).update(studio_rows(world.team, **hands))
    world.studio_leader, world.newcomer_to_studio = people["deputy"].employee_no, people["deputy"].employee_no


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type about these things is markup."""
    hands = {"leader": other, "members": [make_user(name=markup), marked.chief]}
    vars(marked).update(studio_rows(marked.team, **hands, union=give_role(marked.unit, "union"), words=markup))


def add_many(team, many, chief):
    """That many studios of the unit with as many members, grants, results and rules; the chief belongs to none."""
    union = give_role(team.unit, "union")
    people = [row.user for row in team.memberships.select_related("user").exclude(user=chief).order_by("id")]
    rows = studio_rows(team, leader=people[0], members=[make_user() for _ in range(many + 1)], union=union)
    studio = rows["studio"]
    today = timezone.localdate()
    for number in range(many - 1):
        leader = make_user(name=f"李四{number}")
        place = SimpleNamespace(team=team, unit=team.unit, leader=leader, union=union, words="攻关", today=today)
        _entered(place, studio, rows["studio_record"])
        _decided(place, "rectifying", rows["studio_record"])


def add_guarded(team, leader, worker):
    """A row of each append-only table of studios."""
    studio_rows(team, leader=worker, members=[make_user(), make_user()], union=give_role(team.unit, "union"))


def words_of(team, people):
    """Words of tests/e2e/pages.py about these things."""
    hands = {"leader": make_user(name="张三"), "members": [people["worker"], make_user()], "union": people["manager"]}
    return {word: row.pk for word, row in studio_rows(team, **hands).items()} | {"study": "study"}
