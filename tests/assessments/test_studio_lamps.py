"""七有: each lamp by its own facts, on made-up studios; nothing that happens to one lamp changes another."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.honours.studio_lamps import Facts, is_late, lacking, log_months, seven, year_before
from assessments.models import StudioRule
from teams import periods

TODAY = datetime.date(2026, 10, 15)
DAY = datetime.timedelta(days=1)
WHOLE = Facts(
    name="张三创新工作室",
    leader="张三",
    has_plaque=True,
    place="203",
    equipment="车床",
    grants=(TODAY,),
    members=3,
    rules=frozenset(StudioRule.Kind.values),
    entries=tuple(datetime.date(2026, month, 3) for month in (7, 8, 9)),
    results=(TODAY - 300 * DAY,),
)
BREAKS = {
    "sign": [{"has_plaque": False}, {"name": "检修创新工作室"}, {"leader": ""}],
    "place": [{"place": ""}, {"equipment": ""}],
    "funds": [{"grants": ()}, {"grants": (datetime.date(2025, 10, 15),)}, {"grants": (TODAY + DAY,)}],
    "members": [{"members": 2}, {"leader_is_there": False}],
    "rules": [{"rules": frozenset(StudioRule.Kind.values[1:])}],
    "log": [{"entries": WHOLE.entries[1:]}, {"entries": (TODAY,)}],
    "results": [{"results": ()}, {"results": (TODAY - 365 * DAY,)}, {"results": (), "claimed": 2}],
}
days = st.dates(datetime.date(2024, 1, 1), datetime.date(2028, 12, 31))
some_days = st.lists(days, max_size=8).map(tuple)
facts = st.builds(
    Facts,
    name=st.sampled_from(["张三创新工作室", "工作室", ""]),
    leader=st.sampled_from(["张三", "李四", ""]),
    has_plaque=st.booleans(),
    place=st.sampled_from(["", "203"]),
    equipment=st.sampled_from(["", "车床"]),
    grants=some_days,
    members=st.integers(0, 6),
    leader_is_there=st.booleans(),
    rules=st.frozensets(st.sampled_from(StudioRule.Kind.values)),
    entries=some_days,
    results=some_days,
    claimed=st.integers(0, 3),
    founded_on=days,
)


def lit(found, today=TODAY):
    return {lamp.key for lamp in seven(found, today) if lamp.is_lit}


def test_a_whole_studio_has_all_seven():
    assert len(lit(WHOLE)) == 7
    assert lacking(seven(WHOLE, TODAY)) == ""


@pytest.mark.parametrize(("key", "change"), [(key, change) for key, rows in BREAKS.items() for change in rows])
def test_what_is_missing_puts_out_its_lamp_and_no_other(key, change):
    lamps = seven(replace(WHOLE, **change), TODAY)
    assert {lamp.key for lamp in lamps if not lamp.is_lit} == {key}
    assert all(lamp.text for lamp in lamps)
    assert lacking(lamps)


@given(facts, days)
def test_there_are_always_seven_and_a_dark_one_says_why(found, today):
    lamps = seven(found, today)
    assert [lamp.name for lamp in lamps] == ["标识", "场所", "经费", "成员", "制度", "台账", "成果"]
    assert all(lamp.is_lit == (lamp.text == "齐全") for lamp in lamps)
    assert (lacking(lamps) == "") == all(lamp.is_lit for lamp in lamps)


@given(facts, days, some_days, st.integers(0, 3))
def test_more_of_anything_never_puts_a_lamp_out(found, today, more, people):
    richer = replace(
        found,
        grants=found.grants + more,
        entries=found.entries + more,
        results=found.results + more,
        members=found.members + people,
    )
    assert lit(found, today) <= lit(richer, today)


@given(facts, days)
def test_the_order_of_what_happened_does_not_matter(found, today):
    turned = replace(found, grants=found.grants[::-1], entries=found.entries[::-1], results=found.results[::-1])
    assert seven(turned, today) == seven(found, today)


@given(days, days)
def test_the_log_is_asked_for_three_months_at_most_and_for_none_before_the_studio(founded_on, today):
    months = log_months(founded_on, today)
    assert 1 <= len(months) <= 3
    assert months == sorted(months)
    assert all(month <= periods.period_of(today) for month in months)
    if founded_on <= today:
        assert all(month >= periods.period_of(founded_on) for month in months)


def test_a_studio_of_this_month_is_asked_for_this_month():
    assert log_months(TODAY, TODAY) == [202610]
    assert log_months(datetime.date(2026, 9, 30), TODAY) == [202609]


@pytest.mark.parametrize(("after", "late"), [(0, False), (7, False), (8, True)])
def test_an_entry_is_late_after_a_week(after, late):
    assert is_late(TODAY, TODAY + after * DAY) is late


@given(days)
def test_a_year_before_is_the_same_day_or_the_last_of_february(day):
    before = year_before(day)
    assert (before.year, before.month) == (day.year - 1, day.month)
    assert before.day == day.day or (day.month, day.day) == (2, 29)
