"""What activities earn a team in the month in which they count, and that a closed month keeps it."""

import pytest

from activities.services import activities
from assessments.earned import placed
from assessments.gathering import gather
from assessments.models import MonthClose, TeamScore
from assessments.scoring import Line, Yardstick
from assessments.selectors import version_for
from assessments.services import closes
from assessments.verification import verify
from tests import factories as make
from tests.factories import PERIOD
from tests.team_life import make_activity, make_kind

pytestmark = pytest.mark.django_db
FILED = 100
"""The award that a sheet of the ready unit holds."""


@pytest.fixture
def unit():
    return make.make_ready_unit(teams=1)


@pytest.fixture
def team(unit):
    return unit.teams.get()


def leader_of(team):
    return team.memberships.filter(role="leader").first().user


def score_of(unit, team):
    make.compute_month(unit)
    return TeamScore.objects.get(team=team, period=PERIOD)


def test_a_record_earns_the_points_of_its_kind(unit, team):
    kind = make_kind(unit, points=150)
    first = make_activity(kind, team, actor=leader_of(team), title="技术比武第一名")
    make_activity(kind, team, actor=leader_of(team), day=6)
    score = score_of(unit, team)
    assert score.awards == FILED + 300
    line = next(line for line in score.lines if line.get("activity") == first.pk)
    assert (line["code"], line["points"], line["kind"], line["note"]) == (None, 150, "活动", "技术比武第一名")


@pytest.mark.parametrize("gone", ["draft", "voided", "kind without points"])
def test_what_does_not_count_earns_nothing(unit, team, gone):
    kind = make_kind(unit, points=0 if gone == "kind without points" else 150)
    record = make_activity(kind, team, actor=leader_of(team), as_draft=gone == "draft")
    if gone == "voided":
        activities.void(record, "记错了", actor=leader_of(team))
    assert score_of(unit, team).awards == FILED


def test_points_stay_what_they_were_when_recorded(unit, team):
    kind = make_kind(unit, points=150)
    make_activity(kind, team, actor=leader_of(team))
    kind.points = 500
    kind.save()
    assert score_of(unit, team).awards == FILED + 150


def test_a_code_stays_where_the_standard_has_a_line_of_awards_of_that_code():
    criteria = {"1.1": Line(1, 500), "2.1": Line(2, 300, "award")}
    yardstick = Yardstick(criteria, (), "", 1000, 0, 0, 0)
    lines = [{"code": code, "points": 100} for code in ("1.1", "2.1", "9.9", None)]
    assert [line["code"] for line in placed(lines, yardstick)] == [None, "2.1", None, None]


def test_a_code_that_is_no_line_of_awards_is_an_award_outside_the_standard(unit, team):
    deducting = version_for(unit, PERIOD).criteria.filter(method="deduct").first()
    make_activity(make_kind(unit, points=150, criterion=deducting.code), team, actor=leader_of(team))
    score = score_of(unit, team)
    assert score.awards == FILED + 150
    assert [line["code"] for line in score.lines if line.get("activity")] == [None]


def test_a_record_of_a_closed_month_counts_in_the_next_and_says_when_it_was_entered(unit, team):
    make.close_month(unit)
    record = make_activity(make_kind(unit, points=150), team, actor=leader_of(team))
    assert (record.period, record.counts_in) == (PERIOD, PERIOD + 1)
    text = gather(unit, PERIOD + 1, version_for(unit, PERIOD + 1))
    assert f'"activity":{record.pk}' in text
    assert '"entered":' in text
    assert '"activity"' not in gather(unit, PERIOD, version_for(unit, PERIOD))


def test_a_month_closed_with_earned_points_verifies(unit, team):
    make_activity(make_kind(unit, points=150), team, actor=leader_of(team))
    make.close_month(unit)
    close = MonthClose.objects.get(unit=unit, period=PERIOD)
    assert close.state == MonthClose.State.CLOSED
    assert not list(verify(close))


def test_a_record_after_the_computing_asks_for_another(unit, team):
    make.compute_month(unit)
    make_activity(make_kind(unit, points=150), team, actor=leader_of(team))
    close = MonthClose.objects.get(unit=unit, period=PERIOD)
    with pytest.raises(Exception, match="重新计算"):
        closes.confirm(close, actor=None)
