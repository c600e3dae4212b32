"""Draws are fair and cannot be foretold. The chance is seeded, so that the verdict on the statistics is always the same."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.plans import draws

seeds = st.integers(0, 2**32)


def pairs_of(groups, last=(), seed=1):
    return draws.pairs(groups, last, random.Random(seed))


@given(size=st.integers(2, 15), seed=seeds)
def test_every_team_checks_one_other_and_is_checked_by_one_other(size, seed):
    drawn = pairs_of([list(range(size))], seed=seed)
    assert sorted(drawn) == sorted(drawn.values()) == list(range(size))
    assert all(checker != checked for checker, checked in drawn.items())


@given(size=st.integers(3, 15), seed=seeds)
def test_no_pair_comes_twice_in_a_row(size, seed):
    chance, last = random.Random(seed), {}
    for _ in range(4):
        drawn = draws.pairs([list(range(size))], last.items(), chance)
        assert not draws.again(drawn, last.items())
        last = drawn


@given(here=st.integers(1, 8), there=st.integers(1, 8), seed=seeds)
def test_between_sister_units_as_many_as_possible_check_the_other_unit(here, there, seed):
    groups = [[("甲", n) for n in range(here)], [("乙", n) for n in range(there)]]
    drawn = pairs_of(groups, seed=seed)
    across = sum(checker[0] != checked[0] for checker, checked in drawn.items())
    assert sorted(drawn) == sorted(drawn.values()) == sorted(groups[0] + groups[1])
    assert across == 2 * min(here, there)


def test_two_teams_can_only_check_each_other_again_and_again():
    assert pairs_of([["甲", "乙"]], last=[("甲", "乙"), ("乙", "甲")]) == {"甲": "乙", "乙": "甲"}


def test_where_a_pair_must_come_again_as_few_as_possible_do():
    last = [("甲", "乙"), ("乙", "甲")]
    assert len(draws.again(pairs_of([["甲", "乙", "丙"]], last), last)) == 1


@pytest.mark.parametrize("groups", [[["甲"]], [[]], [["甲"], []]])
def test_fewer_than_two_teams_have_nobody_to_check(groups):
    with pytest.raises(ValueError, match="two teams"):
        pairs_of(groups)


def test_every_arrangement_is_as_likely_as_any_other():
    """Four teams have 9 arrangements: over 9,000 draws chi-square, 8 degrees of freedom, stays below 26.12 (p = 0.001)."""
    chance = random.Random(7)
    seen = Counter(tuple(sorted(draws.pairs([list("甲乙丙丁")], (), chance).items())) for _ in range(9000))
    assert len(seen) == 9
    assert sum((count - 1000) ** 2 / 1000 for count in seen.values()) < 26.12


# -- Days --------------------------------------------------------------------------------------------------------------

WEEKS = 1000
WEEK = list(range(7))
TWO_OF_SEVEN = 21
"""Pairs of days that a draw of two may give."""
LIMITS = {"days": 22.46, "pairs": 45.31, "transitions": 52.62}
"""Chi-square at p = 0.001 for 6, 20 and 25 degrees of freedom; an honest draw exceeds it once in a thousand seeds.

days: how often each day of the week was drawn. pairs: how often each two days came together. transitions: how often a
last day of a week was followed by a first day of the next, against what independence of the two would give.
"""


def weeks_of(draw, seed=11):
    chance, weeks = random.Random(seed), []
    for _ in range(WEEKS):
        weeks.append(draw(weeks, chance))
    return weeks


def chi_square(seen, expected):
    return sum((seen[key] - wanted) ** 2 / wanted for key, wanted in expected.items())


def statistics(weeks):
    """The three statistics of LIMITS; that of the days is scaled, for the two of a week exclude each other."""
    days, pairs = Counter(day for week in weeks for day in week), Counter(map(tuple, weeks))
    steps = [(week[-1], following[0]) for week, following in pairwise(weeks)]
    last, first = Counter(a for a, _ in steps), Counter(b for _, b in steps)
    expected = {(a, b): last[a] * first[b] / len(steps) for a in last for b in first}
    scale = 1 - (2 - 1) / (7 - 1)
    all_pairs = [(a, b) for a in WEEK for b in WEEK if a < b]
    assert len(all_pairs) == TWO_OF_SEVEN
    return {
        "days": chi_square(days, dict.fromkeys(WEEK, WEEKS * 2 / 7)) / scale,
        "pairs": chi_square(pairs, dict.fromkeys(all_pairs, WEEKS / TWO_OF_SEVEN)),
        "transitions": chi_square(Counter(steps), expected),
    }


def suspicious(weeks):
    return [name for name, value in statistics(weeks).items() if value >= LIMITS[name]]


def honest(former, chance):
    return draws.days(WEEK, 2, chance)


@pytest.mark.parametrize("seed", range(5))
def test_over_a_thousand_weeks_no_day_is_predictable(seed):
    weeks = weeks_of(honest, seed)
    assert all(len(week) == len(set(week)) == 2 and week == sorted(week) for week in weeks)
    assert suspicious(weeks) == []


def rotating(former, chance):
    """Every pair of days in turn: fair, and known in advance."""
    return [(len(former) * 2) % 7, (len(former) * 2 + 1) % 7]


def not_soon_again(former, chance):
    """Fair looking, but Monday is spared after a week that ended on Sunday."""
    week = draws.days(WEEK, 2, chance)
    return week if not former or former[-1][-1] != 6 or week[0] != 0 else draws.days(WEEK[1:], 2, chance)


def workdays_more_often(former, chance):
    return sorted(chance.sample([0, 0, 1, 2, 3, 4, 5, 6], 2)) if chance.random() < 0.5 else honest(former, chance)


def next_days(former, chance):
    """The first day is drawn, the second is always the next one."""
    first = chance.randrange(6)
    return [first, first + 1]


@pytest.mark.parametrize("draw", [rotating, not_soon_again, workdays_more_often, next_days])
def test_control_a_draw_that_can_be_foretold_is_found(draw):
    assert suspicious(weeks_of(draw))


@given(days=st.integers(0, 7), number=st.integers(1, 5), seed=seeds)
def test_a_short_week_gives_what_it_has(days, number, seed):
    drawn = draws.days(WEEK[:days], number, random.Random(seed))
    assert len(set(drawn)) == len(drawn) == min(number, days)
    assert set(drawn) <= set(WEEK[:days])


# -- Shares ------------------------------------------------------------------------------------------------------------


@given(items=st.integers(0, 50), people=st.integers(1, 15))
def test_vacant_items_are_shared_out_evenly(items, people):
    codes = [f"1.{number}" for number in range(items)]
    found = draws.shares(codes, {}, list(range(people)))
    load = dict.fromkeys(range(people), 0) | Counter(found.values())
    assert set(found) == set(codes)
    assert max(load.values()) - min(load.values()) <= 1


def test_who_owns_items_already_gets_fewer_and_keeps_them():
    assert draws.shares(["1", "2", "3", "4"], {"1": "甲", "2": "甲"}, ["甲", "乙"]) == {"3": "乙", "4": "乙"}
    assert draws.shares(["1"], {}, []) == {}
