"""Dividing by a whole scheme: the tables of docs/bonus.md, and what holds whatever the reserve, unit and bounds."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from incentives.distribution import BoundsTooTight, NothingToWeigh, Part, Scheme, carried, divide, weights_of
from tests.docs import number, table

PARTS = (Part("attendance", 30, ("coefficient", "days")), Part("work", 70, ("coefficient", "hours")))
EQUAL = (Part("all", 1, ("weight",)),)


def crew(rows):
    return {
        row["人员"]: {"coefficient": number(row["岗位系数"]), "days": int(row["出勤天数"]), "hours": int(row["工时"])}
        for row in rows
    }


@pytest.fixture
def five():
    return crew(table("bonus.md", "例二：五个人分 19,000 元")[:-1])


def amounts_of(division):
    return {key: share.amount for key, share in division.shares.items()}


def by_weight(weights):
    return {key: {"weight": weight} for key, weight in weights.items()}


# -- The tables of docs/bonus.md -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "unit"), [("到分", 1), ("到元", 100), ("到十元", 1000)])
def test_twenty_thousand_yuan_with_a_reserve_in_three_units(five, column, unit):
    *rows, total = table("bonus.md", "例三：20,000 元留存 5 %，算到分、元、十元")
    division = divide(2_000_000, Scheme(PARTS, reserve=500, unit=unit), five)
    assert amounts_of(division) == {row["人员"]: number(row[column]) for row in rows}
    assert (sum(amounts_of(division).values()), division.reserve) == (number(total[column]), 100_000)


def naive_total(members, unit):
    """What spreadsheets do: each person's total rounded half up by itself."""
    sums = {part.key: sum(weights_of(part, Scheme(PARTS), members).values()) for part in PARTS}
    exact = {
        key: 570_000 * f["coefficient"] * f["days"] / sums["attendance"]
        + 1_330_000 * f["coefficient"] * f["hours"] / sums["work"]
        for key, f in members.items()
    }
    return sum(int(value / unit + 0.5) * unit for value in exact.values())


def test_control_rounding_every_total_by_itself_misses_the_pool_in_each_unit(five):
    assert [naive_total(five, unit) for unit in (1, 100, 1000)] == [1_899_999, 1_899_900, 1_901_000]


@pytest.mark.parametrize(
    ("heading", "scheme"),
    [
        ("例四：封顶", Scheme(PARTS, cap_percent=11_000)),
        ("例五：保底", Scheme(PARTS, floor=300_000)),
        ("例六：班长最多得平均数", Scheme(PARTS, leader="average")),
        ("例七：班长不参加分配", Scheme(PARTS, leader="apart")),
    ],
)
def test_bounds_as_in_the_tables(five, heading, scheme):
    five["A"]["leader"] = 1
    *rows, total = table("bonus.md", heading)
    division = divide(1_900_000, scheme, five)
    assert amounts_of(division) == {row["人员"]: number(row["应得"]) for row in rows}
    assert {key: share.levelled for key, share in division.shares.items()} == {
        row["人员"]: number(row["调剂"]) for row in rows
    }
    assert sum(amounts_of(division).values()) == number(total["应得"])


def test_years_of_service_as_in_the_table(five):
    five["E"]["short"] = 1
    parts = tuple(
        Part(part.key, part.share, part.factors, 100 - share) for part, share in zip(PARTS, (60, 40), strict=True)
    )
    *rows, _ = table("bonus.md", "例八：工龄不满两年的人 40：60")
    division = divide(1_900_000, Scheme(parts), five)
    assert {
        key: (share.parts["attendance"], share.parts["work"], share.amount) for key, share in division.shares.items()
    } == {row["人员"]: tuple(number(row[column]) for column in ("出勤部分", "工作部分", "应得")) for row in rows}


# -- The edges -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "scheme", "expected", "reserve"),
    [
        (2, Scheme(EQUAL), {"1": 1, "2": 1, "3": 0}, 0),  # fewer fen than people
        (
            1234,
            Scheme(EQUAL, unit=100),
            {"1": 434, "2": 400, "3": 400},
            0,
        ),  # 12 units of 100, the tail of 34 to the first
        (
            1334,
            Scheme(EQUAL, unit=100),
            {"1": 500, "2": 434, "3": 400},
            0,
        ),  # the 13th unit and the tail to the first two
        (1234, Scheme(EQUAL, unit=100, reserve=1000), {"1": 400, "2": 400, "3": 300}, 134),  # 123 and the tail of 11
        (50, Scheme(EQUAL, unit=100, reserve=1000), {"1": 0, "2": 0, "3": 0}, 50),
        (1000, Scheme(EQUAL, cap=300, reserve=1000), {"1": 300, "2": 300, "3": 300}, 100),
        (2000, Scheme(EQUAL, cap=300, reserve=1000), {"1": 300, "2": 300, "3": 300}, 1100),  # nobody takes the rest
    ],
)
def test_small_pools_units_and_caps_for_three_equal_people(amount, scheme, expected, reserve):
    division = divide(amount, scheme, by_weight({"1": 1, "2": 1, "3": 1}))
    assert (amounts_of(division), division.reserve) == (expected, reserve)


def test_one_person_gets_everything_but_the_reserve():
    division = divide(1001, Scheme(EQUAL, reserve=500, leader="average"), {"1": {"weight": 3, "leader": 1}})
    assert (amounts_of(division), division.reserve) == ({"1": 951}, 50)


def test_the_floor_is_for_those_who_worked():
    division = divide(1000, Scheme(EQUAL, floor=300), by_weight({"1": 97, "2": 3, "3": 0}))
    assert amounts_of(division) == {"1": 700, "2": 300, "3": 0}


def test_what_a_cap_frees_may_carry_the_next_one_to_it():
    # 600 by 6 : 3 : 1 of 1000 is beyond 400; the others divide 600 by 3 : 1, 450 is beyond it; the last one gets 200.
    division = divide(1000, Scheme(EQUAL, cap=400), by_weight({"1": 6, "2": 3, "3": 1}))
    assert amounts_of(division) == {"1": 400, "2": 400, "3": 200}


def test_bounds_that_cannot_be_met_are_refused_with_a_sentence():
    people = by_weight({"1": 1, "2": 1})
    with pytest.raises(BoundsTooTight, match="保底的合计超过了能分的奖金"):
        divide(1000, Scheme(EQUAL, floor=501), people)
    with pytest.raises(BoundsTooTight, match="所有人都到了封顶"):
        divide(1000, Scheme(EQUAL, cap=499), people)


def test_a_leader_who_stands_apart_leaves_nothing_to_weigh_when_alone():
    with pytest.raises(NothingToWeigh):
        divide(1000, Scheme(EQUAL, leader="apart"), {"1": {"weight": 1, "leader": 1}})


@pytest.mark.parametrize(("amount", "expected"), [(5, (5, 0)), (0, (0, 0)), (-5, (0, 5))])
def test_nobody_pays_in_and_a_debt_is_carried_on(amount, expected):
    assert carried(amount) == expected


# -- What always holds -----------------------------------------------------------------------------------------------------

amounts = st.integers(0, 10**8)
weights = st.dictionaries(
    st.integers(1, 99).map("{:06d}".format), st.integers(0, 40) | st.integers(0, 10**6), min_size=1, max_size=12
).filter(lambda weights: sum(weights.values()))
units, reserves = st.sampled_from([1, 100, 1000]), st.integers(0, 5000)
schemes = st.builds(
    Scheme,
    parts=st.just(EQUAL),
    reserve=reserves,
    unit=units,
    cap=st.none() | st.integers(1000, 10**7),
    cap_percent=st.none() | st.integers(10_000, 30_000),
    floor=st.just(0) | st.integers(0, 10**5),
)


def divided(amount, scheme, weights):
    """The division, or nothing worth looking at where the bounds cannot be met."""
    try:
        return divide(amount, scheme, by_weight(weights))
    except BoundsTooTight:
        assume(False)


@given(amounts, units, reserves, weights)
def test_members_and_reserve_are_the_pool_and_nobody_is_a_unit_off(amount, unit, reserve, weights):
    division = divide(amount, Scheme(EQUAL, reserve=reserve, unit=unit), by_weight(weights))
    shared, total = amount - division.reserve, sum(weights.values())
    assert sum(amounts_of(division).values()) == shared
    assert amount * reserve // 10_000 <= division.reserve < amount * reserve // 10_000 + unit
    assert reserve or division.reserve == 0
    for key, fen in amounts_of(division).items():
        assert abs(fen * total - shared * weights[key]) < unit * total


@given(amounts, schemes, weights)
def test_bounds_hold_and_nothing_is_lost(amount, scheme, weights):
    division = divided(amount, scheme, weights)
    shared = amount - amount * scheme.reserve // 10_000
    earning = [fen for key, fen in amounts_of(division).items() if weights[key]]
    assert sum(amounts_of(division).values()) + division.reserve == amount
    assert all(sum(share.parts.values()) + share.levelled == share.amount for share in division.shares.values())
    assert all(fen == 0 for key, fen in amounts_of(division).items() if not weights[key])
    if scheme.cap is not None:
        assert max(earning) <= scheme.cap
    if scheme.cap_percent is not None:
        assert max(earning) * len(earning) * 10_000 <= shared * scheme.cap_percent
    if scheme.cap is None and scheme.cap_percent is None:
        assert min(earning) >= scheme.floor


@given(amounts, schemes, weights)
def test_more_weight_never_gets_less_and_equal_weights_differ_by_a_unit_at_most(amount, scheme, weights):
    got = amounts_of(divided(amount, scheme, weights))
    for less, more in pairwise(sorted(weights, key=lambda key: (weights[key], got[key]))):
        assert got[less] <= got[more]
        if weights[less] == weights[more]:
            assert got[more] - got[less] <= scheme.unit


@given(amounts, schemes, weights)
def test_of_equal_weights_the_smaller_number_never_gets_less(amount, scheme, weights):
    got = amounts_of(divided(amount, scheme, weights))
    for key, other in pairwise(sorted(weights)):
        if weights[key] == weights[other]:
            assert got[key] >= got[other]


@given(amounts, schemes, weights, st.randoms())
def test_the_order_of_members_does_not_matter(amount, scheme, weights, random):
    shuffled = dict(random.sample(sorted(weights.items()), len(weights)))
    assert amounts_of(divided(amount, scheme, shuffled)) == amounts_of(divided(amount, scheme, weights))


@given(amounts, units, weights, st.data())
def test_a_leader_held_at_the_average_is_never_above_it(amount, unit, weights, data):
    assume(sum(weight > 0 for weight in weights.values()) > 1)
    leader = data.draw(st.sampled_from(sorted(weights)))
    members = by_weight(weights)
    members[leader]["leader"] = 1
    division = divide(amount, Scheme(EQUAL, unit=unit, leader="average"), members)
    count = sum(weight > 0 for weight in weights.values())
    assert division.shares[leader].amount * count <= amount
    assert sum(amounts_of(division).values()) == amount


def test_control_rounding_each_share_by_itself_breaks_the_first_property():
    def naive(amount, weights):
        total = sum(weights.values())
        return {key: (2 * amount * weight + total) // (2 * total) for key, weight in weights.items()}

    @given(amounts, weights)
    def adds_up(amount, weights):
        assert sum(naive(amount, weights).values()) == amount

    with pytest.raises(AssertionError):
        adds_up()
