"""What a sheet takes of each kind of line: deductions, all the points of a yes-no line, awards on inspections only."""

import pytest

from assessments.errors import AssessmentError
from assessments.forms import CheckSheetForm
from assessments.models import Criterion, Rectification
from assessments.selectors import sheet_of, version_for
from assessments.services.checks import Deviation, file_check
from teams import periods
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    """A team whose standard has a yes-no line 1.1 and an award line 2.3."""
    team = make.make_team()
    make.make_member(team, "leader")
    version = make.standards.create_version(team.unit, make.STANDARD, actor=None)
    version.criteria.filter(code="1.1").update(method=Criterion.Method.YES_NO)
    version.criteria.filter(code="2.3").update(method=Criterion.Method.AWARD)
    make.standards.put_in_force(version, 202601, actor=None)
    return team


def form_of(team, inspecting, **data):
    categories = list(sheet_of(version_for(team.unit, PERIOD)))
    facts = {"key": "k", "date": periods.first_day(PERIOD), "shift": "day", "kind": "spot"}
    return CheckSheetForm(facts | data, team=team, categories=categories, members=[], inspecting=inspecting)


def rows(form):
    return {row["criterion"].code: row for group in form.groups() for row in group["rows"]}


def line(team, code):
    return make.criterion(team, code)


def test_a_yes_no_line_proposes_all_its_points(team):
    shown = rows(form_of(team, True))
    assert [shown[code]["points"] for code in ("1.1", "1.2")] == ["3.00", "0.50"]


def test_an_award_line_stands_on_inspections_only_and_earns_points(team):
    key = f"c-{line(team, '2.3').pk}"
    data = {key: "1", f"{key}-points": "2", f"{key}-note": "主动带徒弟"}
    assert "2.3" not in rows(form_of(team, False))
    assert not form_of(team, False, **data).is_valid()
    form = form_of(team, True, **data)
    assert form.is_valid()
    assert [(deviation.criterion.code, deviation.points) for deviation in form.deviations()] == [("2.3", 200)]
    check = file_check(
        team, kind="spot", date=periods.first_day(PERIOD), deviations=form.deviations(), key="k", actor=None
    )
    assert [finding.points for finding in check.findings.all()] == [200]
    assert not Rectification.objects.exists()


@pytest.mark.parametrize(("code", "points"), [("2.3", -100), ("2.3", 400), ("1.2", 100)])
def test_points_of_the_wrong_sign_or_size_are_refused(team, code, points):
    with pytest.raises(AssessmentError):
        file_check(
            team,
            kind="spot",
            date=periods.first_day(PERIOD),
            deviations=[Deviation(line(team, code), points)],
            key="k",
            actor=None,
        )
