"""Dividing a unit's pool over its teams: the worked example of docs/bonus.md, and what holds for every unit."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from incentives.distribution import NothingToWeigh
from incentives.models import UnitPool
from incentives.pools.division import FACTORS, divide_pool, needs_scores, weigh
from tests.docs import number, table

EXAMPLE = "单位总额的例子：三个班组分 100,000 元"
COLUMNS = {"按人数": "heads", "按人数 × 得分": "score", "按岗位系数 × 得分": "coefficient"}
DAYS = 31

brought = st.fixed_dictionaries(
    {"heads": st.integers(0, 2000), "coefficients": st.integers(0, 300_000), "score": st.integers(-500, 12_000)}
)
units = st.dictionaries(st.integers(1, 999), brought, min_size=1, max_size=40)
bases = st.sampled_from(sorted(FACTORS))
amounts = st.integers(1, 10**12)


def example():
    """({team: inputs}, {basis: {team: fen}}) of the table."""
    *teams, total = table("bonus.md", EXAMPLE)
    inputs = {
        row["班组"]: {
            "heads": int(row["人数"]) * DAYS,
            "coefficients": number(row["系数合计"]) * DAYS,
            "score": number(row["得分"]),
        }
        for row in teams
    }
    assert sum(int(row["人数"]) for row in teams) == int(total["人数"])
    assert sum(number(row["系数合计"]) for row in teams) == number(total["系数合计"])
    return inputs, {basis: {row["班组"]: number(row[name]) for row in teams} for name, basis in COLUMNS.items()}


def fen(amount, basis, inputs):
    return {team: part.amount for team, part in divide_pool(amount, basis, inputs).items()}


# -- The worked example ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("basis", FACTORS)
def test_three_teams_divide_a_unit_pool(basis):
    inputs, wanted = example()
    assert fen(10_000_000, basis, inputs) == wanted[basis]
    assert sum(wanted[basis].values()) == 10_000_000


def test_the_product_gives_what_f5_says():
    """Difference coefficient (own ÷ lowest) × score are points; value per point × points, without rounding in between."""
    inputs, wanted = example()
    lowest = min(row["coefficients"] for row in inputs.values())
    points = {team: Fraction(row["coefficients"], lowest) * row["score"] for team, row in inputs.items()}
    value = Fraction(10_000_000) / sum(points.values())
    assert all(abs(points[team] * value - fen) < 1 for team, fen in wanted["coefficient"].items())


def test_control_rounding_the_value_per_point_first_misses_the_pool():
    inputs, _ = example()
    lowest = min(row["coefficients"] for row in inputs.values())
    points = {team: Fraction(row["coefficients"] * row["score"], lowest * 100) for team, row in inputs.items()}
    value = round(10_000_000 / sum(points.values()))
    assert (value, sum(round(value * mine) for mine in points.values())) == (30_115, 10_000_013)


def test_the_bases_are_those_that_the_model_offers():
    assert set(FACTORS) == set(UnitPool.Basis.values)
    assert [basis for basis in UnitPool.Basis.values if needs_scores(basis)] == ["score", "coefficient"]


@pytest.mark.parametrize("inputs", [{}, {1: {"heads": 0, "coefficients": 0, "score": 9000}}])
def test_without_people_nothing_can_be_divided(inputs):
    with pytest.raises(NothingToWeigh):
        divide_pool(100, "heads", inputs)


def test_a_team_without_a_score_or_below_zero_gets_nothing():
    people = {"heads": 310, "coefficients": 31_000}
    inputs = {1: people | {"score": None}, 2: people | {"score": -50}, 3: people | {"score": 9000}}
    assert fen(100, "score", inputs) == {1: 0, 2: 0, 3: 100}


def test_equal_teams_the_odd_fen_goes_to_the_smaller_id():
    same = {"heads": 310, "coefficients": 31_000, "score": 9000}
    assert fen(100, "coefficient", {12: same, 3: same, 7: same}) == {3: 34, 7: 33, 12: 33}


# -- What always holds -------------------------------------------------------------------------------------------------


def weighs(case):
    return sum(weigh(case[1], row) for row in case[2].values())


cases = st.tuples(amounts, bases, units).filter(weighs)


@given(cases)
def test_teams_add_up_to_the_unit_pool_and_are_less_than_a_fen_off(case):
    amount, basis, inputs = case
    parts, total = divide_pool(amount, basis, inputs), weighs(case)
    assert sum(part.amount for part in parts.values()) == amount
    assert all(abs(part.amount * total - amount * part.weight) < total for part in parts.values())
    assert all((part.amount > 0) <= (part.weight > 0) for part in parts.values())


@given(cases)
def test_more_weight_never_gets_less_and_equal_weights_differ_by_a_fen_at_most(case):
    parts = sorted(divide_pool(*case).values(), key=lambda part: (part.weight, part.amount))
    for less, more in pairwise(parts):
        assert less.amount <= more.amount
        assert less.weight != more.weight or more.amount - less.amount <= 1


@given(cases, st.randoms())
def test_the_order_of_teams_does_not_matter(case, random):
    amount, basis, inputs = case
    shuffled = dict(random.sample(sorted(inputs.items()), len(inputs)))
    assert divide_pool(amount, basis, shuffled) == divide_pool(amount, basis, inputs)


@given(cases, st.integers(2, 50))
def test_dividing_every_coefficient_by_the_lowest_changes_nothing(case, factor):
    amount, _, inputs = case
    if not weighs((amount, "coefficient", inputs)):
        return
    larger = {team: row | {"coefficients": row["coefficients"] * factor} for team, row in inputs.items()}
    assert fen(amount, "coefficient", larger) == fen(amount, "coefficient", inputs)


def naive(amount, basis, inputs):
    """What spreadsheets do: each team rounded by itself."""
    weights = {team: weigh(basis, row) for team, row in inputs.items()}
    return {team: round(Fraction(amount * weight, sum(weights.values()))) for team, weight in weights.items()}


def test_control_rounding_each_team_by_itself_misses_the_pool():
    @settings(phases=[Phase.generate])
    @given(cases)
    def property_of_naive_rounding(case):
        assert sum(naive(*case).values()) == case[0]

    with pytest.raises(AssertionError):
        property_of_naive_rounding()
