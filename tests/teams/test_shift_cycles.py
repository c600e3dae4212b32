"""The rhythm of rotating shifts: what is read from the days before, and what it makes of the days to come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.shift_cycles import EMPTY, EVIDENCE, LENGTHS, REMEMBERED, TURN, all_continued, continued, cycle_of

CODES = st.sampled_from(TURN)
CYCLES = st.lists(CODES, min_size=LENGTHS[0], max_size=LENGTHS[-1]).map("".join)
LINES = st.lists(st.sampled_from(TURN + EMPTY + "病学"), max_size=40).map("".join)


def rounds(cycle, days):
    return (cycle * days)[:days]


@pytest.mark.parametrize(
    ("line", "length"),
    [
        ("√夜休" * 5, 3),
        ("√√夜夜休休休休" * 3, 8),
        ("√√夜夜休休休休" * 2, 8),
        ("√" * 8, 2),
        ("√夜病√夜休学夜休√夜休", 3),
    ],
)
def test_the_shortest_cycle_without_contradiction_is_found(line, length):
    assert cycle_of(line) == length


@pytest.mark.parametrize(
    "line", ["", "." * 28, "病" * 28, "休休休休", "√夜休√", "√√夜夜休休休休" + "√√夜", "√夜休" * 4 + "√休√"]
)
def test_too_few_days_or_a_contradiction_show_no_cycle(line):
    assert cycle_of(line) is None


def test_leave_is_skipped_over_by_looking_one_cycle_further_back():
    assert continued("√夜休√病休...", 6, 3) == "√夜休"
    assert continued("√√夜夜休休休休" * 2 + "√病事夜" + "....", 20) == "休休休休"


def test_days_that_are_written_stay_and_nothing_is_known_of_places_never_seen():
    assert continued("√夜.√..", 2, 3) == "..夜."
    assert continued("√√√√√√√√", 4) == "...."


def test_what_is_proposed_carries_on_from_what_was_proposed_before():
    assert continued("√夜休" * 4 + "." * 31, 12) == rounds("√夜休", 31)


def test_each_day_has_a_proposal_for_each_choice():
    first, second = all_continued("√√夜夜休休休休" * 2 + "..", 16)
    assert len(first) == 1 + len(LENGTHS)
    assert (first[0], second[0]) == ("√", "√")
    assert first[1 + LENGTHS.index(3)] == "休"
    assert first[1 + LENGTHS.index(8)] == "√"


@given(CYCLES, st.integers(1, 31))
def test_any_cycle_seen_for_four_weeks_is_continued(cycle, days):
    line = rounds(cycle, REMEMBERED + days)
    assert continued(line[:REMEMBERED] + EMPTY * days, REMEMBERED) == line[REMEMBERED:]


@given(CYCLES, st.sets(st.integers(0, REMEMBERED - 1), max_size=6), st.integers(1, 31))
def test_a_chosen_cycle_is_continued_across_leave(cycle, leave, days):
    line = rounds(cycle, REMEMBERED + days)
    before = "".join("病" if day in leave else code for day, code in enumerate(line[:REMEMBERED]))
    proposals = continued(before + EMPTY * days, REMEMBERED, len(cycle))
    seen = {day % len(cycle) for day in range(REMEMBERED) if day not in leave}
    wanted = [
        code if day % len(cycle) in seen else EMPTY for day, code in enumerate(line[REMEMBERED:], start=REMEMBERED)
    ]
    assert proposals == "".join(wanted)


@given(LINES)
def test_a_cycle_that_is_found_contradicts_no_day(line):
    length = cycle_of(line)
    if length is None:
        return
    places = [{code for code in line[start::length] if code in TURN} for start in range(length)]
    assert all(len(codes) == 1 for codes in places)
    assert sum(code in TURN for code in line) >= max(EVIDENCE, 2 * length)


@given(LINES, st.integers(0, 40), st.sampled_from([None, *LENGTHS]))
def test_only_empty_days_get_a_code_and_only_one_of_a_turn(line, start, length):
    start = min(start, len(line))
    proposals = continued(line, start, length)
    assert len(proposals) == len(line) - start
    for code, proposal in zip(line[start:], proposals, strict=True):
        assert proposal == EMPTY or (code == EMPTY and proposal in TURN)
