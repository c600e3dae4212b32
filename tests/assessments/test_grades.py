"""Stars, vetoes that cap, N/A in full, leagues, ties and ratios of ranks: worked examples, and what always holds."""

from dataclasses import asdict, replace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments import results
from assessments.boards import score_board
from assessments.inputs import yardstick
from assessments.models import TeamScore
from assessments.scoring import CategoryScore, Line, TeamResult, rank_ratio, rank_teams, score_team
from assessments.services import standards
from assessments.standards.changes import figures_changed
from assessments.standards.content import content_of_preset
from tests import factories as make
from tests.assessments.test_scoring import YARDSTICK, read_findings
from tests.docs import items, number, table
from tests.factories import PERIOD, STANDARD

STARS = replace(YARDSTICK, criteria={"1.1": Line(1, 10000)}, stars=((5, 9000), (4, 8000), (3, 7000)))
TIES = {"名次空出来": "shared", "接着排": "dense", "依次比大项": "category"}


def with_effect(words):
    if words == "等级最低":
        return STARS
    return replace(STARS, veto_effect="cap", veto_cap=words.removeprefix("最高"))


def scored(yardstick, score, vetoed=False):
    """The result of one line of 100 points that keeps the score."""
    return score_team(yardstick, [("1.1", score - 10000)] if score < 10000 else [], vetoed=vetoed)


@pytest.mark.parametrize("row", table("scoring.md", "否决后的等级和星级"), ids=lambda row: row["看什么"])
def test_a_worked_example_of_stars_and_vetoes(row):
    result = scored(with_effect(row["否决的后果"]), number(row["得分"]), bool(row["否决"]))
    assert (result.score, result.grade, result.stars) == (number(row["得分"]), row["等级"], int(row["星级"]))


@pytest.mark.parametrize("row", table("scoring.md", "不适用按满分算"), ids=lambda row: row["看什么"])
def test_a_worked_example_of_lines_that_count_in_full(row):
    full = replace(YARDSTICK, na_rule="full")
    result = score_team(full, read_findings(row["记录"]), frozenset(items(row["不适用"])))
    kept = sum(category.kept for category in result.categories)
    applicable = sum(category.applicable for category in result.categories)
    assert (kept, applicable, result.score) == (number(row["保留分"]), number(row["适用分"]), number(row["得分"]))


def made(score, vetoed, *rates):
    """A result with that score and (number, applicable, kept) of its categories."""
    return TeamResult(score, 0, "", vetoed, tuple(CategoryScore(*rate) for rate in rates), {})


def read_rates(row):
    cells = {1: row["第 1 大项"], 2: row["第 2 大项"]}
    return [(place, *map(int, reversed(cell.split("/")))) for place, cell in cells.items() if cell != "—"]


@pytest.mark.parametrize("column", TIES)
def test_the_worked_example_of_ties(column):
    rows = table("scoring.md", "同分怎么排")
    teams = {row["班组"]: made(number(row["得分"]), bool(row["否决"]), *read_rates(row)) for row in rows}
    assert rank_teams(teams, TIES[column]) == {row["班组"]: int(row[column]) for row in rows}


def test_the_worked_example_of_leagues():
    rows = table("scoring.md", "按专业排名")
    teams = {row["班组"]: made(number(row["得分"]), False) for row in rows}
    leagues = {row["班组"]: row["专业"] for row in rows}
    assert rank_teams(teams, leagues=leagues) == {row["班组"]: int(row["名次"]) for row in rows}


@pytest.mark.parametrize("row", table("scoring.md", "名次折算"), ids=lambda row: row["名次"])
def test_the_shipped_table_turns_ranks_into_ratios(row):
    shipped = content_of_preset(standards.presets()["standard_star"]).rank_points
    assert rank_ratio(replace(YARDSTICK, rank_points=shipped), int(row["名次"])) == number(row["折算"])


def test_without_a_table_a_rank_is_no_ratio():
    assert rank_ratio(YARDSTICK, 1) is None


def test_a_cap_that_is_the_best_grade_takes_nothing_and_one_that_is_none_leaves_the_lowest():
    best = replace(STARS, veto_effect="cap", veto_cap="优秀")
    assert scored(best, 9500, vetoed=True).grade == "优秀"
    assert scored(replace(best, veto_cap="没有的"), 9500, vetoed=True).grade == "不合格"


# -- Frozen inputs -----------------------------------------------------------------------------------------------------


def frozen(trades, **figures):
    """Inputs of a month in which the teams of these trades lost 1, 2, … points of 100."""
    found = {"id": 1, "code": "1.1", "name": "会", "date": "2026-10-05", "person": None}
    rows = [
        {
            **({} if trade is None else {"trade": trade}),
            "id": place,
            "members": [],
            "findings": [found | {"points": -100 * place}],
            "not_applicable": [],
            "vetoes": [],
        }
        for place, trade in enumerate(trades, start=1)
    ]
    kept = asdict(STARS) | {"criteria": {"1.1": [1, 10000, "deduct", False]}} | figures
    return {"period": 202610, "yardstick": kept, "teams": rows}


NEW = ("stars", "veto_effect", "veto_cap", "na_rule", "league", "ties", "rank_points")


def test_inputs_frozen_before_there_were_stars_and_leagues_give_the_same_rows():
    old, new = frozen([None, None]), frozen(["运行", "检修"], stars=[])
    for name in NEW:
        del old["yardstick"][name]
    assert results.team_rows(old) == results.team_rows(new)
    assert [(row["rank"], row["stars"], row["league"], row["rank_ratio"]) for row in results.team_rows(old)] == [
        (1, 0, "", None),
        (2, 0, "", None),
    ]
    assert yardstick(old) == yardstick(new)


def test_rows_hold_stars_league_rank_and_ratio():
    rows = results.team_rows(frozen(["运行", "检修", "运行"], league="trade", rank_points=[[1, 100], [2, 98]]))
    assert [(row["league"], row["rank"], row["rank_ratio"], row["stars"]) for row in rows] == [
        ("运行", 1, 100, 5),
        ("检修", 1, 100, 5),
        ("运行", 2, 98, 5),
    ]


# -- What always holds ---------------------------------------------------------------------------------------------------

rates = st.tuples(st.integers(0, 3), st.integers(0, 3))
results_of_teams = st.dictionaries(
    st.integers(1, 30),
    st.builds(
        lambda score, vetoed, kept: made(score, vetoed, *((n, 3, k) for n, k in enumerate(kept, start=1))),
        st.integers(8998, 9002),
        st.booleans(),
        rates,
    ),
    min_size=1,
)
any_ties = st.sampled_from(["shared", "dense", "category"])
trades = st.sampled_from(["", "运行", "检修"])


@given(results_of_teams, any_ties, st.randoms(), st.data())
def test_ranks_do_not_depend_on_the_order_of_teams(teams, ties, random, data):
    leagues = {team: data.draw(trades) for team in teams}
    shuffled = dict(random.sample(sorted(teams.items()), len(teams)))
    assert rank_teams(shuffled, ties, leagues) == rank_teams(teams, ties, leagues)


@given(results_of_teams, any_ties)
def test_whoever_scores_more_ranks_before_and_a_veto_ranks_behind(teams, ties):
    ranks = rank_teams(teams, ties)
    for one, result in teams.items():
        for other, rival in teams.items():
            if (not result.vetoed, result.score) > (not rival.vetoed, rival.score):
                assert ranks[one] < ranks[other]


@given(results_of_teams)
def test_dense_ranks_leave_none_out_and_categories_only_part_those_who_shared(teams):
    shared, dense, parted = (rank_teams(teams, ties) for ties in ("shared", "dense", "category"))
    assert set(dense.values()) == set(range(1, max(dense.values()) + 1))
    assert all(dense[team] <= shared[team] <= parted[team] for team in teams)


@given(results_of_teams, any_ties, st.data())
def test_a_league_ranks_as_if_it_were_alone(teams, ties, data):
    leagues = {team: data.draw(trades) for team in teams}
    ranks = rank_teams(teams, ties, leagues)
    chapters = {team: result for team, result in teams.items() if leagues[team] == "运行"}
    assert {team: ranks[team] for team in chapters} == rank_teams(chapters, ties)


@given(st.integers(0, 10000), st.sampled_from(["优秀", "良好", "合格"]))
def test_a_cap_never_raises_a_grade_or_a_star_and_never_goes_below_the_lowest_effect(score, cap):
    free, lowest = scored(STARS, score), scored(STARS, score, vetoed=True)
    capped = scored(replace(STARS, veto_effect="cap", veto_cap=cap), score, vetoed=True)
    order = ["不合格", "合格", "良好", "优秀"]
    assert order.index(lowest.grade) <= order.index(capped.grade) <= order.index(free.grade)
    assert order.index(capped.grade) <= order.index(cap)
    assert lowest.stars <= capped.stars <= free.stars
    assert capped.score == free.score


@given(st.lists(st.tuples(st.sampled_from(["1.1", "1.2", "2.1"]), st.integers(-500, -1))), st.sets(st.just("2.2")))
def test_a_line_in_full_never_costs_a_team_anything(findings, not_applicable):
    leave = score_team(YARDSTICK, findings, not_applicable)
    full = score_team(replace(YARDSTICK, na_rule="full"), findings, not_applicable)
    assert full.score >= leave.score
    assert full.lost == leave.lost


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 100)), unique_by=lambda step: step[0]), st.integers(1, 40))
def test_a_better_rank_never_gives_a_smaller_ratio(steps, rank):
    steps = list(zip(sorted(last for last, _ in steps), sorted((r for _, r in steps), reverse=True), strict=True))
    of = replace(YARDSTICK, rank_points=tuple(steps))
    if steps:
        assert rank_ratio(of, rank) >= rank_ratio(of, rank + 1)


# -- In words ------------------------------------------------------------------------------------------------------------


def test_a_comparison_says_stars_vetoes_and_ratios_in_words():
    old = content_of_preset(STANDARD)
    new = replace(old, stars=((5, 9500),), veto_effect="cap", veto_cap="合格", rank_points=((2, 100), (3, 90)))
    assert figures_changed(old, new) == [
        ("星级线", "", "五星 ≥ 95"),
        ("一票否决的后果", "等级直接最低", "等级最高只到某一级"),
        ("否决后最高等级", "", "合格"),
        ("名次折算", "", "第 1～2 名 1.00、第 3 名起 0.90"),
    ]


@pytest.fixture
def ranked_by_trade():
    """A unit that ranks by trade, gives stars, holds what was vetoed at 合格 and counts N/A in full: two teams of two ranked_by_trade."""
    unit = make.make_unit("运行部")
    changes = {"stars": [[5, 90]], "rank_points": [[1, 1], [2, 0.9]], "league": "trade", "na_rule": "full"}
    make.make_standard(unit, **changes, veto_effect="cap", veto_cap="合格")
    for trade in ("锅炉", "汽机"):
        team = make.make_team(unit)
        team.trade = trade
        team.save()
        make.make_member(team)
        make.approve_attendance(team)
    return unit


@pytest.mark.django_db
def test_pages_and_boards_say_among_whom_a_team_is_ranked(client, ranked_by_trade):
    client.force_login(make.give_role(ranked_by_trade, "assessor"))
    close = make.compute_month(ranked_by_trade)
    team = ranked_by_trade.teams.first()
    assert "运行部锅炉专业内名次" in client.get(reverse("assessments:score", args=[team.pk, PERIOD])).content.decode()
    closing = client.get(reverse("assessments:close", args=[ranked_by_trade.pk, PERIOD])).content.decode()
    assert "锅炉第 1 名" in closing
    assert "汽机第 1 名" in closing
    score = TeamScore.objects.select_related("close__version__standard", "team__unit").get(close=close, team=team)
    facts = {fact.label: fact.value for fact in score_board(score).facts}
    wanted = {"等级": "优秀", "星级": "5 星", "运行部锅炉专业内名次": "第 1 名", "名次折算": "1.00"}
    assert {label: facts[label] for label in wanted} == wanted


@pytest.mark.django_db
def test_where_vetoes_are_recorded_their_effect_is_that_of_the_standard(client, ranked_by_trade):
    plain = make.make_unit()
    make.make_standard(plain)
    make.make_team(plain)
    said = {}
    for unit in (ranked_by_trade, plain):
        client.force_login(make.give_role(unit, "assessor"))
        page = reverse("assessments:conditions", args=[unit.teams.first().pk, PERIOD])
        said[unit] = client.get(page).content.decode()
    assert "不适用的小项按满分算；一票否决不改得分，等级最高只到合格，名次排最后" in said[ranked_by_trade]
    assert "不适用的小项不计入满分；一票否决不改得分，等级降为不合格，名次排最后" in said[plain]
