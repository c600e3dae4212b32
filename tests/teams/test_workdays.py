"""Whoever counts working days asks the same calendar: the attendance grid, the notices of boards."""

import datetime

import pytest

from bulletins.services import publishing as boards
from teams import periods
from teams.attendance_grid import MonthGrid
from teams.models import Team, WorkDay
from teams.selectors import members_during
from teams.workdays import is_workday, last_day_of_notice, workdays_among
from tests import factories as make

pytestmark = pytest.mark.django_db

OCTOBER_OFF = {*range(1, 8), 11, 17, 18, 24, 25, 31}
"""Days off in October 2026: the holidays, and the weekends but for the Saturday that is worked instead."""


def usual(pattern, period):
    """{day: the code that the grid proposes}."""
    team = make.make_team()
    Team.objects.filter(pk=team.pk).update(shift_pattern=pattern)
    make.make_member(team)
    grid = MonthGrid(Team.objects.get(pk=team.pk), period, members_during(team, period))
    return {cell.day: cell.usual for cell in grid.rows[0].cells}


def test_the_grid_of_a_day_team_rests_on_days_off_and_works_the_saturday_that_is_made_up():
    codes = usual("day", 202610)
    assert {day for day, code in codes.items() if code == "休"} == OCTOBER_OFF
    assert (codes[10], codes[8]) == ("√", "√")


def test_the_grid_of_a_year_without_announcement_rests_on_weekends_and_on_own_days():
    WorkDay.objects.create(date=datetime.date(2027, 10, 1), is_workday=False, note="国庆节")
    WorkDay.objects.create(date=datetime.date(2027, 10, 9), is_workday=True, note="调休")
    codes = usual("day", 202710)
    weekends = {day.day for day in periods.days_of(202710) if day.weekday() >= 5}
    assert {day for day, code in codes.items() if code == "休"} == (weekends | {1}) - {9}


def test_a_shutdown_reaches_grid_and_notice_alike():
    before = last_day_of_notice(datetime.date(2026, 10, 8), 3)
    for day in (9, 10):
        WorkDay.objects.create(date=datetime.date(2026, 10, day), is_workday=False, note="停产检修")
    assert (before.day, last_day_of_notice(datetime.date(2026, 10, 8), 3).day) == (10, 13)
    codes = usual("day", 202610)
    assert {day for day, code in codes.items() if code == "休"} == OCTOBER_OFF | {9, 10}


@pytest.mark.parametrize(
    ("start", "end"),
    [((2026, 10, 8), (2026, 10, 10)), ((2026, 12, 31), (2027, 1, 4)), ((2027, 10, 1), (2027, 10, 5))],
)
def test_a_notice_runs_over_made_up_saturdays_and_into_unknown_years(start, end):
    assert last_day_of_notice(datetime.date(*start), 3) == datetime.date(*end)


def test_the_boards_ask_this_calendar():
    assert boards.last_day_of_notice is last_day_of_notice


def test_the_grid_asks_for_a_month_at_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        days = workdays_among(periods.days_of(202610))
    assert days == {day: is_workday(day, {}) for day in periods.days_of(202610)}
