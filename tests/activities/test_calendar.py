"""When things are due, by pure arithmetic: the October 2026 calendar with its holidays, and what holds for any calendar."""

import datetime
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from activities.duties import (
    ATTENDANCE_CONFIRM,
    DAY,
    SELF_CHECK,
    days_late,
    level_of,
    opens,
    window_of,
    working_day,
)
from teams import periods
from teams.workdays import is_workday


def date(month, day):
    return datetime.date(2026, month, day)


def public(day):
    return is_workday(day, {})


def shut(*days):
    """The public calendar with days of a shutdown."""
    return lambda day: day not in days and public(day)


def test_the_calendar_of_october_2026_is_what_these_tests_take_it_for():
    off = [day.day for day in periods.days_of(202610) if not public(day)]
    assert off == [1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 24, 25, 31]
    assert public(date(10, 10))
    assert public(date(9, 20))


# -- Working days --------------------------------------------------------------------------------------------------------


def test_a_working_day_skips_the_holiday_and_counts_the_saturday_worked_instead():
    assert working_day(date(9, 30), 0, public) == date(9, 30)
    assert [working_day(date(9, 30), count, public).day for count in (1, 2, 3, 4)] == [8, 9, 10, 12]


def test_days_of_a_shutdown_are_off():
    assert working_day(date(9, 30), 1, shut(date(10, 8), date(10, 9))) == date(10, 10)


days = st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 11, 30))
shutdowns = st.sets(days, max_size=40)


@given(day=days, count=st.integers(0, 20), closed=shutdowns)
def test_a_working_day_is_worked_and_the_count_of_them_lies_between(day, count, closed):
    works = shut(*closed)
    end = working_day(day, count, works)
    between = [day + number * DAY for number in range(1, (end - day).days + 1)]
    assert sum(map(works, between)) == count
    assert not count or works(end)


# -- Windows -------------------------------------------------------------------------------------------------------------


def test_septembers_attendance_is_due_on_the_third_working_day_after_the_holiday():
    window = window_of(ATTENDANCE_CONFIRM, date(9, 30), 2, public)
    assert (window.period, window.opens_on) == (202609, date(9, 30))
    assert (window.due_on, window.grace_until) == (date(10, 10), date(10, 13))


def test_a_self_check_is_due_that_day_and_its_grace_leaps_over_the_holiday():
    window = window_of(SELF_CHECK, date(9, 30), 1, public)
    assert (window.period, window.opens_on, window.due_on, window.grace_until) == (
        202609,
        date(9, 30),
        date(9, 30),
        date(10, 8),
    )
    assert window_of(SELF_CHECK, date(10, 1), 0, public).grace_until == date(10, 1)


kinds = st.sampled_from([SELF_CHECK, ATTENDANCE_CONFIRM])


@given(kind=kinds, day=days, grace=st.integers(0, 30), closed=shutdowns)
def test_nothing_is_due_before_it_opens_and_grace_is_counted_in_working_days(kind, day, grace, closed):
    works = shut(*closed)
    window = window_of(kind, day, grace, works)
    assert window.opens_on == day <= window.due_on <= window.grace_until
    assert window.period == periods.period_of(day)
    assert days_late(window.due_on, window.grace_until, works) == grace


def test_day_teams_check_on_working_days_and_rotating_teams_every_day():
    asked = {
        pattern: [day.day for day in periods.days_of(202610) if opens(SELF_CHECK, pattern, day, public)]
        for pattern in ("day", "rotating")
    }
    assert asked["rotating"] == list(range(1, 32))
    assert asked["day"] == [8, 9, 10, *range(12, 17), *range(19, 24), *range(26, 31)]


def test_attendance_opens_on_the_last_day_whether_worked_or_not():
    days = periods.days_of(202610)
    assert [day.day for day in days if opens(ATTENDANCE_CONFIRM, "day", day, public)] == [31]


# -- Escalation ----------------------------------------------------------------------------------------------------------


def level(due_on, today, state="open", works=public):
    return level_of(SimpleNamespace(due_on=due_on, state=state), today, works)


def test_the_holiday_escalates_nothing():
    assert {level(date(9, 30), date(10, day)) for day in range(1, 10)} == {0}
    assert [level(date(9, 30), date(10, day)) for day in (9, 10)] == [0, 1]  # 8, 9 and the Saturday worked instead


def test_the_plant_is_told_on_the_seventh_working_day():
    assert [level(date(9, 30), date(10, day)) for day in (14, 15, 16)] == [1, 2, 2]


def test_a_shutdown_delays_the_escalation():
    works = shut(date(10, 10), date(10, 12))
    assert [level(date(9, 30), date(10, day), works=works) for day in (12, 13)] == [0, 1]


def test_only_what_is_open_escalates():
    assert {level(date(9, 30), date(10, 20), state) for state in ("done", "late", "missed", "waived")} == {0}


@given(due=days, wait=st.integers(-10, 60), closed=shutdowns)
def test_it_never_comes_down_again_and_never_starts_before_the_due_day(due, wait, closed):
    works, today = shut(*closed), due + wait * DAY
    late = days_late(due, today, works)
    assert level(due, today, works=works) <= level(due, today + DAY, works=works)
    assert level(due, today, works=works) == (0 if late < 3 else 1 if late < 7 else 2)
    assert wait > 0 or late == 0
