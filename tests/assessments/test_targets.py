"""The target grade: which one, what is missing to it, the items that lose the points; goals read from scores and attendance."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities.goals.figures import series_of
from activities.services import goals
from activities.services.goals import Content
from assessments import targets
from assessments.models import Rectification, TeamScore
from assessments.targets import Target
from tests import factories as make

GRADES = [Target("优秀", 9000), Target("良好", 8000), Target("合格", 7000)]
OCTOBER = 202610


@pytest.mark.parametrize(
    ("score", "name", "chosen"),
    [(7500, "", "良好"), (6000, "", "合格"), (9500, "", "优秀"), (6000, "优秀", "优秀"), (7500, "没有", "良好")],
)
def test_the_next_grade_is_the_target_unless_one_is_chosen(score, name, chosen):
    assert targets.chosen_in(GRADES, score, name).name == chosen


def test_a_standard_without_grades_has_no_target():
    assert targets.chosen_in([], 9000, "优秀") is None


def line(code, points):
    return {"code": code, "name": f"第 {code} 项", "points": points}


def test_items_that_lose_most_come_first_until_it_is_enough():
    lines = [line("1.1", -50), line("1.2", -200), line("1.1", -100), line("", 300)]
    found = targets.losses_in(lines, 300)
    assert [(loss.code, loss.points, loss.times, loss.is_enough, loss.is_more) for loss in found] == [
        ("1.2", 200, 1, False, False),
        ("1.1", 150, 2, True, False),
    ]
    assert [loss.is_more for loss in targets.losses_in(lines, 200)] == [False, True]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-500, 500))), st.integers(0, 1000))
def test_nothing_is_lost_or_invented(pairs, missing):
    found = targets.losses_in([line(code, points) for code, points in pairs], missing)
    assert sum(loss.points for loss in found) == -sum(points for _, points in pairs if points < 0)
    is_reached = bool(found) and sum(loss.points for loss in found) >= missing > 0
    assert sum(loss.is_enough for loss in found) == is_reached
    more = [loss.is_more for loss in found]
    assert more == sorted(more)


# -- The page and the figures --------------------------------------------------------------------------------------------


@pytest.fixture
def month(db):
    """A closed October of two teams."""
    unit = make.make_ready_unit()
    make.close_month(unit)
    return unit


def content(figure, **facts):
    usual = {"horizon": "short", "title": figure, "measure": figure, "target": 9000, "figure": figure}
    return Content(**usual | {"starts_on": datetime.date(2026, 10, 1), "due_on": datetime.date(2026, 10, 31)} | facts)


def test_the_page_shows_the_gap_and_leads_to_a_goal_and_to_measures(client, month):
    team = month.teams.first()
    leader = team.memberships.get(role="leader").user
    score = TeamScore.objects.get(team=team)
    client.force_login(leader)
    page = reverse("assessments:target", args=[team.pk, OCTOBER])
    answer = client.get(page, {"grade": "优秀"})
    assert answer.context["missing"] == max(9000 - score.score, 0)
    assert [loss.code for loss in answer.context["losses"]] == ["1.1"]
    form = client.get(answer.context["goal_address"]).context["form"]
    assert (form["figure"].value(), form["target"].value()) == ("score", "90")
    goal = goals.set_goal(content("score"), unit=month, team=team, actor=leader)
    text = client.get(page).content.decode()
    address = reverse("activities:goal", args=[goal.pk])
    assert f"{address}?measure=1.1" in text
    assert client.get(f"{address}?measure=1.1 班前会").context["measure_form"]["text"].value() == "1.1 班前会"
    client.force_login(team.memberships.filter(role="worker").first().user)
    answer = client.get(page)
    assert answer.context["goal"] is None
    assert "立成班组目标" not in answer.content.decode()


def test_a_month_without_a_score_says_so(client, month):
    team = month.teams.first()
    client.force_login(team.memberships.get(role="leader").user)
    answer = client.get(reverse("assessments:target", args=[team.pk, 202601]))
    assert "2026年1月没有得分：没有算过，或者那时还没有这个班组。" in answer.content.decode()


def read(unit, figure, **owner):
    """The values of a goal read from a figure."""
    goal = goals.set_goal(content(figure), unit=unit, actor=make.make_user(), **owner)
    return [value for _, value in series_of([goal])[goal.pk]]


def test_scores_and_ranks_are_read_from_the_close(month):
    first, second = month.teams.all()
    scores = {row.team_id: row for row in TeamScore.objects.all()}
    assert read(month, "score", team=first) == [scores[first.pk].score]
    assert read(month, "rank", team=second) == [100 * scores[second.pk].rank]
    mean = sum(row.score for row in scores.values()) / 2
    assert abs(read(month, "score")[0] - mean) <= 0.5
    assert read(make.make_unit(), "score") == []


def test_attendance_is_the_share_of_expected_days(month):
    team = month.teams.first()
    assert read(month, "attendance", team=team) == [10000]
    other = make.make_team(month)
    make.make_member(other)
    make.make_attendance(other, codes="√√休事")
    assert read(month, "attendance", team=other) == [6667]


def test_open_rectifications_of_today(month):
    team = month.teams.first()
    number = Rectification.objects.filter(team=team).count()
    assert number
    assert read(month, "open_rectifications", team=team) == [100 * number]
    assert read(month, "open_rectifications") == [100 * Rectification.objects.count()]
    leader, worker, *_ = [row.user for row in team.memberships.order_by("pk")]
    done = {"reported_by": worker, "reported_at": timezone.now(), "closed_by": leader, "closed_at": timezone.now()}
    Rectification.objects.filter(team=team).update(state="closed", assignee=worker, **done)
    assert read(month, "open_rectifications", team=team) == [0]
