"""Where points are lost: the sums agree with each other and with the findings, and nobody sees another team's."""

import datetime
import io

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.analysis import losses as analysis
from assessments.analysis.losses import Item, Loss, Span
from assessments.analysis.reports import Scope, comparison, report
from assessments.analysis.trend_chart import HEIGHT, chart_of
from assessments.services import checks, standards
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD, STANDARD

MONDAY = datetime.date(2026, 10, 5)
ONE, OTHER = Item("1.1", "班前会", "安全"), Item("2.1", "巡检", "生产")
SPAN = Span(PERIOD, PERIOD, datetime.date(2026, 11, 20))


def lost(team, points, item=ONE, week=MONDAY, count=1):
    return Loss(team, week, item, points, count)


# -- Sums --------------------------------------------------------------------------------------------------------------


def test_the_weakest_item_comes_first_with_its_share_and_teams():
    rows = analysis.rows_by([lost(1, 100), lost(2, 200, count=2), lost(1, 100, OTHER)], analysis.item_of)
    assert [(row.key, row.points, row.count, row.share, row.teams) for row in rows] == [
        (ONE, 300, 3, 7500, 2),
        (OTHER, 100, 1, 2500, 1),
    ]


def test_an_item_is_the_same_in_another_category_but_not_under_another_name():
    moved, renamed = Item("1.1", "班前会", "生产"), Item("1.1", "班前班后会", "安全")
    rows = analysis.rows_by([lost(1, 100), lost(1, 100, moved), lost(1, 50, renamed)], analysis.item_of)
    assert [(row.key.name, row.points) for row in rows] == [("班前会", 200), ("班前班后会", 50)]


def test_heat_is_relative_to_the_greatest_loss():
    cells = analysis.heat([lost(1, 400), lost(1, 100, OTHER), lost(2, 201)], ["安全", "生产"], [1, 2, 3])
    warmth = {team: [(cell.points, cell.warmth) for cell in row] for team, row in cells.items()}
    assert warmth == {1: [(400, 4), (100, 1)], 2: [(201, 3), (0, 0)], 3: [(0, 0), (0, 0)]}


def test_the_trend_has_every_week_and_the_average_of_the_teams_beside_it():
    later = MONDAY + 2 * analysis.WEEK
    losses = [lost(1, 100), lost(2, 300), lost(1, 50, week=later)]
    weeks = [MONDAY, MONDAY + analysis.WEEK, later]
    found = analysis.trend([loss for loss in losses if loss.team == 1], weeks, losses, 2)
    assert [(week.points, week.count, week.average, week.number) for week in found] == [
        (100, 1, 200, 41),
        (0, 0, 0, 42),
        (50, 1, 25, 43),
    ]


def test_the_weeks_of_a_span_cover_its_days_and_end_today():
    assert (SPAN.weeks[0], SPAN.weeks[-1], SPAN.end) == (
        datetime.date(2026, 9, 28),
        datetime.date(2026, 10, 26),
        datetime.date(2026, 10, 31),
    )
    assert Span(PERIOD, PERIOD, MONDAY).weeks == [datetime.date(2026, 9, 28), MONDAY]


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        (2, ((1, 1), (2, 2))),
        (11, ((1, 10), (11, 20))),
        (17, ((2, 16), (17, 31))),
        (31, ((30, 30), (31, 31))),
        (1, None),
    ],
)
def test_two_spans_around_a_day_are_equally_long_and_stay_inside(day, spans):
    october = MONDAY.replace
    found = SPAN.around(october(day=day))
    assert (found and tuple((a.day, b.day) for a, b in found)) == spans


def test_no_spans_around_a_day_outside():
    assert SPAN.around(datetime.date(2026, 11, 1)) is None
    assert SPAN.around(datetime.date(2026, 9, 30)) is None


def test_changes_are_points_per_team_and_week():
    everything, items = analysis.changes([lost(1, 400), lost(2, 100, OTHER)], [lost(1, 700, OTHER)], days=14, teams=2)
    assert (everything.before, everything.after, everything.moved) == (125, 175, 50)
    assert [(change.item, change.before, change.after, change.difference) for change in items] == [
        (ONE, 100, 0, -100),
        (OTHER, 25, 175, 150),
    ]


@pytest.mark.parametrize(
    ("first", "last", "good"),
    [(202610, 202610, True), (202501, 202612, True), (202501, 202701, False), (202611, 202610, False)],
)
def test_a_span_is_in_order_and_not_too_long(first, last, good):
    assert analysis.is_span(first, last) is good


weeks = st.sampled_from([MONDAY + analysis.WEEK * number for number in range(4)])
losses = st.lists(
    st.builds(Loss, st.integers(1, 5), weeks, st.sampled_from([ONE, OTHER]), st.integers(1, 900), st.integers(1, 3))
)


@given(losses)
def test_every_table_adds_up_to_the_same_total(losses):
    everything = analysis.total(losses)
    for key in (analysis.item_of, analysis.category_of, analysis.team_of):
        rows = analysis.rows_by(losses, key)
        assert sum(row.points for row in rows) == everything
        assert [row.points for row in rows] == sorted((row.points for row in rows), reverse=True)
        assert abs(sum(row.share for row in rows) - 10000) <= len(rows) or not rows
    cells = analysis.heat(losses, ["安全", "生产"], range(1, 6))
    assert sum(cell.points for row in cells.values() for cell in row) == everything
    trend = analysis.trend(losses, [MONDAY + analysis.WEEK * number for number in range(4)], losses, 5)
    assert sum(week.points for week in trend) == everything


@given(losses)
def test_no_bar_leaves_the_picture(losses):
    chart = chart_of(analysis.trend(losses, [MONDAY + analysis.WEEK * number for number in range(4)], losses, 5))
    for bar in chart.bars:
        assert 0 <= bar.height <= HEIGHT
        assert bar.y + bar.height == chart.ground
        assert chart.ground - HEIGHT <= bar.average <= chart.ground
        assert bar.right <= chart.width


# -- From the database -------------------------------------------------------------------------------------------------


@pytest.fixture
def unit():
    """Two teams with losses in October, and one with none."""
    unit = make.make_unit("运行部")
    make.make_standard(unit)
    one, two, _ = (make.make_team(unit, name) for name in ("一值", "二值", "三值"))
    make.file_findings(one, ("1.1", -100, None), ("2.1", -50, None), (None, 200, None), day=6)
    make.file_findings(one, ("1.1", -100, None), day=20, kind="superior")
    make.file_findings(two, ("1.1", -300, None), day=7)
    return unit


@pytest.mark.django_db
def test_voided_findings_and_awards_are_no_losses(unit):
    sheet = make.file_findings(unit.teams.first(), ("1.2", -200, None), day=8)
    checks.void_finding(sheet.findings.get(), "记错了", actor=None)
    found = report(Scope(unit, unit, SPAN))
    assert [(row.key.code, row.points, row.count, row.teams) for row in found["items"]] == [
        ("1.1", 500, 3, 2),
        ("2.1", 50, 1, 1),
    ]
    assert (found["points"], found["count"], found["sheets"], found["number"]) == (550, 4, 4, 3)
    assert [(str(team), row and row.points) for team, row, _ in found["teams"]] == [
        ("二值", 300),
        ("一值", 250),
        ("三值", None),
    ]
    assert [week.points for week in found["weeks"]] == [0, 450, 0, 100, 0]


@pytest.mark.django_db
def test_a_late_record_counts_in_its_month_with_its_own_date(unit, client):
    for team in unit.teams.all():
        make.make_member(team, "leader")
        make.approve_attendance(team)
    make.close_month(unit)
    make.file_findings(unit.teams.first(), ("1.1", -200, None), day=14, late=True)
    today = datetime.date(2026, 11, 20)
    before, after, both = (
        Scope(unit, unit, Span(*months, today)) for months in ((PERIOD, PERIOD), (202611, 202611), (PERIOD, 202611))
    )
    assert [(report(scope)["points"], report(scope)["sheets"]) for scope in (before, after, both)] == [
        (550, 3),
        (200, 1),
        (750, 4),
    ]
    weeks = report(after)["weeks"]
    assert [(week.monday.day, week.points) for week in weeks] == [(12, 200), (26, 0), (2, 0), (9, 0), (16, 0)]
    # 6.50 points of three teams in the 19 days before, the late ones among them; none in the 12 days of October alone
    day = datetime.date(2026, 10, 20)
    assert [comparison(scope, day)["all"].before for scope in (both, before)] == [80, 0]
    client.force_login(make.give_role(unit, "assessor"))
    page = client.get(reverse("assessments:analysis-findings", args=["units", unit.pk, 202611, 202611]))
    assert [finding.date.isoformat() for finding in page.context["page"]] == ["2026-10-14"]
    assert "迟到的记录，计入2026年11月" in page.content.decode()


@pytest.mark.django_db
def test_only_the_kind_asked_for_counts(unit):
    found = report(Scope(unit, unit, SPAN), "superior")
    assert (found["points"], found["sheets"]) == (100, 1)


@pytest.mark.django_db
def test_one_team_stands_beside_the_average_of_its_unit(unit):
    team = unit.teams.get(name="一值")
    found = report(Scope(team, unit, SPAN))
    assert [(row.key.code, row.points, row.average) for row in found["items"]] == [("1.1", 200, 167), ("2.1", 50, 17)]
    assert found["teams"] == []


@pytest.mark.django_db
def test_an_item_is_followed_through_the_versions_of_its_standard(unit):
    version = standards.create_version(unit, STANDARD, actor=None)
    standards.put_in_force(version, 202611, actor=None)
    make.file_findings(unit.teams.first(), ("1.1", -100, None), day=3, period=202611)
    found = report(Scope(unit, unit, Span(PERIOD, 202611, datetime.date(2026, 11, 20))))
    assert [(row.key.code, row.points) for row in found["items"]] == [("1.1", 600), ("2.1", 50)]


@pytest.mark.django_db
def test_before_and_after_a_day(unit):
    found = comparison(Scope(unit, unit, SPAN), datetime.date(2026, 10, 15))
    assert (found["days"], found["before"], found["after"]) == (
        14,
        (datetime.date(2026, 10, 1), datetime.date(2026, 10, 14)),
        (datetime.date(2026, 10, 15), datetime.date(2026, 10, 28)),
    )
    # 4.50 and 1.00 points in two weeks of three teams
    assert (found["all"].before, found["all"].after) == (75, 17)
    assert [(change.item.code, change.before, change.after) for change in found["items"]] == [
        ("1.1", 67, 17),
        ("2.1", 8, 0),
    ]


# -- Pages -------------------------------------------------------------------------------------------------------------


def address(name, kind, subject):
    return reverse(f"assessments:{name}", args=[kind, subject.pk, PERIOD, PERIOD])


@pytest.mark.django_db
def test_a_leader_sees_no_other_team(unit, client):
    team, other = unit.teams.all()[:2]
    client.force_login(make.make_member(team, "leader"))
    page = client.get(address("analysis", "teams", team)).content.decode()
    assert "单位平均" in page
    assert other.name not in page
    for hidden in (address("analysis", "teams", other), address("analysis", "units", unit)):
        assert client.get(hidden).status_code == 404
    rows = client.get(address("analysis-findings", "teams", team), {"team": other.pk}).content.decode()
    assert "没有这样的扣分记录" in rows


@pytest.mark.django_db
def test_an_item_leads_to_its_findings(unit, client):
    client.force_login(make.give_role(unit, "assessor"))
    page = client.get(address("analysis", "units", unit))
    rows = client.get(address("analysis-findings", "units", unit), {"code": "1.1", "name": "班前会"})
    assert "code=1.1" in page.content.decode()
    assert [finding.points for finding in rows.context["page"]] == [-100, -300, -100]
    assert "1.1 班前会" in rows.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"day": "2026-13-01"}, "日期无效"),
        ({"day": "2026-10-01"}, "要在 2026-10-01 之后"),
        ({"day": "x", "kind": "none"}, "日期无效"),
        ({"day": "2026-10-15"}, "前后各 14 天"),
    ],
)
def test_a_day_that_makes_no_sense_is_named(unit, client, query, sentence):
    client.force_login(make.give_role(unit, "assessor"))
    assert sentence in client.get(address("analysis", "units", unit), query).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"team": "x"}, {"team": "9" * 30}, {"code": "\0"}, {"kind": "none"}])
def test_a_filter_that_makes_no_sense_finds_nothing(unit, client, query):
    client.force_login(make.give_role(unit, "assessor"))
    answer = client.get(address("analysis-findings", "units", unit), query)
    assert "没有这样的扣分记录" in answer.content.decode()


@pytest.mark.django_db
def test_a_month_without_losses_says_what_will_be_here(client):
    unit = make.make_unit()
    client.force_login(make.give_role(unit, "union"))
    assert "这段时间没有扣分记录" in client.get(address("analysis", "units", unit)).content.decode()


@pytest.mark.django_db
def test_the_workbook_holds_the_tables_of_the_page(unit, client):
    client.force_login(make.give_role(unit, "manager"))
    answer = client.post(address("analysis-export", "units", unit))
    book = read_workbook(io.BytesIO(answer.content))
    assert list(book) == ["薄弱小项", "班组", "大项", "每周"]
    assert book["薄弱小项"][1] == ["安全", "1.1 班前会", 5, 3, 90.9, 2]
    assert book["班组"][1] == ["运行部", "二值", 3, 1, 3, 0]


@pytest.mark.django_db
def test_the_analysis_begins_with_the_topmost_unit_in_reach(client):
    root = make.make_unit("本厂")
    part = make.make_unit("运行部", root)
    client.force_login(make.give_role(root, "union"))
    assert f"/analysis/units/{root.pk}/" in client.get(reverse("assessments:analysis-current")).url
    client.force_login(make.give_role(part, "union"))
    assert f"/analysis/units/{part.pk}/" in client.get(reverse("assessments:analysis-current")).url
    team = make.make_team(part)
    client.force_login(make.make_member(team, "leader"))
    assert f"/analysis/teams/{team.pk}/" in client.get(reverse("assessments:analysis-current")).url
