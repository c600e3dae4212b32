"""The proposal of a list: worked examples, and over random rounds that it keeps the quota whenever any list does."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.honours.name_list_proposals import Candidate, addable, propose, propose_reserve, tied
from assessments.honours.quotas import Nominee, Quota, problems

FRONT, MANAGER = True, False


def names(*rows):
    """Candidates of (name, place, front line, unit)."""
    return [Candidate(name, place, Nominee(name, unit, front)) for name, place, front, unit in rows]


# -- Worked examples -----------------------------------------------------------------------------------------------------


def test_the_best_ones_until_the_quota_is_full():
    rows = names(("甲", 1, FRONT, "一"), ("乙", 2, FRONT, "一"), ("丙", 3, FRONT, "二"))
    assert propose(Quota(total=2), [], rows) == ["甲", "乙"]
    assert propose(Quota(total=2, per_unit=1), [], rows) == ["甲", "丙"]


def test_half_of_the_names_are_of_the_front_line():
    """一线职工、班组长和班组占百分之五十以上: the second manager comes only beside a second of the front line."""
    rows = names(
        ("科长", 1, MANAGER, "一"), ("主任", 2, MANAGER, "一"), ("焊工", 3, FRONT, "二"), ("钳工", 4, FRONT, "二")
    )
    assert propose(Quota(front_line_percent=50), [], rows) == ["焊工", "科长", "钳工", "主任"]
    assert propose(Quota(total=3, front_line_percent=50), [], rows) == ["焊工", "科长", "钳工"]


def test_a_manager_needs_one_of_the_front_line():
    rows = names(("科长", 1, MANAGER, "一"), ("主任", 2, MANAGER, "一"), ("焊工", 3, FRONT, "二"))
    assert propose(Quota(one_for_one=True), [], rows) == ["焊工", "科长"]


def test_who_is_barred_or_not_placed_is_not_proposed():
    barred = Candidate("甲", 1, Nominee("甲", "一", bars=("有事故",)))
    assert propose(Quota(total=2), [], [barred, *names(("乙", None, FRONT, "一"), ("丙", 3, FRONT, "一"))]) == ["丙"]


def test_who_stands_already_keeps_the_place():
    listed = [Nominee("科长", "一", MANAGER)]
    rows = names(("主任", 1, MANAGER, "一"), ("焊工", 9, FRONT, "二"))
    assert propose(Quota(total=2, front_line_percent=50), listed, rows) == ["焊工"]


def test_equals_at_the_last_place_are_told():
    rows = names(("甲", 1, FRONT, "一"), ("乙", 2, FRONT, "一"), ("丙", 2, FRONT, "二"), ("丁", 2, MANAGER, "二"))
    chosen = propose(Quota(total=2), [], rows)
    assert (chosen, tied(rows, chosen)) == (["甲", "乙"], ["丙"])
    assert tied(rows, ["甲"]) == []


def test_the_reserve_is_the_next_ones_as_far_as_there_is_room():
    rows = names(("甲", 2, FRONT, "一"), ("乙", 1, MANAGER, "一"), ("丙", 3, FRONT, "二"))
    assert propose_reserve(Quota(total=10, reserve_percent=20), 0, rows) == ["乙", "甲"]
    assert propose_reserve(Quota(total=10, reserve_percent=20), 1, rows) == ["乙"]
    assert propose_reserve(Quota(total=10), 0, rows) == []
    assert propose_reserve(Quota(), 0, rows) == ["乙", "甲", "丙"]


# -- Random rounds -------------------------------------------------------------------------------------------------------

QUOTAS = st.builds(
    Quota,
    total=st.none() | st.integers(0, 6),
    per_unit=st.none() | st.integers(1, 3),
    front_line_percent=st.sampled_from([0, 30, 50, 60, 100]),
    one_for_one=st.booleans(),
)
BARS = st.sampled_from([(), (), (), ("有事故",)])
NOMINEES = st.builds(
    Nominee, name=st.just("某"), unit=st.sampled_from("一二三"), is_front_line=st.booleans(), bars=BARS
)


@st.composite
def rounds(draw):
    """(quota, who stands already, candidates)."""
    listed = draw(st.lists(NOMINEES.filter(lambda row: not row.bars), max_size=2))
    found = draw(st.lists(st.tuples(NOMINEES, st.none() | st.integers(1, 7)), max_size=7))
    return draw(QUOTAS), listed, [Candidate(key, place, nominee) for key, (nominee, place) in enumerate(found)]


def keeps(quota, listed, rows):
    return not problems(quota, [*listed, *(row.nominee for row in rows)])


def any_list_keeps(quota, listed, candidates):
    placed = [row for row in candidates if row.place is not None]
    sizes = range(len(placed) + 1)
    return any(keeps(quota, listed, rows) for size in sizes for rows in combinations(placed, size))


@given(rounds())
@settings(max_examples=400, deadline=None)
def test_the_proposal_keeps_the_quota_when_any_list_does(found):
    quota, listed, candidates = found
    chosen = set(propose(quota, listed, candidates))
    rows = [row for row in candidates if row.key in chosen]
    assert keeps(quota, listed, rows) == any_list_keeps(quota, listed, candidates)


@given(rounds())
@settings(max_examples=200, deadline=None)
def test_nobody_left_out_could_join_or_has_the_better_right(found):
    quota, listed, candidates = found
    chosen = set(propose(quota, listed, candidates))
    whole = [*listed, *(row.nominee for row in candidates if row.key in chosen)]
    left = [row for row in candidates if row.key not in chosen and row.place is not None and not row.nominee.bars]
    assert not [row for row in left if addable(quota, whole, row.nominee)]
    alike = [(row, other) for row in left for other in candidates if other.key in chosen and _alike(row, other)]
    assert not [row for row, other in alike if row.place < other.place]


def _alike(row, other):
    return (row.nominee.unit, row.nominee.is_front_line) == (other.nominee.unit, other.nominee.is_front_line)


def test_control_a_list_by_place_alone_breaks_the_quota():
    rows = names(("科长", 1, MANAGER, "一"), ("焊工", 2, FRONT, "一"))
    quota = Quota(total=1, front_line_percent=50)
    best = [row.nominee for row in rows[:1]]
    assert problems(quota, best)
    assert any_list_keeps(quota, [], rows)
    assert propose(quota, [], rows) == ["焊工"]
