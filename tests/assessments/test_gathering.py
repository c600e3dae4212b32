"""What the database writes as JSON is what Python would write, whatever people have typed, and is stored as it is."""

import datetime
import json

import pytest

from assessments import selectors
from assessments.gathering import gather
from assessments.inputs import canonical
from assessments.models import Check, Finding, NotApplicable, Veto
from assessments.services import closes, score_rows
from assessments.verification import verify
from teams.models import AttendanceCorrection, Membership, Team, User, WorkDay
from tests import factories as make
from tests.factories import PERIOD
from tests.rewriting import rewrite

pytestmark = pytest.mark.django_db

ODD = '"号\\反/\n\t\r\b\f\x01\x1f\x7f%s{x}<&>\u2028é😀'
SEPTEMBER = datetime.date(2026, 9, 30)


@pytest.fixture
def unit():
    """A month in which everything written is odd, a finding came late, and a correction counts for somebody who has left."""
    unit = make.make_ready_unit()
    team, leader = unit.teams.first(), Membership.objects.filter(role="leader").first().user
    Team.objects.filter(pk=team.pk).update(name=ODD, trade=ODD)
    User.objects.update(name=ODD)
    rewrite(Check.objects.all(), checker=leader)
    rewrite(Finding.objects.all(), note=ODD)
    rewrite(Finding.objects.filter(team=team, criterion=None), date=SEPTEMBER)
    for code in ("2.1", "1.2"):
        NotApplicable.objects.create(team=team, period=PERIOD, criterion=make.criterion(team, code))
    for reason in (ODD, "火险"):
        Veto.objects.create(team=team, period=PERIOD, reason=reason)
    former = make.make_member(team, user=make.make_user('"é😀', ODD), ended_on=SEPTEMBER)
    AttendanceCorrection.objects.create(
        user=former,
        team=team,
        date=SEPTEMBER,
        new_code="√",
        hours=-50,
        reason=ODD,
        state="approved",
        proposed_by=leader,
        counts_team=team,
        counts_in=PERIOD,
    )
    return unit


def gathered(unit):
    return gather(unit, PERIOD, selectors.version_for(unit, PERIOD))


def test_the_text_is_canonical_and_says_what_was_typed(unit):
    text = gathered(unit)
    inputs = json.loads(text)
    assert canonical(inputs) == text
    told = inputs["teams"][0]
    assert [told[name] for name in ("name", "trade", "not_applicable")] == [ODD, ODD, ["1.2", "2.1"]]
    assert told["vetoes"] == [ODD, "火险"]
    assert {finding["note"] for finding in told["findings"]} | {finding["checker"] for finding in told["findings"]} == {
        ODD
    }
    late, timely = told["findings"]
    today = Check.objects.first().submitted_at.astimezone().date().isoformat()
    assert (late["date"], late["code"], late["entered"], "entered" in timely) == ("2026-09-30", None, today, False)
    (former,) = [member for member in told["members"] if member["no"] == '"é😀']
    assert former["coefficients"] == [{"from": "2026-10-01", "days": 0, "coefficient": 100}]
    assert [row["reason"] for row in former["late"]] == [ODD]


def test_the_calendar_of_the_month_is_part_of_what_the_scores_stand_on(unit):
    close = make.compute_month(unit)
    assert close.inputs["calendar"][:4] == [
        8,
        9,
        10,
        12,
    ]  # National Day is over; the 10th is worked, the 11th is a Sunday
    WorkDay.objects.create(date=datetime.date(2026, 10, 11), is_workday=True, note="补班")
    assert closes.overtaken([close]) == [close]
    assert make.compute_month(unit).inputs["calendar"][:4] == [8, 9, 10, 11]


@pytest.mark.parametrize("at_once", [1, 4, 1000])
def test_scores_are_stored_as_they_were_computed_however_many_at_once(unit, monkeypatch, at_once):
    monkeypatch.setattr(score_rows, "AT_ONCE", at_once)
    close = make.compute_month(unit)
    assert (close.team_scores.count(), close.member_scores.count()) == (2, 7)
    assert list(verify(close)) == []
