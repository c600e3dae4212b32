"""Quotas, marks and the draw: examples from the rules that unions publish, and properties over random lists."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.honours.draws import NotEnough, draw
from assessments.honours.marks import diverge, mean, most, places, total
from assessments.honours.quotas import Nominee, Quota, meter, problems, quota_of

nominees = st.lists(
    st.builds(Nominee, st.text("甲乙丙", min_size=1), st.sampled_from("一二三"), st.booleans()), max_size=12
)
quotas = st.builds(
    Quota,
    st.none() | st.integers(0, 12),
    st.none() | st.integers(0, 12),
    st.integers(0, 100),
    st.booleans(),
)


def people(front, managers, unit="一"):
    return [Nominee(f"工{n}", unit) for n in range(front)] + [Nominee(f"管{n}", unit, False) for n in range(managers)]


# -- Quotas ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("front", "managers", "kept"), [(5, 5, True), (4, 5, False), (1, 0, True), (0, 1, False)])
def test_half_of_a_model_list_is_of_the_front_line(front, managers, kept):
    """一线职工、班组长和班组占百分之五十以上."""
    assert (problems(Quota(front_line_percent=50), people(front, managers)) == []) == kept


def test_a_middle_manager_needs_a_worker_beside():
    """推荐一名中层管理人员，要同时推荐一名一线职工."""
    assert problems(Quota(one_for_one=True), people(1, 1)) == []
    assert problems(Quota(one_for_one=True), people(1, 2)) == [
        "推荐一名管理人员要同时推荐一名一线职工：管理人员 2 个，一线 1 个。"
    ]


def test_a_hundred_model_teams_with_a_fifth_in_reserve():
    assert Quota(total=100, reserve_percent=20).reserve == 20
    assert Quota(total=3, reserve_percent=20).reserve == 1
    assert quota_of({"total": 100, "unknown": 1}) == Quota(total=100)


def test_what_is_broken_is_said_with_figures():
    found = problems(Quota(total=2, per_unit=2), people(3, 0))
    assert found == ["名额 2 个，名单上有 3 个，要去掉 1 个。", "一最多 2 个，名单上有 3 个。"]


def test_somebody_barred_is_never_sent_up():
    barred = Nominee("运行一值", "一", True, ("2026-03-01 发生事故，三年内不得参评",))
    assert problems(Quota(), [barred]) == ["运行一值不能推荐：2026-03-01 发生事故，三年内不得参评。"]


@given(quotas, nominees)
def test_a_list_without_problems_keeps_every_rule(quota, listed):
    front = sum(nominee.is_front_line for nominee in listed)
    keeps = (
        (quota.total is None or len(listed) <= quota.total)
        and all(
            quota.per_unit is None or sum(other.unit == one.unit for other in listed) <= quota.per_unit
            for one in listed
        )
        and (not listed or front * 100 >= quota.front_line_percent * len(listed))
        and (not quota.one_for_one or len(listed) - front <= front)
    )
    assert (problems(quota, listed) == []) == keeps


@given(quotas, nominees)
def test_the_meter_counts_what_the_rules_judge(quota, listed):
    found = meter(quota, listed)
    assert found.chosen == len(listed)
    if listed:
        exact, shown = Fraction(found.front_line * 100, len(listed)), found.front_line_percent
        assert (shown >= quota.front_line_percent) == (exact >= quota.front_line_percent)
        assert shown in (floor(exact + Fraction(1, 2)), quota.front_line_percent - 1)


@pytest.mark.parametrize(("front", "managers", "needed", "shown"), [(2, 1, 0, 67), (1, 7, 0, 13), (2, 1, 67, 66)])
def test_the_share_of_the_front_line_is_rounded_but_never_up_to_the_quota(front, managers, needed, shown):
    assert meter(Quota(front_line_percent=needed), people(front, managers)).front_line_percent == shown


# -- Marks -----------------------------------------------------------------------------------------------------------------

CRITERIA = [{"code": "1", "points": 6000}, {"code": "2", "points": 4000}]


def test_marks_add_up():
    assert total(CRITERIA, {"1": 5550, "2": 4000}) == 9550


@pytest.mark.parametrize("marks", [{"1": 100}, {"1": 100, "2": 4001}, {"1": -1, "2": 0}, {}])
def test_missing_and_impossible_marks_are_refused(marks):
    with pytest.raises(ValueError, match="还没有打分"):
        total(CRITERIA, marks)


YES_NO = [{"code": "1", "method": "yes_no", "points": 300}, {"code": "2", "method": "yes_no"}]


def test_a_yes_earns_all_points_or_one_point_where_none_are_written():
    assert most(YES_NO) == 400
    assert total(YES_NO, {"1": 300, "2": 100}) == 400
    assert total(YES_NO, {"1": 0, "2": 100}) == 100
    for marks in ({"1": 150, "2": 100}, {"1": 300, "2": 50}, {"1": 300}):
        with pytest.raises(ValueError, match="还没有打分"):
            total(YES_NO, marks)


def test_the_highest_and_the_lowest_are_dropped_when_enough_are_left():
    assert mean([9000, 8000, 7000, 100, 10000], drop_extremes=True) == 8000
    assert mean([9000, 8000], drop_extremes=True) == 8500
    assert mean([9001, 9000], drop_extremes=False) == 9001
    assert mean([], drop_extremes=True) is None


@given(st.lists(st.integers(0, 10000), min_size=1, max_size=9), st.booleans())
def test_a_mean_lies_between_its_marks(totals, drop):
    assert min(totals) <= mean(totals, drop_extremes=drop) <= max(totals)


def test_reviewers_far_apart_are_flagged():
    assert diverge([9000, 7400], 1500)
    assert not diverge([9000, 7500], 1500)
    assert not diverge([9000], 1500)
    assert not diverge([9000, 1000], 0)


@given(st.dictionaries(st.integers(), st.none() | st.integers(0, 10000), max_size=12))
def test_a_place_is_one_more_than_those_who_are_better(scores):
    found = places(scores)
    known = {key: score for key, score in scores.items() if score is not None}
    assert found == {key: 1 + sum(other > score for other in known.values()) for key, score in known.items()}


# -- The draw --------------------------------------------------------------------------------------------------------------


def even(eligible, drawn, loads):
    """Whether no exchange of a reviewer for a free one would make the loads more even."""
    total = {who: loads.get(who, 0) + sum(who in chosen for chosen in drawn.values()) for who in range(9)}
    return all(
        total[one] - total[other] <= 1
        for key, chosen in drawn.items()
        for one in chosen
        for other in eligible[key] - set(chosen)
    )


@given(st.integers(1, 8), st.integers(3, 6), st.integers(1, 3), st.integers())
def test_without_conflicts_nobody_gets_two_more_than_another(applications, reviewers, needed, seed):
    numbers = range(applications)
    drawn = draw({number: list(range(reviewers)) for number in numbers}, dict.fromkeys(numbers, needed), seed=seed)
    loads = [sum(who in chosen for chosen in drawn.values()) for who in range(reviewers)]
    assert max(loads) - min(loads) <= 1
    assert all(len(set(chosen)) == needed for chosen in drawn.values())


@given(
    st.dictionaries(st.integers(0, 9), st.tuples(st.sets(st.integers(0, 6)), st.integers(0, 3)), max_size=6),
    st.dictionaries(st.integers(0, 6), st.integers(0, 5)),
    st.integers(),
)
def test_only_those_without_conflict_are_drawn_and_evenly(wanted, loads, seed):
    eligible, needed = ({key: pair[at] for key, pair in wanted.items()} for at in (0, 1))
    if any(len(eligible[key]) < needed[key] for key in wanted):
        with pytest.raises(NotEnough):
            draw(eligible, needed, loads, seed)
        return
    drawn = draw(eligible, needed, loads, seed)
    assert all(set(chosen) <= eligible[key] and len(set(chosen)) == needed[key] for key, chosen in drawn.items())
    assert even(eligible, drawn, loads)
    assert drawn == draw(eligible, needed, loads, seed)


def test_control_a_draw_that_looks_ahead_at_nothing_is_uneven():
    eligible, loads = {0: {0, 1}, 1: {1, 2, 3}}, {0: 5, 1: 4}
    assert not even(eligible, {0: [0], 1: [1]}, loads)
    assert even(eligible, draw(eligible, {0: 1, 1: 1}, loads), loads)
