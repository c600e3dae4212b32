"""What comes by cycle is due so many days after it was last done, and runs on when it was not done."""

import datetime

import pytest
from django.utils import timezone

from activities.duties import DAY
from activities.models import Duty
from activities.services import duties, kinds
from tests import factories as make
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 10, 9)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Sets today: the Beijing date and the moment, noon."""

    def turn(day):
        noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
        monkeypatch.setattr("django.utils.timezone.now", lambda: noon)

    turn(FRIDAY)
    return turn


@pytest.fixture
def team():
    team = make.make_team(make.make_unit("本厂"), "一值")
    team.leader = make.make_member(team, "leader")
    return team


def ask(team, **fields):
    return make_kind(team.unit, cadence="cycle", is_asked=True, **fields)


def states(kind):
    """{(month, day) on which it is due: state}."""
    rows = Duty.objects.filter(kind=f"activity:{kind.pk}").order_by("due_on")
    return {(row.due_on.month, row.due_on.day): row.state for row in rows}


def keep(kind, team, day):
    return make_activity(kind, team, actor=team.leader, day=day.day, period=day.year * 100 + day.month)


def nights(clock, first, last):
    for number in range((last - first).days + 1):
        clock(first + number * DAY)
        duties.keep(first + number * DAY)


def test_a_cycle_runs_from_the_day_it_was_last_done(team, clock):
    kind = ask(team, cycle_days=7, grace_days=30)
    duties.keep(FRIDAY)
    assert states(kind) == {(10, 15): "open"}
    clock(FRIDAY + 2 * DAY)
    keep(kind, team, FRIDAY + 2 * DAY)
    assert states(kind) == {(10, 15): "done"}
    nights(clock, FRIDAY + 3 * DAY, FRIDAY + 5 * DAY)
    assert states(kind) == {(10, 15): "done", (10, 18): "open"}


def test_a_cycle_that_ran_out_is_followed_by_the_next(team, clock):
    kind = ask(team, cycle_days=3)
    nights(clock, FRIDAY, FRIDAY + 6 * DAY)
    assert states(kind) == {(10, 11): "missed", (10, 14): "missed", (10, 17): "open"}


def test_a_cycle_begins_with_the_record_before_it_was_asked(team):
    kind = make_kind(team.unit, cadence="cycle", cycle_days=7)
    keep(kind, team, FRIDAY - 2 * DAY)
    kinds.change(kind, actor=None, is_asked=True)
    assert states(kind) == {(10, 14): "open"}
