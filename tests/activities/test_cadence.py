"""In which days something of a cadence is done once: any day lies in one span, and the spans follow each other."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.cadence import (
    AskedKind,
    Cadence,
    cycle_of,
    doers,
    is_asked_on,
    source_in,
    span_of,
    title_in,
    window_in,
)
from activities.duties import DAY
from teams import periods

BY_CALENDAR = [cadence for cadence in Cadence if cadence not in (Cadence.NONE, Cadence.CYCLE)]
days = st.dates(datetime.date(2019, 12, 1), datetime.date(2031, 2, 1))


def date(month, day, year=2026):
    return datetime.date(year, month, day)


@given(cadence=st.sampled_from(BY_CALENDAR), day=days)
def test_a_day_lies_in_one_span_and_the_next_begins_the_day_after_it_ends(cadence, day):
    first, last = span_of(cadence, day)
    assert first <= day <= last
    assert {span_of(cadence, first + number * DAY) for number in range((last - first).days + 1)} == {(first, last)}
    assert span_of(cadence, last + DAY)[0] == last + DAY
    assert span_of(cadence, first - DAY)[1] == first - DAY


@pytest.mark.parametrize(
    ("cadence", "first", "last"),
    [
        ("daily", date(10, 9), date(10, 9)),
        ("shift", date(10, 9), date(10, 9)),
        ("weekly", date(10, 5), date(10, 11)),
        ("twice_weekly", date(10, 8), date(10, 11)),
        ("monthly", date(10, 1), date(10, 31)),
        ("quarterly", date(10, 1), date(12, 31)),
        ("half_yearly", date(7, 1), date(12, 31)),
        ("yearly", date(1, 1), date(12, 31)),
    ],
)
def test_the_spans_around_the_ninth_of_october(cadence, first, last):
    assert span_of(cadence, date(10, 9)) == (first, last)


def test_a_week_over_the_end_of_the_year_is_one_week_and_belongs_to_january():
    span = span_of("weekly", date(12, 31))
    assert span == span_of("weekly", date(1, 3, 2027)) == (date(12, 28), date(1, 3, 2027))
    assert window_in(span, 0, lambda day: True).period == 202701


@given(day=days, cycle=st.integers(1, 1100), back=st.integers(0, 2400))
def test_a_cycle_holds_the_day_or_has_not_begun(day, cycle, back):
    span = cycle_of(day, cycle, kept=day - back * DAY)
    if back == 0:
        assert span is None
    else:
        first, last = span
        assert first <= day <= last
        assert (last - first).days == cycle - 1
        assert first == (day - back * DAY + DAY if back <= cycle else day)


@given(day=days, cycle=st.integers(1, 400))
def test_a_cycle_that_ran_out_is_followed_without_a_gap(day, cycle):
    _, last = cycle_of(day, cycle)
    assert cycle_of(last + DAY, cycle, missed=last)[0] == last + DAY


def test_what_was_done_late_moves_the_cycle_and_what_was_done_before_it_ran_out_does_not():
    assert cycle_of(date(10, 9), 7, kept=date(10, 6), missed=date(10, 4)) == (date(10, 7), date(10, 13))
    assert cycle_of(date(10, 9), 7, kept=date(10, 1), missed=date(10, 4)) == (date(10, 5), date(10, 11))


def test_by_the_day_only_days_of_work_are_asked_but_the_rest_always():
    rest = [cadence for cadence in Cadence if is_asked_on(cadence, "day", date(10, 1), lambda day: False)]
    assert {"daily", "shift"}.isdisjoint(rest)
    assert {"weekly", "monthly", "cycle"} <= set(rest)
    assert is_asked_on("daily", "rotating", date(10, 1), lambda day: False)


@given(cadence=st.sampled_from(BY_CALENDAR), day=days, grace=st.integers(0, 30))
def test_grace_begins_when_the_span_is_over(cadence, day, grace):
    first, last = span = span_of(cadence, day)
    window = window_in(span, grace, lambda date: date.weekday() < 5)
    assert (window.opens_on, window.due_on, window.period) == (first, last, periods.period_of(last))
    assert window.grace_until >= last


def kind(cadence, name="安全活动日"):
    facts = {"capability": "", "url": "", "args": ()}
    return AskedKind(code="activity:7", name=name, cadence=cadence, **facts, pk=7)


@pytest.mark.parametrize(
    ("cadence", "title"),
    [
        ("daily", "安全活动日（10月9日）"),
        ("weekly", "安全活动日（10月5日至11日）"),
        ("monthly", "安全活动日（2026年10月）"),
        ("quarterly", "安全活动日（2026年第4季度）"),
        ("half_yearly", "安全活动日（2026年下半年）"),
        ("yearly", "安全活动日（2026年）"),
    ],
)
def test_the_title_says_for_which_days(cadence, title):
    assert title_in(kind(cadence), span_of(cadence, date(10, 9))) == title


def test_a_title_over_two_months_and_one_of_a_shift():
    assert title_in(kind("weekly"), span_of("weekly", date(10, 1))) == "安全活动日（9月28日至10月4日）"
    assert title_in(kind("shift", "班前会"), (date(10, 9), date(10, 9)), "night") == "班前会（10月9日夜班）"


# -- Which record does which duty ----------------------------------------------------------------------------------------


def duty(opens_on, due_on=None, shift=""):
    source = source_in(kind("shift"), 12, (opens_on, due_on or opens_on), shift)
    return SimpleNamespace(opens_on=opens_on, due_on=due_on or opens_on, source=source)


def record(day, shift=""):
    return SimpleNamespace(date=day, shift=shift)


def test_a_record_within_the_days_does_the_duty_and_the_first_one_counts():
    asked, early = duty(date(10, 5), date(10, 11)), record(date(10, 11))
    assert doers([asked], [early, record(date(10, 5))]) == {asked.source: early}
    assert doers([asked], [record(date(10, 4)), record(date(10, 12))]) == {}


def test_a_shift_is_done_by_its_record_or_by_one_without_a_shift_that_no_other_shift_needs():
    morning, night = duty(date(10, 9), shift="morning"), duty(date(10, 9), shift="night")
    of_night, loose = record(date(10, 9), "night"), record(date(10, 9))
    assert doers([night, morning], [of_night]) == {night.source: of_night}
    assert doers([night, morning], [loose]) == {morning.source: loose}
    assert doers([night, morning], [of_night, loose]) == {morning.source: loose, night.source: of_night}
    assert doers([night, morning], [record(date(10, 9), "middle")]) == {}


shifts = st.lists(st.sampled_from(["", "morning", "middle", "night"]), max_size=6)


@given(recorded=shifts)
def test_records_without_a_shift_do_for_one_shift_each_and_none_is_left_while_there_is_one(recorded):
    asked = [duty(date(10, 9), shift=shift) for shift in ("morning", "middle", "night")]
    records = [record(date(10, 9), shift) for shift in recorded]
    done = doers(asked, records)
    own = {shift for shift in recorded if shift}
    assert len(done) == min(3, len(own) + recorded.count(""))
    assert len({id(row) for row in done.values()}) == len(done)
