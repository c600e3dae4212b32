"""Dividing money: the worked examples of docs/bonus.md, and what holds for every pool and all weights."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.distribution import NothingToWeigh, Part, Scheme, Share, distribute, split, weight
from tests.docs import number, table

amounts = st.integers(0, 10**9)
weights = st.dictionaries(
    st.integers(1, 99).map("{:06d}".format), st.integers(0, 40) | st.integers(0, 10**9), min_size=1, max_size=20
).filter(lambda weights: sum(weights.values()))


def naive(amount, weights):
    """What spreadsheets do: each share rounded half up by itself."""
    total = sum(weights.values())
    return {key: (2 * amount * weight + total) // (2 * total) for key, weight in weights.items()}


def given_by(method, amount, weights):
    """Fail unless the method's shares are those promised: the sum, and less than a fen off each."""
    shares, total = method(amount, weights), sum(weights.values())
    assert sum(shares.values()) == amount
    assert all(share >= 0 for share in shares.values())
    assert all(abs(shares[key] * total - amount * weights[key]) < total for key in weights)


# -- Worked examples ----------------------------------------------------------------------------------------------------


def test_three_people_divide_ten_yuan():
    rows = table("bonus.md", "例一：三个人分 10 元")
    shares = split(1000, {row["工号"]: int(row["权重"]) for row in rows})
    assert shares == {row["工号"]: number(row["应得"]) for row in rows}


def test_five_people_divide_19_000_yuan():
    *people, total = table("bonus.md", "例二：五个人分 19,000 元")
    parts = [Part("attendance", 30, ("coefficient", "days")), Part("work", 70, ("coefficient", "hours"))]
    factors = {
        row["人员"]: {"coefficient": number(row["岗位系数"]), "days": int(row["出勤天数"]), "hours": int(row["工时"])}
        for row in people
    }
    shares = distribute(1_900_000, Scheme(parts), factors)
    assert shares == {
        row["人员"]: Share(
            {"attendance": number(row["出勤部分"]), "work": number(row["工作部分"])}, number(row["应得"])
        )
        for row in people
    }
    columns = [("出勤部分", "attendance"), ("工作部分", "work")]
    for column, part in columns:
        assert sum(share.parts[part] for share in shares.values()) == number(total[column])
    assert sum(share.amount for share in shares.values()) == number(total["应得"])


def test_the_odd_fen_of_a_pool_goes_to_the_part_with_the_larger_remainder():
    # 1 fen: 0.3 and 0.7 exact, so the second part gets it; 5 fen: 1.5 and 3.5, a tie that the first part wins.
    parts = [Part("first", 30, ("one",)), Part("second", 70, ("one",))]
    assert distribute(1, Scheme(parts), {"a": {"one": 1}}) == {"a": Share({"first": 0, "second": 1}, 1)}
    assert distribute(5, Scheme(parts), {"a": {"one": 1}}) == {"a": Share({"first": 2, "second": 3}, 5)}


def test_equal_remainders_go_to_the_smaller_number():
    assert split(2, {"000012": 1, "000003": 1, "000007": 1}) == {"000012": 0, "000003": 1, "000007": 1}


def test_a_weight_is_the_product_of_its_factors():
    assert (
        weight(Part("work", 70, ("coefficient", "hours")), {"coefficient": 130, "hours": 19200, "days": 24}) == 2496000
    )


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 0, "b": 0}])
def test_without_any_weight_nothing_can_be_divided(weights):
    with pytest.raises(NothingToWeigh):
        split(100, weights)


def test_one_part_without_weight_stops_the_whole_distribution():
    parts = [Part("days", 30, ("days",)), Part("hours", 70, ("hours",))]
    with pytest.raises(NothingToWeigh):
        distribute(100, Scheme(parts), {"a": {"days": 0, "hours": 8}})


# -- What always holds --------------------------------------------------------------------------------------------------


@given(amounts, weights)
def test_shares_add_up_to_the_pool_and_are_less_than_a_fen_off(amount, weights):
    given_by(split, amount, weights)


def test_control_rounding_each_share_by_itself_misses_the_pool():
    # Worked: 1000 fen by 1:1:1 are 333 each, 999 in all; 1 fen by 1:1 is 1 each, 2 in all.
    assert sum(naive(1000, dict.fromkeys("abc", 1)).values()) == 999
    assert sum(naive(1, dict.fromkeys("ab", 1)).values()) == 2

    @given(amounts, weights)
    def property_of_naive_rounding(amount, weights):
        given_by(naive, amount, weights)

    with pytest.raises(AssertionError):
        property_of_naive_rounding()


@given(amounts, weights)
def test_more_weight_never_gets_less_and_equal_weights_differ_by_a_fen_at_most(amount, weights):
    shares = split(amount, weights)
    ordered = sorted(weights, key=lambda key: (weights[key], shares[key]))
    for less, more in pairwise(ordered):
        assert shares[less] <= shares[more]
        if weights[less] == weights[more]:
            assert shares[more] - shares[less] <= 1


@given(amounts, weights)
def test_of_equal_weights_the_smaller_number_never_gets_less(amount, weights):
    shares = split(amount, weights)
    for key, other in pairwise(sorted(weights)):
        if weights[key] == weights[other]:
            assert shares[key] >= shares[other]


@given(amounts, weights)
def test_no_weight_means_no_money(amount, weights):
    shares = split(amount, weights)
    assert [shares[key] for key in weights if not weights[key]] == [0] * list(weights.values()).count(0)


@given(amounts, weights, st.randoms())
def test_the_order_of_members_does_not_matter(amount, weights, random):
    shuffled = dict(random.sample(sorted(weights.items()), len(weights)))
    assert split(amount, shuffled) == split(amount, weights)


@given(amounts, weights, st.integers(1, 1000))
def test_a_larger_pool_takes_at_most_one_fen_from_anybody(amount, weights, more):
    before, after = split(amount, weights), split(amount + more, weights)
    assert min(after[key] - before[key] for key in weights) >= -1


def test_a_larger_pool_may_take_one_fen():
    # Largest remainder is not monotone in the pool. b's exact share rises from 0.407 to 0.426 fen, but at 22 fen two fen
    # are left over and its remainder is the second largest, at 23 fen only one is left over.
    weights = {"a": 3, "b": 1, "c": 20, "d": 7, "e": 23}
    assert (split(22, weights)["b"], split(23, weights)["b"]) == (1, 0)


PARTS = [Part("attendance", 30, ("coefficient", "days")), Part("work", 70, ("coefficient", "hours", "score"))]
members = st.dictionaries(
    st.integers(1, 99).map("{:06d}".format),
    st.fixed_dictionaries(
        {
            "coefficient": st.integers(80, 150),
            "days": st.integers(1, 27),
            "hours": st.integers(100, 30000),
            "score": st.integers(1, 12000),
        }
    ),
    min_size=1,
    max_size=15,
)


@given(amounts, members)
def test_parts_of_members_add_up_to_the_pool_in_both_directions(amount, members):
    shares = distribute(amount, Scheme(PARTS), members)
    pots = split(amount, {0: 30, 1: 70})
    assert sum(share.amount for share in shares.values()) == amount
    assert [sum(share.parts[part.key] for share in shares.values()) for part in PARTS] == [pots[0], pots[1]]
    assert all(sum(share.parts.values()) == share.amount for share in shares.values())
