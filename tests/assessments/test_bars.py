"""What keeps somebody from being named: calendar months, whom a case concerns, and vetoes of closed months."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.errors import AssessmentError, StaleState
from assessments.honours.bars import barred_until, bars_by_subject, bars_of, holds
from assessments.models import Bar, Studio
from assessments.services import bars, conditions
from teams.models import AuditEntry
from tests import factories as make
from tests.assessments.honours import DAY, make_programme, today

Date = datetime.date
days = st.dates(Date(2000, 1, 1), Date(2080, 12, 31))


# -- Calendar months -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened_on", "months", "free_on"),
    [
        (Date(2026, 3, 1), 36, Date(2029, 3, 1)),
        (Date(2026, 8, 31), 6, Date(2027, 2, 28)),
        (Date(2027, 8, 31), 6, Date(2028, 2, 29)),
        (Date(2026, 12, 31), 1, Date(2027, 1, 31)),
        (Date(2026, 1, 15), 12, Date(2027, 1, 15)),
    ],
)
def test_months_are_those_of_the_calendar(happened_on, months, free_on):
    assert barred_until(happened_on, months) == free_on


@given(days, st.integers(1, 120), st.integers(-40, 4000))
def test_a_case_bars_from_its_day_until_the_day_that_is_free(happened_on, months, later):
    free_on, on = barred_until(happened_on, months), happened_on + later * DAY
    assert holds(happened_on, months, on) == (happened_on <= on < free_on)
    assert (free_on.year * 12 + free_on.month) - (happened_on.year * 12 + happened_on.month) == months
    assert free_on.day == happened_on.day or (free_on + DAY).day == 1


# -- Whom a case concerns --------------------------------------------------------------------------------------------------


@pytest.fixture
def plant(db):
    """A company with a unit of two teams and another unit with one; its programme bars accidents for 36 months."""
    root = make.make_unit()
    unit, other = make.make_unit(parent=root), make.make_unit(parent=root)
    teams = [make.make_team(unit), make.make_team(unit), make.make_team(other)]
    return {"root": root, "unit": unit, "teams": teams, "programme": make_programme(root), "actor": make.make_user()}


def record(plant, unit, back=10, code="accident", **about):
    facts = {"code": code, "text": "锅炉灭火", "happened_on": today() - back * DAY}
    return bars.record(unit, actor=plant["actor"], **facts | about)


def barred(plant):
    """Which of the three teams are barred today."""
    return [bool(bars_of(team, plant["programme"], today())) for team in plant["teams"]]


def test_nothing_recorded_bars_nobody(plant):
    assert barred(plant) == [False, False, False]


def test_a_case_of_a_team_is_its_own(plant):
    record(plant, plant["unit"], team=plant["teams"][0])
    assert barred(plant) == [True, False, False]


def test_a_case_of_a_unit_is_that_of_its_teams(plant):
    record(plant, plant["unit"])
    assert barred(plant) == [True, True, False]


def test_a_case_of_the_company_is_everybodys(plant):
    record(plant, plant["root"])
    assert barred(plant) == [True, True, True]


def test_a_case_says_what_and_until_when(plant):
    bar = record(plant, plant["unit"], happened_on=Date(2026, 3, 1))
    (said,) = bars_of(plant["teams"][0], plant["programme"], Date(2026, 5, 1))
    assert said == "2026-03-01 安全事故：锅炉灭火，36 个月内不能参评（到 2029-03-01）"
    assert bars_of(plant["teams"][0], plant["programme"], Date(2029, 2, 28))
    assert bars_of(plant["teams"][0], plant["programme"], Date(2029, 3, 1)) == []
    assert bars_of(plant["teams"][0], plant["programme"], bar.happened_on - DAY) == []


def test_what_a_programme_does_not_veto_bars_nobody(plant):
    record(plant, plant["unit"], code="pollution")
    assert barred(plant) == [False, False, False]


def test_a_person_answers_for_the_own_cases_alone(plant):
    person, conditions = make.make_member(plant["teams"][0]), plant["programme"].conditions
    record(plant, plant["unit"])
    assert bars_by_subject([person], conditions, today()) == {person: []}
    record(plant, plant["unit"], user=person)
    assert len(bars_by_subject([person], conditions, today())[person]) == 1
    assert len(bars_of(plant["teams"][0], plant["programme"], today())) == 1


def test_a_studio_answers_for_its_leader_and_its_unit(plant):
    leader = make.make_member(plant["teams"][0])
    facts = {"name": "张三工作室", "kind": "technique", "founded_on": today(), "created_by": leader}
    studio = Studio.objects.create(unit=plant["unit"], leader=leader, **facts)
    record(plant, plant["unit"], team=plant["teams"][0])
    assert bars_of(studio, plant["programme"], today()) == []
    record(plant, plant["unit"], user=leader)
    assert len(bars_of(studio, plant["programme"], today())) == 1
    record(plant, plant["root"], back=20)
    assert len(bars_of(studio, plant["programme"], today())) == 2


def test_bars_of_many_need_no_more_queries_than_of_one(plant, django_assert_num_queries):
    record(plant, plant["unit"])
    for subjects in (plant["teams"][:1], plant["teams"]):
        with django_assert_num_queries(3):
            bars_by_subject(subjects, plant["programme"].conditions, today())


# -- Recording and taking back ---------------------------------------------------------------------------------------------


def test_a_case_is_recorded_once_and_not_before_it_happens(plant):
    bar = record(plant, plant["unit"])
    with pytest.raises(AssessmentError, match="已经登记过了"):
        record(plant, plant["unit"])
    with pytest.raises(AssessmentError, match="今天以后"):
        record(plant, plant["unit"], back=-1)
    assert list(Bar.objects.all()) == [bar]
    assert AuditEntry.objects.filter(verb="bar.recorded").count() == 1


def test_a_case_is_taken_back_once(plant):
    bar = record(plant, plant["unit"])
    bars.lift(bar, "登记错了单位", actor=plant["actor"])
    assert barred(plant) == [False, False, False]
    with pytest.raises(StaleState):
        bars.lift(bar, "再取消", actor=plant["actor"])
    assert AuditEntry.objects.filter(verb="bar.lifted").count() == 1
    record(plant, plant["unit"])
    assert barred(plant) == [True, True, False]


@pytest.mark.django_db
def test_a_month_with_a_veto_bars_once_it_is_closed():
    unit = make.make_ready_unit(teams=2)
    vetoed, other = unit.teams.order_by("id")
    conditions.add_veto(vetoed, make.PERIOD, "发生轻伤", actor=None)
    programme, on = make_programme(unit), Date(2026, 11, 20)
    make.compute_month(unit)
    assert bars_of(vetoed, programme, on) == []
    make.close_month(unit)
    (said,) = bars_of(vetoed, programme, on)
    assert "月度考核一票否决：2026年10月 发生轻伤，12 个月内不能参评（到 2027-10-31）" in said
    assert bars_of(other, programme, on) == []
    assert bars_of(vetoed, programme, Date(2027, 10, 30))
    assert bars_of(vetoed, programme, Date(2027, 10, 31)) == []
