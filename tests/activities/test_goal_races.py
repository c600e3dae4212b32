"""A goal is set once, however often its form is sent."""

import datetime
from functools import partial

import pytest
from django.utils import timezone

from activities.models import Goal
from activities.services import goals
from activities.services.goals import Content
from teams.models import AuditEntry
from tests.ideas import Scene
from tests.races import at_once


def content(title="得分 90"):
    today = timezone.localdate()
    days = {"starts_on": today, "due_on": today + datetime.timedelta(days=50)}
    return Content(horizon="short", title=title, measure="月度得分", target=9000, baseline=8000, **days)


@pytest.mark.django_db(transaction=True)
def test_a_goal_sent_from_two_tabs_at_once_is_set_once():
    scene = Scene()
    own = {"unit": scene.unit, "team": scene.team, "actor": scene.owner}
    assert at_once(*[partial(goals.set_goal, content(), **own)] * 5) == ["done"] * 5
    (goal,) = Goal.objects.all()
    assert AuditEntry.objects.filter(verb="goal.set").count() == 1
    goals.end(goal, "dropped", "换了办法", actor=scene.owner)
    assert goals.set_goal(content(), **own) != goal


@pytest.mark.django_db(transaction=True)
def test_control_goals_that_differ_or_belong_to_others_are_all_set():
    scene = Scene()
    own = {"unit": scene.unit, "team": scene.team, "actor": scene.owner}
    sent = [(content(), own), (content(title="别的目标"), own), (content(), own | {"team": scene.other_team})]
    assert at_once(*[partial(goals.set_goal, said, **owner) for said, owner in sent]) == ["done"] * 3
    assert Goal.objects.count() == 3
