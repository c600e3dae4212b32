"""Pages of learning ask the database the same few questions whether they show one row or three of everything."""

import pytest
from django.urls import reverse

from teams.models import Certificate, Honour
from teams.services import papers
from tests import factories as make
from tests.activities.learning import card, contest, kind, propose, record, running, today, write_vision

pytestmark = pytest.mark.django_db
QUERIES = {
    "learning": 12,
    "lecturers": 10,
    "growth-list": 16,
    "growth": 26,
    "visions": 14,
    "own-vision": 14,
    "vision": 11,
    "mentorships": 10,
    "mentorship": 7,
    "practice": 17,
    "practice-cards": 14,
    "practice-team": 15,
    "contests": 9,
    "contest": 11,
    "contest-enter": 11,
    "contest-scores": 10,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def plant(request):
    """(the leader of the first team, who runs the unit as well; {page: argument})"""
    many, unit = request.param, make.make_unit()
    chief = make.give_role(unit, "manager")
    teams = [make.make_team(unit) for _ in range(many)]
    leaders = [make.make_member(team, "leader", user=chief if team == teams[0] else None) for team in teams]
    for team, leader in zip(teams, leaders, strict=True):
        for number in range(many):
            _member(team, leader, number)
    cards = [card(unit, chief, f"第 {number} 题") for number in range(many)]
    worker = make.make_member(teams[0])
    vision = write_vision(worker, is_shown=True)
    _plan(vision, many, chief)
    _plan(write_vision(chief), many, worker)
    _answers(cards, [chief, worker])
    people = [make.make_member(teams[-1]) for _ in range(many + 1)]
    ran, other = (contest(unit, chief, *people, state="running", name=name) for name in ("甲", "乙"))
    for _ in range(many):
        contest(unit, chief, *people, state="ranked")
    first = running(teams[0], make.make_member(teams[0]), worker, chief)
    pages = {"growth": worker, "vision": vision, "mentorship": first, "practice-team": teams[0], "contest": ran}
    return chief, pages | {"contest-enter": other, "contest-scores": ran}


def _member(team, leader, number):
    user = make.make_member(team)
    lesson = record(kind(team.unit, f"class_{number}"), user, unit=team.unit, team=team, actor=leader)
    type(lesson).objects.filter(pk=lesson.pk).update(values={"speaker": user.pk})
    write_vision(user)
    facts = {"level": "company", "granted_by": "集团", "granted_on": today(), "actor": leader}
    papers.add(Honour, user, name="安全标兵", **facts)
    papers.add(Certificate, user, name="焊工证", number="", issued_on=None, expires_on=None, actor=leader)
    propose(team, leader, user, leader)


def _plan(vision, many, reviewer):
    for number in range(many):
        vision.items.create(text=f"第 {number} 条", due_on=today())
        vision.reviews.create(reviewer=reviewer, text="挺好")


def _answers(cards, people):
    for found in cards:
        for user in people:
            found.practices.create(user=user, result="unknown")


def test_pages_of_learning_ask_no_more_for_more_rows(plant, client, django_assert_num_queries):
    chief, arguments = plant
    client.force_login(chief)
    client.get(reverse("activities:learning"))  # the first visit notes the time in the session
    for name, queries in QUERIES.items():
        page = reverse(f"activities:{name}", args=[arguments[name].pk] if name in arguments else [])
        with django_assert_num_queries(queries, info=name):
            assert client.get(page).status_code == 200
