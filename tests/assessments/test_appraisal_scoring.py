"""The arithmetic of leader appraisals: the worked examples of docs/scoring.md, and what happens when a side is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.appraisals.figures import LEVELS, SIDES, appraise, means_by_item, points_of
from assessments.appraisals.presets import presets
from assessments.scoring import reached
from teams.figures import hundredths
from tests.docs import table

USUAL = {"self": 20, "members": 40, "superior": 40}
FULL = 10000


def answers(text):
    """「80；90」: several answers of one item each, in hundredths."""
    return [[hundredths(part)] for part in text.split("；")] if text else []


def figure(text):
    return hundredths(text) if text else None


@pytest.mark.parametrize("row", table("scoring.md", "班组长测评"), ids=lambda row: row["看什么"])
def test_the_examples_of_the_manual(row):
    weights = dict(zip(SIDES, map(int, row["占比"].split("/")), strict=True))
    given_by = {"self": answers(row["自评"]), "members": answers(row["组员"]), "superior": answers(row["上级"])}
    result = appraise(FULL, weights, given_by, 3)
    assert result.sides["members"] == figure(row["民主测评"])
    assert result.total == figure(row["总分"])
    grades = [("优秀", 9000), ("良好", 8000), ("合格", 7000)]
    assert (reached(grades, result.total, "需改进") if result.total is not None else "") == row["等级"]


def test_a_side_that_is_missing_is_named_only_when_it_had_weight():
    nobody = {side: [] for side in SIDES}
    assert appraise(FULL, USUAL, nobody, 3).missing == SIDES
    assert appraise(FULL, USUAL, nobody, 3).total is None
    assert appraise(FULL, {"self": 0, "members": 70, "superior": 30}, nobody, 3).missing == ("members", "superior")


def test_the_total_is_rounded_once():
    """A quarter of 33.33… and three quarters of 66.66… are 58.33…; of the rounded sides they would be 58.34."""
    result = appraise(
        3, {"self": 25, "members": 75, "superior": 0}, {"self": [[1]], "members": [[2]] * 3, "superior": []}, 3
    )
    assert (result.sides["self"], result.sides["members"], result.total) == (3333, 6667, 5833)


def test_two_ballots_give_no_means():
    assert means_by_item([[100, 70], [100, 40]], least=3) == []
    assert means_by_item([[100, 70], [100, 40], [70, 40]], least=3) == [90, 50]


def test_every_level_of_every_shipped_item_is_an_exact_figure():
    for preset in presets().values():
        for _, _, points in preset.items:
            assert len({points_of(level, points) for level in range(len(LEVELS))}) == len(LEVELS)
            assert all(points * percent % 100 == 0 for _, percent in LEVELS)
        assert sum(preset.weights.values()) == 100
        assert preset.least_answers >= 3


def test_the_presets_are_those_of_the_behaviour_standard():
    found = {key: (len(preset.items), sum(points for *_, points in preset.items)) for key, preset in presets().items()}
    assert found == {
        "appraisal_behaviour": (11, 10000),
        "appraisal_factory": (9, 15000),
        "appraisal_four_musts": (4, 4000),
        "appraisal_reselection": (11, 10000),
        "appraisal_three_four": (7, 6000),
    }
    assert presets()["appraisal_reselection"].weights == {"self": 0, "members": 70, "superior": 30}


side = st.lists(st.lists(st.integers(0, 1000), min_size=3, max_size=3), max_size=6)


@given(own=side, members=side, superior=side, first=st.integers(0, 100), second=st.integers(0, 100))
def test_a_total_lies_between_the_sides_that_count(own, members, superior, first, second):
    weights = {"self": min(first, second), "members": abs(first - second), "superior": 100 - max(first, second)}
    result = appraise(3000, weights, {"self": own[:1], "members": members, "superior": superior[:1]}, 3)
    counted = [figure for side, figure in result.sides.items() if figure is not None and weights[side]]
    assert (result.total is None) == (not counted)
    assert not counted or min(counted) <= result.total <= max(counted)
