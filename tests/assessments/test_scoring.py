"""Scores: the worked examples of docs/scoring.md, and what holds for every team whatever it did."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import results
from assessments.scoring import (
    CategoryScore,
    Line,
    TeamResult,
    Yardstick,
    divide_half_up,
    mean_coefficient,
    rank_teams,
    score_member,
    score_team,
    vetoing_codes,
)
from tests.docs import items, number, table

CODES = {row["编号"]: row for row in table("scoring.md", "例子用的标准")}
YARDSTICK = Yardstick(
    criteria={code: Line(int(code[0]), number(row["满分"])) for code, row in CODES.items()},
    grades=(("优秀", 9000), ("良好", 8000), ("合格", 7000)),
    lowest_grade="不合格",
    awards_cap=1000,
    member_base=10000,
    member_min=0,
    member_max=12000,
)

NAMES = {"扣分": "deduct", "是否": "yes_no", "打分": "score", "加分": "award"}
METHODS = replace(
    YARDSTICK,
    criteria={
        row["编号"]: Line(int(row["编号"][0]), number(row["满分"]), NAMES[row["方式"]], bool(row["一票否决"]))
        for row in table("scoring.md", "四种方式的标准")
    },
)


def read_findings(cell):
    pairs = [item.split() for item in items(cell)]
    return [(None if code == "加分" else code, number(points)) for code, points in pairs]


@pytest.mark.parametrize("row", table("scoring.md", "班组得分"), ids=lambda row: row["看什么"])
def test_a_worked_example_of_a_team(row):
    result = score_team(YARDSTICK, read_findings(row["记录"]), frozenset(items(row["不适用"])), bool(row["否决"]))
    kept = sum(category.kept for category in result.categories)
    applicable = sum(category.applicable for category in result.categories)
    assert (kept, applicable, result.score, result.grade) == (
        number(row["保留分"]),
        number(row["适用分"]),
        number(row["得分"]),
        row["等级"],
    )


@pytest.mark.parametrize("row", table("scoring.md", "四种方式"), ids=lambda row: row["看什么"])
def test_a_worked_example_of_the_methods(row):
    result = score_team(METHODS, read_findings(row["记录"]), frozenset(items(row["不适用"])))
    kept = sum(category.kept for category in result.categories)
    applicable = sum(category.applicable for category in result.categories)
    assert (kept, applicable, result.awards, result.score, result.grade) == (
        number(row["保留分"]),
        number(row["适用分"]),
        number(row["加分"]),
        number(row["得分"]),
        row["等级"],
    )


def test_the_worked_example_of_ranks():
    rows = table("scoring.md", "名次")
    results = {row["班组"]: made(number(row["得分"]), bool(row["否决"])) for row in rows}
    assert rank_teams(results) == {row["班组"]: int(row["名次"]) for row in rows}


@pytest.mark.parametrize("row", table("scoring.md", "个人得分"), ids=lambda row: row["点到本人的记录"] or "nothing")
def test_a_worked_example_of_a_member(row):
    points = [number(item) for item in items(row["点到本人的记录"])]
    assert score_member(YARDSTICK, points) == number(row["得分"])


@pytest.mark.parametrize("row", table("scoring.md", "月中系数有变"), ids=lambda row: row["系数 × 天数"])
def test_a_worked_example_of_a_coefficient_that_changed(row):
    steps = [[part.strip() for part in step.split("×")] for step in items(row["系数 × 天数"])]
    found = mean_coefficient([(number(coefficient), int(days)) for coefficient, days in steps])
    assert found == number(row["当月系数"])


def test_the_result_explains_itself():
    assert score_team(YARDSTICK, [("1.1", -200), ("1.1", -200), ("2.3", -50), (None, 150)], {"2.2"}) == TeamResult(
        # 3 of 7 and 0.5 of 8 points lost: 11.5 / 15 = 76.666…, plus 1.5
        score=7817,
        awards=150,
        grade="合格",
        vetoed=False,
        categories=(CategoryScore(1, 700, 400), CategoryScore(2, 800, 750)),
        lost={"1.1": 300, "2.3": 50},
    )


@pytest.mark.parametrize(
    ("score", "grade"),
    [(9000, "优秀"), (8999, "良好"), (8000, "良好"), (7000, "合格"), (6999, "不合格"), (0, "不合格")],
)
def test_a_grade_begins_exactly_at_its_line(score, grade):
    one_criterion = replace(YARDSTICK, criteria={"1.1": Line(1, 10000)})
    assert score_team(one_criterion, [("1.1", score - 10000)]).grade == grade


def test_no_applicable_criterion_is_an_error():
    with pytest.raises(ValueError, match="^没有一条小项适用，无法计分。$"):
        score_team(YARDSTICK, [], frozenset(CODES))


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(0, 7, 0), (1, 3, 0), (1, 2, 1), (3, 2, 2), (5, 2, 3), (7, 7, 1), (2, 3, 1)],
)
def test_division_rounds_half_up(numerator, denominator, quotient):
    assert divide_half_up(numerator, denominator) == quotient


# -- What always holds --------------------------------------------------------------------------------------------------

deductions = st.tuples(st.sampled_from(sorted(CODES)), st.integers(-1000, -1))
awards = st.tuples(st.none(), st.integers(1, 1000))
findings = st.lists(deductions | awards, max_size=12)
not_applicable = st.sets(st.sampled_from(sorted(CODES)), max_size=len(CODES) - 1)


@given(findings, not_applicable)
def test_a_score_lies_between_nothing_and_full_plus_the_awards_cap(findings, not_applicable):
    result = score_team(YARDSTICK, findings, not_applicable)
    assert 0 <= result.awards <= YARDSTICK.awards_cap
    assert result.awards <= result.score <= 10000 + result.awards


@given(findings, not_applicable, deductions)
def test_a_further_deduction_never_raises_a_score(findings, not_applicable, deduction):
    before = score_team(YARDSTICK, findings, not_applicable)
    after = score_team(YARDSTICK, [*findings, deduction], not_applicable)
    assert after.score <= before.score


@given(findings, not_applicable, st.randoms())
def test_the_order_of_findings_does_not_matter(findings, not_applicable, random):
    shuffled = random.sample(findings, len(findings))
    assert score_team(YARDSTICK, shuffled, not_applicable) == score_team(YARDSTICK, findings, not_applicable)


@given(findings, not_applicable)
def test_a_criterion_loses_at_most_its_points_and_nothing_where_it_does_not_apply(findings, not_applicable):
    lost = score_team(YARDSTICK, findings, not_applicable).lost
    assert not set(lost) & not_applicable
    assert all(0 <= points <= YARDSTICK.criteria[code].points for code, points in lost.items())


@given(findings, not_applicable)
def test_categories_add_up_to_the_score(findings, not_applicable):
    result = score_team(YARDSTICK, findings, not_applicable)
    kept = sum(category.kept for category in result.categories)
    applicable = sum(category.applicable for category in result.categories)
    assert applicable - kept == sum(result.lost.values())
    # Within half a hundredth of the exact quotient.
    assert abs((result.score - result.awards) * applicable - kept * 10000) * 2 <= applicable


@given(findings, not_applicable)
def test_a_veto_changes_the_grade_and_nothing_else(findings, not_applicable):
    free = score_team(YARDSTICK, findings, not_applicable)
    vetoed = score_team(YARDSTICK, findings, not_applicable, vetoed=True)
    assert vetoed == TeamResult(free.score, free.awards, "不合格", True, free.categories, free.lost)


# -- What always holds for each method ------------------------------------------------------------------------------------

losses = st.lists(st.integers(-1000, -1), min_size=1, max_size=6)
gains = st.lists(st.integers(1, 1000), max_size=6)


def lost(code, points):
    return score_team(METHODS, [(code, value) for value in points]).lost[code]


@given(losses)
def test_deductions_add_up_to_the_points_at_most(points):
    assert lost("1.1", points) == min(1000, -sum(points))


@given(losses)
def test_a_yes_no_line_loses_everything_however_little_was_found(points):
    assert lost("1.2", points) == 400


@given(losses)
def test_a_scored_line_loses_what_the_latest_scoring_took(points):
    assert lost("1.3", points) == min(600, -points[-1])
    assert lost("1.3", points) == lost("1.3", points[-1:])


@given(gains, gains)
def test_an_award_line_earns_its_points_at_most_and_never_touches_the_base(line, free):
    result = score_team(METHODS, [*(("2.1", value) for value in line), *((None, value) for value in free)])
    assert result.awards == min(METHODS.awards_cap, min(300, sum(line)) + sum(free))
    assert (result.score - result.awards, result.lost) == (10000, {})
    assert [category.number for category in result.categories] == [1]


@given(st.lists(st.tuples(st.sampled_from(["1.1", "1.2", "1.3", "1.4"]), st.integers(-1000, -1)), max_size=8))
def test_only_a_deduction_on_a_veto_line_vetoes(findings):
    result = score_team(METHODS, findings)
    assert result.vetoed == any(code == "1.4" for code, _ in findings)
    assert (result.grade == "不合格") or not result.vetoed


@given(st.sampled_from(sorted(METHODS.criteria)), st.lists(st.integers(-1000, 1000).filter(bool), max_size=6))
def test_what_is_found_on_a_line_that_does_not_apply_counts_nothing(code, points):
    found = [(code, value) for value in points]
    assert score_team(METHODS, found, {code}) == score_team(METHODS, [], {code})
    assert vetoing_codes(METHODS, found, {code}) == []


def test_a_standard_of_awards_alone_cannot_be_scored():
    with pytest.raises(ValueError, match="^没有一条小项适用，无法计分。$"):
        score_team(replace(METHODS, criteria={"1.1": Line(1, 300, "award")}), [("1.1", 100)])


# -- From frozen inputs to rows ------------------------------------------------------------------------------------------


def frozen(criteria, findings, vetoes=()):
    """Inputs of a month of one team; `findings` are (code, points)."""
    found = [
        {"id": position, "code": code, "name": "无证作业", "points": points, "date": "2026-10-05", "person": None}
        for position, (code, points) in enumerate(findings)
    ]
    team = {"id": 7, "name": "甲", "members": [], "findings": found, "not_applicable": [], "vetoes": list(vetoes)}
    figures = {"grades": [["优秀", 9000]], "lowest_grade": "不合格", "awards_cap": 1000}
    figures |= {"member_base": 10000, "member_min": 0, "member_max": 12000}
    return {"period": 202610, "yardstick": figures | {"criteria": criteria}, "teams": [team]}


def test_inputs_frozen_before_there_were_methods_give_the_same_rows():
    old = frozen({"1.1": [1, 300], "1.2": [1, 700]}, [("1.1", -200), ("1.1", -200)])
    new = frozen({"1.1": [1, 300, "deduct", False], "1.2": [1, 700, "deduct", False]}, [("1.1", -200), ("1.1", -200)])
    assert results.team_rows(old) == results.team_rows(new)
    assert results.team_rows(old)[0]["score"] == 7000


def test_the_reason_of_a_veto_names_the_line_and_the_first_day():
    inputs = frozen({"1.1": [1, 300, "deduct", True]}, [("1.1", -100), ("1.1", -50)], ["发生轻伤"])
    row = results.team_rows(inputs)[0]
    assert (row["vetoed"], row["veto_reason"]) == (True, "发生轻伤；1.1 无证作业（2026-10-05）")


def test_a_very_long_reason_of_a_veto_is_cut():
    inputs = frozen({"1.1": [1, 300, "deduct", True]}, [("1.1", -100)], ["长" * 200, "很" * 200, "多" * 200])
    reason = results.team_rows(inputs)[0]["veto_reason"]
    assert (len(reason), reason[-1]) == (500, "…")


# -- Ranks and members -----------------------------------------------------------------------------------------------------


def made(score, vetoed):
    return TeamResult(score=score, awards=0, grade="", vetoed=vetoed, categories=(), lost={})


teams = st.dictionaries(st.integers(1, 50), st.builds(made, st.integers(8990, 9010), st.booleans()), min_size=1)


@given(teams, st.randoms())
def test_ranks_do_not_depend_on_the_order_of_teams(teams, random):
    shuffled = dict(random.sample(sorted(teams.items()), len(teams)))
    assert rank_teams(shuffled) == rank_teams(teams)


@given(teams)
def test_a_rank_is_one_more_than_the_number_of_better_teams(teams):
    def better(one, other):
        return (not one.vetoed, one.score) > (not other.vetoed, other.score)

    assert rank_teams(teams) == {
        team: 1 + sum(better(other, result) for other in teams.values()) for team, result in teams.items()
    }


@given(st.lists(st.integers(-3000, 3000), max_size=10))
def test_a_member_stays_between_least_and_most(points):
    score = score_member(YARDSTICK, points)
    assert 0 <= score <= 12000
    if 0 <= 10000 + sum(points) <= 12000:
        assert score == 10000 + sum(points)
