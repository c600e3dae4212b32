"""A correction of an approved month on its way through score, bonus, explanation and board of the next month."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from assessments.boards import attendance_board
from assessments.inputs import fingerprint
from assessments.models import MemberScore, MonthClose, TeamScore
from assessments.services import closes
from incentives.explain import explain
from incentives.rules.definition import factors_of, read_rule
from incentives.services.rules import presets
from teams.models import AttendanceCorrection, Membership
from teams.services import corrections
from tests import factories as make
from tests.frozen import inputs_of

SEPTEMBER, OCTOBER = 202609, 202610
DAY = datetime.date(2026, 9, 20)


@pytest.fixture
def unit(db):
    """A unit with a closed September and an open October."""
    unit = make.make_ready_unit(SEPTEMBER, teams=1)
    make.close_month(unit, SEPTEMBER)
    return unit


def corrected(unit, new_code="√", hours=300):
    """The manager approves that a worker was there on a day that September has empty; returns the worker."""
    team = unit.teams.get()
    leader, worker, _ = (row.user for row in Membership.objects.filter(team=team).order_by("id"))
    found = corrections.propose(team, worker, DAY, new_code=new_code, hours=hours, reason="漏记一天", actor=leader)
    corrections.approve(found, actor=make.give_role(unit, "manager"))
    return worker


def october_closed(unit):
    team = unit.teams.get()
    make.make_attendance(team, OCTOBER)
    make.approve_attendance(team, OCTOBER)
    return make.close_month(unit, OCTOBER)


def test_it_is_paid_in_the_next_month_and_told_there(unit):
    september = MonthClose.objects.get(unit=unit, period=SEPTEMBER)
    worker, close = corrected(unit), october_closed(unit)
    distribution = make.make_bonus(unit.teams.get(), OCTOBER)
    days = dict(distribution.lines.values_list("user", "days"))
    assert days.pop(worker.pk) == 6
    assert set(days.values()) == {5}
    assert distribution.lines.get(user=worker).hours == 6 * 800 + 300
    told = explain(distribution.lines.get(user=worker)).member.late
    assert [(row["date"], row["old"], row["new"], row["hours"]) for row in told] == [("2026-09-20", "", "√", 300)]
    notes = attendance_board(TeamScore.objects.get(close=close)).notes
    assert notes[0].text == f"{worker.name} 2026-09-20 由“空”更正为“√”，加班 +3 小时，计入本月。"
    september.refresh_from_db()
    assert fingerprint(september.inputs) == september.inputs_hash


def test_it_is_paid_once(unit):
    worker = corrected(unit)
    october_closed(unit)
    team = unit.teams.get()
    make.make_attendance(team, 202611)
    make.approve_attendance(team, 202611)
    make.compute_month(unit, 202611)
    late = MemberScore.objects.filter(user=worker, period__gt=SEPTEMBER).order_by("period")
    assert [len(row.late) for row in late] == [1, 0]


def test_the_reason_of_a_leave_stays_off_the_wall(unit):
    corrected(unit, new_code="病", hours=0)
    close = october_closed(unit)
    note = attendance_board(TeamScore.objects.get(close=close)).notes[0].text
    assert "更正为“假”" in note
    assert "病" not in note


def test_it_is_not_lost_when_the_person_moves_on_afterwards(unit):
    worker = corrected(unit)
    Membership.objects.filter(user=worker).update(ended_on=datetime.date(2026, 9, 30))
    make.make_member(make.make_team(unit), user=worker, started_on=datetime.date(2026, 10, 1))
    version = closes.selectors.version_for(unit, OCTOBER)
    rows = [
        (team["name"], member["late"])
        for team in inputs_of(unit, OCTOBER, version)["teams"]
        for member in team["members"]
        if member["id"] == worker.pk
    ]
    assert sorted(len(late) for _, late in rows) == [0, 1]


def test_the_database_lets_nothing_into_a_closed_month(unit):
    worker = corrected(unit)
    october_closed(unit)
    found = AttendanceCorrection.objects.get(user=worker)
    facts = {"user": worker, "team": found.team, "date": DAY, "new_code": "√", "proposed_by": found.proposed_by}
    row = AttendanceCorrection(**facts, state="approved", counts_team=found.team, counts_in=OCTOBER)
    with pytest.raises(IntegrityError, match="the month is closed"), transaction.atomic():
        row.save()
    assert AttendanceCorrection.objects.count() == 1


CODES = st.sampled_from(["", *"√夜⊙※公学年调事病伤婚产丧探借旷休"])
RULE = read_rule(presets()["rule_attendance_work"])


@given(
    st.dictionaries(CODES.filter(bool), st.integers(0, 31)), st.lists(st.tuples(CODES, CODES, st.integers(-900, 900)))
)
def test_days_and_hours_are_those_of_the_month_plus_the_corrections_and_never_negative(codes, late):
    rows = [{"old": old, "new": new, "hours": hours} for old, new, hours in late]
    worked = set(RULE.worked_codes)
    factors = factors_of(RULE, coefficient=100, codes=codes, overtime=500, score=10000, late=rows)
    gained = sum((new in worked) - (old in worked) for old, new, _ in late)
    days = max(0, sum(count for code, count in codes.items() if code in worked) + gained)
    assert factors["days"] == days
    assert factors["hours"] == max(0, days * 800 + 500 + sum(hours for *_, hours in late))
