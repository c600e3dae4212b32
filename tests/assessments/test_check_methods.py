"""What a sheet takes of each kind of line: deductions, all the points of a yes-no line, awards on inspections only."""

import pytest
from django.urls import reverse

from assessments import results
from assessments.errors import AssessmentError
from assessments.forms.checks import CheckSheetForm
from assessments.models import Criterion, Rectification
from assessments.selectors import sheet_of, version_for
from assessments.services.checks import Deviation, file_check
from teams import periods
from tests import factories as make
from tests.factories import PERIOD
from tests.frozen import inputs_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    """A team whose standard has a yes-no line 1.1, a scored line 2.1 of 5 points and an award line 2.3."""
    team = make.make_team()
    make.make_member(team, "leader")
    version = make.standards.create_version(team.unit, make.STANDARD, actor=None)
    version.criteria.filter(code="1.1").update(method=Criterion.Method.YES_NO)
    version.criteria.filter(code="2.1").update(method=Criterion.Method.SCORE, points=500)
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
    assert [shown[code]["points"] for code in ("1.1", "1.2", "2.1")] == ["3.00", "0.50", "4.50"]


@pytest.mark.parametrize("inspecting", [True, False])
@pytest.mark.parametrize(("typed", "stored"), [("5", []), ("5.00", []), ("4.5", [-50]), ("0", [-500])])
def test_a_scored_line_takes_what_it_is_given_and_full_marks_alone_store_nothing(team, inspecting, typed, stored):
    key = f"c-{line(team, '2.1').pk}"
    note = {f"{key}-note": "按分级打"} if stored else {}
    form = form_of(team, inspecting, **{key: "1", f"{key}-points": typed, **note})
    assert form.is_valid(), form.errors
    check = file_check(
        team, kind="spot", date=periods.first_day(PERIOD), deviations=form.deviations(), key="k", actor=None
    )
    assert [finding.points for finding in check.findings.all()] == stored


def test_full_marks_after_a_loss_are_the_last_word_of_the_month(team):
    """A later scoring replaces an earlier one, also with nothing lost; a deduction line cannot be taken back so."""
    for day, points in ((1, -300), (8, 0)):
        date = periods.first_day(PERIOD).replace(day=day)
        sheet = {"kind": "spot", "date": date, "key": f"k{day}", "actor": None}
        check = file_check(team, deviations=[Deviation(line(team, "2.1"), points)], **sheet)
    (full,) = check.findings.all()
    assert (full.points, full.note) == (0, "打满分")
    assert not Rectification.objects.filter(finding=full).exists()
    gathered = inputs_of(team.unit, PERIOD, version_for(team.unit, PERIOD))
    ((_, result),) = results.score_teams(gathered)
    assert (result.lost["2.1"], result.score) == (0, 10000)
    with pytest.raises(AssessmentError, match="扣分要大于 0"):
        file_check(team, deviations=[Deviation(line(team, "1.2"), 0)], **sheet | {"key": "other"})


@pytest.mark.parametrize("typed", ["5.01", "-1", "", "满分", "nan"])
def test_a_score_outside_of_the_line_is_refused_with_its_range(team, typed):
    key = f"c-{line(team, '2.1').pk}"
    form = form_of(team, False, **{key: "1", f"{key}-points": typed})
    assert not form.is_valid()
    (sentence,) = form.non_field_errors()
    assert sentence == f"“{line(team, '2.1')}”的得分要在 0 到 5.00 分之间。"


def test_the_sheet_says_that_what_is_not_scored_has_full_marks(team, client):
    client.force_login(team.memberships.get(role="leader").user)
    page = client.get(reverse("assessments:self-check", args=[team.pk])).text
    assert page.count("满分 5 分，没打分的按满分") == 1
    assert page.count('data-full="5.00"') == 1
    assert "最多扣 3 分" in page


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


@pytest.mark.parametrize(
    ("typed", "late", "said"),
    [("0.3", "", "“1.2 违章”的分值每次至少 0.50 分、不超过 4.00 分。"), ("0.5", "", ""), ("0.3", "on", "")],
)
def test_a_deduction_is_at_least_one_step_but_where_a_late_record_corrects_one(team, typed, late, said):
    key = f"c-{line(team, '1.2').pk}"
    form = form_of(team, True, **{key: "1", f"{key}-points": typed, f"{key}-note": "未系安全带", "late": late})
    form.is_valid()
    assert [sentence for _, sentence in form.refusals] == [said] * bool(said)
