"""A team beside others: the arithmetic, who is seen by whom, the page and the workbook."""

import io

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from assessments.analysis.losses import Item
from assessments.boards import score_board
from assessments.comparison.chart import FULL, HEIGHT, LEFT, TOP, WIDTH, bars_of, chart_of, mark
from assessments.comparison.figures import Figures, best, gaps, mean
from assessments.comparison.reports import WITHHELD, Scope, report
from assessments.models import TeamScore
from assessments.services import conditions
from bulletins import services as bulletins
from teams import periods
from teams.models import AuditEntry, Team
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD

MEETING, ROUNDS = Item("1.1", "班前会", "安全"), Item("2.1", "巡检", "生产")


# -- Arithmetic --------------------------------------------------------------------------------------------------------


def test_a_mean_counts_a_category_over_those_that_have_it():
    found = mean([Figures(9000, {"安全": 8000}), Figures(9001, {"安全": 9001, "生产": 7000})])
    assert (found.score, found.rates) == (9001, {"安全": 8501, "生产": 7000})
    assert mean([]) is None


def test_the_best_is_the_first_of_equals():
    one, two = Figures(9000, {}, "一值"), Figures(9000, {}, "二值")
    assert best([one, two]) is one
    assert best([]) is None


def test_gaps_come_with_the_greatest_first_and_per_month():
    lost = {(1, MEETING): 300, (2, MEETING): 100, (1, ROUNDS): 200, (2, ROUNDS): 600, (7, MEETING): 200, (2, "x"): 5}
    first, second = gaps(lost, team=1, unit=[1, 2], peers=[7, 8], months=2)
    assert (first.item, first.own, first.average, first.behind, first.least) == (MEETING, 150, 100, 50, 50)
    assert (first.peers, first.better) == (50, (7, 8))
    assert (second.item, second.behind, second.ahead, second.least) == (ROUNDS, -100, 100, 100)


def test_without_peers_nothing_is_said_of_them():
    (gap,) = gaps({(1, MEETING): 100}, team=1, unit=[1], peers=[], months=1)
    assert (gap.peers, gap.better, gap.to_best) == (None, (), 0)


figures = st.none() | st.builds(
    Figures,
    st.integers(0, 12000),
    st.just({}),
    st.just(""),
    st.booleans(),
)


@given(st.lists(st.fixed_dictionaries({"own": figures, "other": figures}), min_size=1, max_size=12))
def test_no_point_leaves_the_picture(months):
    chart = chart_of([month | {"period": PERIOD} for month in months], ["own", "other"])
    points = [point for line in chart.lines for point in line.points]
    assert len(points) == sum(month[key] is not None for month in months for key in ("own", "other"))
    assert all(LEFT <= point.x <= WIDTH and TOP <= point.y <= TOP + HEIGHT for point in points)
    assert all(TOP <= y <= TOP + HEIGHT for y, _ in chart.scale)


def test_a_month_without_a_score_breaks_the_line():
    months = [Figures(9000, {}), None, Figures(8000, {}), Figures(8500, {}, running=True)]
    (line,) = chart_of([{"period": PERIOD, "own": month} for month in months], ["own"]).lines
    assert [len(piece) for piece in line.pieces] == [1, 2]
    assert [point.running for point in line.points] == [False, False, True]


def test_equal_figures_stand_beside_each_other_in_shapes_of_their_own():
    keys = ["own", "average", "best", "company", "other"]
    months = [dict.fromkeys(keys, Figures(9000, {})) | {"period": PERIOD}] * 12
    lines = chart_of(months, keys).lines
    assert len({(point.x, point.y) for line in lines for point in line.points}) == 5 * 12
    assert {point.y for line in lines for point in line.points} == {lines[0].points[0].y}
    nearly = {key: Figures(9000 + number, {}) for number, key in enumerate(keys)} | {"period": PERIOD}
    assert len({line.points[0].x for line in chart_of([nearly], keys).lines}) == 5
    (bar,) = bars_of(Figures(0, {"安全": FULL}), dict.fromkeys(keys[1:], Figures(0, {"安全": FULL}))).bars
    assert len({corners for _, corners in bar.shapes}) == 4
    assert len({mark(key, 0, 0) for key in keys}) == 5


def test_bars_are_as_long_as_the_rates():
    chart = bars_of(Figures(0, {"安全": FULL, "生产": 0}), {"best": Figures(0, {"安全": FULL // 2}), "other": None})
    assert [(bar.width, bar.marks) for bar in chart.bars] == [(chart.track, {"best": chart.track // 2}), (0, {})]


# -- From the database -------------------------------------------------------------------------------------------------


@pytest.fixture
def plant():
    """Two units under one standard, October closed in both: 一值 98.50 and 二值 97.00, 机修 98.50."""
    root = make.make_unit("本厂")
    make.make_standard(root)
    for name, teams in (("运行部", ("一值", "二值")), ("检修部", ("机修",))):
        unit = make.make_unit(name, root)
        for number, team_name in enumerate(teams, start=1):
            team = make.make_team(unit, team_name)
            make.make_member(team, "leader")
            make.make_attendance(team)
            make.approve_attendance(team)
            make.file_findings(team, ("1.1", -30 * number, None))
        make.close_month(unit)
    return root


def team_of(name):
    return Team.objects.get(name=name)


def worker_of(name):
    return make.make_member(team_of(name))


def post(name):
    board = score_board(TeamScore.objects.select_related("close__version__standard", "team__unit").get(team__name=name))
    return bulletins.publish(board, team=team_of(name), period=PERIOD, actor=None)


def sides_of(user, name="一值", other=None):
    scope = Scope(user, team_of(name), PERIOD)
    return {key: figures and figures.score for key, _, figures in report(scope, other)["sides"]}


@pytest.mark.django_db
def test_of_others_a_member_sees_only_what_hangs(plant):
    user = worker_of("一值")
    own, second = 9850, 9700
    assert sides_of(user) == {"own": own, "average": None, "best": None, "company": None}
    post("二值")
    assert sides_of(user) == {"own": own, "average": (own + second) // 2, "best": own, "company": second}
    assert list(Scope(user, team_of("一值"), PERIOD).others) == [team_of("二值")]
    post("机修")
    assert set(Scope(user, team_of("一值"), PERIOD).others) == {team_of("二值"), team_of("机修")}
    assert sides_of(user, other=team_of("机修"))["other"] == 9850


@pytest.mark.django_db
def test_how_much_the_team_before_has_more_is_told_once_its_board_hangs(plant, client):
    client.force_login(worker_of("二值"))
    page = reverse("assessments:score", args=[team_of("二值").pk, PERIOD])
    assert "比第 1 名少" not in client.get(page).content.decode()
    post("一值")
    assert "比第 1 名少 1.50 分" in client.get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("hidden", "shown"), [(1, False), (2, True)])
def test_an_average_is_shown_unless_one_hidden_team_can_be_worked_out(hidden, shown):
    unit = plant_of(1 + hidden)
    assert (sides_of(worker_of("0值"), "0值")["average"] is not None) is shown
    assert sides_of(make.give_role(unit, "manager"), "0值")["average"] is not None


def company_of(user):
    found = report(Scope(user, team_of("二值"), PERIOD))
    return next((label, side and side.score) for key, label, side in found["sides"] if key == "company")


@pytest.fixture
def vetoed(plant):
    """一值 is vetoed in November, which is computed in both teams of its unit and closed nowhere."""
    for name in ("一值", "二值"):
        make.make_attendance(team_of(name), PERIOD + 1)
        make.approve_attendance(team_of(name), PERIOD + 1)
    conditions.add_veto(team_of("一值"), PERIOD + 1, "发生轻伤", actor=None)
    make.compute_month(team_of("一值").unit, PERIOD + 1)
    return plant


def words_of(client, user, name, **query):
    """The words of a team's page of November."""
    client.force_login(user)
    page = client.get(reverse("assessments:comparison", args=[team_of(name).pk, PERIOD + 1]), query)
    return "".join(strip_tags(page.text).split())


@pytest.mark.django_db
def test_a_veto_is_said_where_the_figures_are(vetoed, client):
    assert "100.00分一票否决发生轻伤；得分照算，不算第一" in words_of(client, worker_of("一值"), "一值")
    manager = make.give_role(vetoed, "manager")
    assert "一值一票否决发生轻伤" in words_of(client, manager, "二值", other=team_of("一值").pk)
    assert "发生轻伤" not in words_of(client, manager, "二值")
    export = reverse("assessments:comparison-export", args=[team_of("一值").pk, PERIOD + 1])
    book = read_workbook(io.BytesIO(client.post(export).content))
    assert (book["当月"][3][:2], book["12 个月"][-1][-1]) == (["一票否决", "发生轻伤"], "运行中，一票否决")


@pytest.mark.django_db
def test_what_is_missing_says_what_it_waits_for(vetoed, client):
    assert "已张榜的第一—张榜以后才有" in words_of(client, worker_of("二值"), "二值")
    conditions.add_veto(team_of("二值"), PERIOD + 1, "发生轻伤", actor=None)
    make.compute_month(team_of("二值").unit, PERIOD + 1)
    page = words_of(client, make.give_role(vetoed, "assessor"), "二值")
    assert "本单位第一—都被一票否决" in page
    assert "全公司第一—关账以后才有" in page


@pytest.mark.django_db
def test_the_best_of_the_company_is_called_so_by_those_who_see_all_of_it(plant):
    user = worker_of("二值")
    assert company_of(user) == ("已张榜的第一", None)
    post("二值")
    assert company_of(user) == ("已张榜的第一", 9700)
    post("一值")
    assert company_of(user) == ("已张榜的第一", 9850)
    post("机修")
    assert company_of(user) == ("全公司第一", 9850)


@pytest.mark.django_db
def test_who_sees_the_plant_sees_all_of_it(plant):
    manager = make.give_role(plant, "manager")
    assert sides_of(manager, "二值") == {"own": 9700, "average": 9775, "best": 9850, "company": 9850}
    assert Scope(manager, team_of("二值"), PERIOD).others.count() == 2


@pytest.mark.django_db
def test_another_standard_is_not_comparable(plant):
    team = make.make_closed_team().team
    manager = make.give_role(team.unit, "manager", make.give_role(plant, "manager"))
    assert Scope(manager, team_of("一值"), PERIOD).others.filter(pk=team.pk).exists() is False
    assert Scope(manager, team, PERIOD).others.count() == 0


@pytest.mark.django_db
def test_figures_are_those_of_the_scores(plant):
    found = report(Scope(make.give_role(plant, "assessor"), team_of("二值"), PERIOD))
    score = TeamScore.objects.get(team__name="二值")
    rates = [part["kept"] * 10000 / part["applicable"] for part in score.categories]
    assert [cells[0][1] for _, cells in found["rows"]] == pytest.approx(rates, abs=1)
    assert [(gap.item.code, gap.own, gap.average, gap.least) for gap, _ in found["gaps"]] == [("1.1", 60, 45, 30)]


@pytest.mark.django_db
def test_peers_are_of_one_trade_and_hidden_while_they_are_few(plant):
    Team.objects.update(trade="运行")
    leader = worker_of("二值")
    assert report(Scope(leader, team_of("二值"), PERIOD))["peers"] == 0
    found = report(Scope(make.give_role(plant, "union"), team_of("二值"), PERIOD))
    assert found["peers"] == 2
    ((gap, names),) = found["gaps"]
    assert (gap.peers, {str(team) for team in names}) == (30, {"一值", "机修"})
    Team.objects.filter(name="机修").update(trade="")
    assert report(Scope(make.give_role(plant, "union"), team_of("二值"), PERIOD))["peers"] == 1


@pytest.mark.django_db
def test_a_running_month_is_marked(plant):
    following = PERIOD + 1
    team = team_of("一值")
    make.make_attendance(team, following)
    for name in ("一值", "二值"):
        make.approve_attendance(team_of(name), following)
    make.compute_month(team.unit, following)
    scope = Scope(make.give_role(plant, "assessor"), team, following)
    month = report(scope)["month"]
    assert (month["own"].running, month["company"]) == (True, None)


# -- Pages -------------------------------------------------------------------------------------------------------------


def address(team, name="comparison"):
    return reverse(f"assessments:{name}", args=[team.pk, PERIOD])


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"other": "x"}, {"other": "9" * 30}, {"months": "7"}, {"other": "\0"}])
def test_a_choice_that_makes_no_sense_changes_nothing(plant, client, query):
    client.force_login(worker_of("一值"))
    answer = client.get(address(team_of("一值")), query)
    assert (answer.status_code, answer.context["other"], answer.context["gap_months"]) == (200, None, 3)


@pytest.mark.django_db
def test_a_team_that_is_hidden_cannot_be_chosen(plant, client):
    client.force_login(worker_of("一值"))
    page = client.get(address(team_of("一值")), {"other": team_of("机修").pk})
    assert "选的班组不能和本班组比" in page.content.decode()
    assert "机修" not in page.content.decode()


@pytest.mark.django_db
def test_a_team_without_a_score_says_what_will_be_here(client):
    team = make.make_team()
    client.force_login(make.make_member(team))
    assert "没有执行中的考核标准，没有得分。" in client.get(address(team)).content.decode()
    assert client.post(address(team, "comparison-export")).status_code == 200


@pytest.mark.django_db
def test_the_workbook_holds_the_tables_of_the_page(plant, client):
    client.force_login(make.give_role(plant, "manager"))
    answer = client.post(address(team_of("二值"), "comparison-export"), {"other": team_of("机修").pk})
    book = read_workbook(io.BytesIO(answer.content))
    assert book["当月"][2] == ["得分", 97, 97.75, 98.5, 98.5, 98.5]
    assert book["12 个月"][-1] == ["2026年10月", 97, 97.75, 98.5, 98.5, 98.5, "已关账"]
    assert book["小项差距"][1][:6] == ["1.1 班前会", "安全", 0.6, 0.45, 0.15, 0.3]
    assert (book["小项差距"][0][-1], book["小项差距"][1][-1]) == ("机修", 0.3)
    entry = AuditEntry.objects.get(verb="comparison.exported")
    assert entry.after == {"period": PERIOD, "months": 3, "other": "机修"}


@pytest.mark.django_db
def test_items_of_the_chosen_team_stand_beside_the_own_for_who_sees_its_checks(plant, client):
    page, chosen = address(team_of("二值")), {"other": team_of("机修").pk}
    client.force_login(make.give_role(plant, "manager"))
    assert '"机修（分）" class="num">0.30</td>' in client.get(page, chosen).content.decode()
    post("机修")
    client.force_login(worker_of("二值"))
    shown = client.get(page, chosen).content.decode()
    assert ("机修（分）" in shown, "您看不到“机修”的检查" in shown) == (False, True)


# -- What is withheld --------------------------------------------------------------------------------------------------


def plant_of(count):
    """A unit of so many teams, October closed: team number n lost 0.30 points times n + 1 at 1.1."""
    unit = make.make_unit()
    make.make_standard(unit)
    for number in range(count):
        team = make.make_team(unit, f"{number}值")
        make.make_member(team, "leader")
        make.make_attendance(team)
        make.approve_attendance(team)
        make.file_findings(team, ("1.1", -30 * (number + 1), None))
    make.close_month(unit)
    return unit


def told(name, user=None):
    """(average, least) of the only item that the member's list of gaps holds, and what the list says it withholds."""
    found = report(Scope(user or worker_of(name), team_of(name), PERIOD))
    ((gap, _),) = found["gaps"]
    return gap.average, gap.least, found["withheld"]


@pytest.mark.django_db
def test_items_of_the_unit_are_hidden_as_its_scores_are(client):
    unit = plant_of(3)
    assert told("2值", make.give_role(unit, "manager")) == (60, 30, None)
    assert told("2值") == (60, None, "least")
    post("0值")
    assert told("2值") == (None, None, "average")  # the one that does not hang could be worked out
    post("1值")
    assert told("2值") == (60, 30, None)


@pytest.mark.django_db
def test_the_average_of_an_item_tells_nothing_of_the_only_team_that_is_hidden(plant):
    assert told("二值") == (None, None, "average")
    post("一值")  # a board names no items
    assert told("二值") == (None, None, "average")


@pytest.mark.django_db
def test_neither_page_nor_workbook_say_what_is_withheld(plant, client):
    client.force_login(worker_of("二值"))
    page = client.get(address(team_of("二值"))).content.decode()
    assert '"单位平均（分）' not in page
    assert '"单位最少（分）' not in page
    assert "丢得最多的在前" in page
    assert WITHHELD["average"] in page
    sheet = read_workbook(io.BytesIO(client.post(address(team_of("二值"), "comparison-export")).content))["小项差距"]
    assert [cell or None for cell in sheet[1][2:6]] == [0.6, None, None, None]
    assert sheet[-1][0] == WITHHELD["average"]
    client.force_login(make.give_role(plant, "manager"))
    page = client.get(address(team_of("二值"))).content.decode()
    assert '"单位平均（分）' in page
    assert '"单位最少（分）' in page
    assert WITHHELD["average"] not in page


@pytest.mark.django_db
def test_a_month_to_come_has_nothing_to_compare(plant, client):
    client.force_login(make.give_role(plant, "manager"))
    coming = periods.shift(periods.current_period(), 1)
    make_address = reverse("assessments:comparison", args=[team_of("二值").pk, coming])
    page = client.get(make_address, {"months": "12"})
    assert f"还没到{periods.label(coming)}。" in page.content.decode()
    assert (page.context["report"]["gaps"], page.context["report"]["chart"].lines) == ([], [])
