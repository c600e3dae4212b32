"""Applications in the plants of the access tests: a round without one, a draft with a proof, one that waits for an opinion."""

from types import SimpleNamespace

from django.utils import timezone

from assessments.models import Application
from tests.applying import (
    CONDITIONS,
    CRITERIA,
    LEVELS,
    MATERIALS,
    begin,
    hand_in,
    make_programme,
    open_round,
    prove,
    record,
)
from tests.factories import make_member, make_team


def rows_of(team, *, leader, union, words="学规程", role="union"):
    """{name: row} of three open rounds of a team's honour; everything that people type is `words`."""
    place = SimpleNamespace(team=team, leader=leader, union=union, words=words, short=words[:20], role=role)
    place.activity = record(team, leader, title=words, minutes=words)
    record(team, leader, title=f"又一次{words}"[:100])
    bare, drafted, handed_in = (_round(place, number) for number in range(3))
    draft, submitted = _application(place, drafted), hand_in(_application(place, handed_in), leader, **_typed(place))
    return {
        "bare_round": bare,
        "handed_in_round": handed_in,
        "draft_application": draft,
        "application": submitted,
        "application_proof": draft.proofs.get(),
        "more_proof": record(team, leader, title=f"再一次{words}"[:100]),
    }


def _round(place, number):
    rows = [row | {"name": place.words, "group": place.short} for row in CRITERIA]
    content = {
        "criteria": rows,
        "conditions": [row | {"text": place.words} for row in CONDITIONS],
        "materials": [row | {"name": place.words} for row in MATERIALS],
        "levels": [LEVELS[0] | {"name": place.short, "roles": [place.role]}],
    }
    names = {"code": f"apply-{number}", "name": f"{place.words} {number}"[:40], "title": place.words}
    programme = make_programme(place.team.unit, **content, **names)
    return open_round(programme, place.union, name=place.words, invitation=place.words)


def _application(place, opened):
    application = begin(opened, place.leader, place.team)
    prove(application, place.activity, place.leader)
    return application


def _typed(place):
    return {"story": place.words, "answers": {"safe": place.words}}


def add_to_world(world):
    people = world.people
    vars(world).update(rows_of(world.team, leader=people["leader"], union=people["union"]))
    draft = Application.objects.get(pk=world.draft_application.pk)
    world.application_seen, world.applicant = draft.saved_at.isoformat(), f"team-{world.team.pk}"


def add_marked(marked, other, markup):
    """To the plant of tests/access/test_markup.py: all that people type about applications is markup."""
    vars(marked).update(rows_of(marked.team, leader=marked.chief, union=marked.chief, words=markup))


def words_of(team, people):
    """What the pages of the browser name: ids of rounds and applications."""
    rows = rows_of(team, leader=people["leader"], union=people["manager"], role="manager")
    return {name: row.pk for name, row in rows.items()} | {"0": 0, "3": 3}


def add_many(team, many, chief):
    """In the rounds of a team that many more applications of other teams and that many more proofs."""
    rows = rows_of(team, leader=chief, union=chief)
    for number in range(many - 1):
        activity = record(team, chief, title=f"活动 {number}")
        for application in (rows["draft_application"], rows["application"]):
            Application.objects.filter(pk=application.pk).update(state="draft")
            prove(application, activity, chief)
        Application.objects.filter(pk=rows["application"].pk).update(state="submitted")
        leader = make_member(make_team(team.unit), "leader")
        application = begin(rows["handed_in_round"], leader)
        prove(application, record(application.team, leader), leader)
        hand_in(application, leader)
    return rows


def add_guarded(team, leader, other):
    """An application with the first step of its history, a review that is given, a visit and an answered challenge."""
    row = begin(open_round(make_programme(team.unit), leader), leader, team)
    now = timezone.now()
    given = {"marks": {"safe": 0}, "total": 0, "state": "done", "done_at": now}
    row.reviews.create(reviewer=other, alias="评委甲", assigned_by=leader, **given)
    row.panels.create(kind="visit", date=now.date(), people="考察组", text="看了现场", entered_by=leader)
    answer = {"state": "dismissed", "answer": "不属实", "answered_by": leader, "answered_at": now}
    row.challenges.create(filed_by=other, text="安全台账是补的", **answer)
