"""Searching Chinese: words inside words, full and half width alike, and where they were found; versions side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.knowledge.comparing import Pair, beside
from activities.knowledge.steps import steps_in
from activities.knowledge.words import AROUND, fold, marked, snippet


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("２号给煤机", "2号给煤机"), ("ＤＣＳ", "dcs"), ("25㎡", "25m2"), ("㎎", "mg"), ("ﬁ", "fi"), ("　", " ")],
)
def test_signs_that_people_take_for_the_same_are_folded(typed, folded):
    assert fold(typed) == folded


def test_a_hit_is_shown_as_it_was_written():
    assert marked("２号给煤机断煤", ["2号", "煤机"]) == [
        ("２号", True),
        ("给", False),
        ("煤机", True),
        ("断煤", False),
    ]
    assert marked("面积25㎡", [fold("M2")]) == [("面积25", False), ("㎡", True)]
    assert marked("面积", ["给煤"]) == [("面积", False)]
    assert marked("煤煤煤", ["煤煤", "煤"]) == [("煤煤煤", True)]


def test_a_snippet_has_the_first_hit_in_its_middle():
    text = "前" * 100 + "堵煤" + "后" * 100
    pieces = snippet(text, ["堵煤"])
    assert pieces == [("…" + "前" * AROUND, False), ("堵煤", True), ("后" * AROUND + "…", False)]
    assert snippet("短文堵煤", ["堵煤"]) == [("短文", False), ("堵煤", True)]
    assert snippet(text, ["没有"]) == []


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_marking_loses_no_sign_and_marks_exactly_what_the_search_finds(text, words):
    words = [fold(word) for word in words]
    pieces = marked(text, words)
    assert fold("".join(piece for piece, _ in pieces)) == fold(text)
    assert any(hit for _, hit in pieces) == any(word in fold(text) for word in words)


def test_two_texts_stand_side_by_side():
    assert beside(["一", "二", "三"], ["一", "二改", "三", "四"]) == [
        Pair("一", "一", False),
        Pair("二", "二改", True),
        Pair("三", "三", False),
        Pair("", "四", True),
    ]


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("1. 停泵\n2. 挂牌", ["停泵", "挂牌"]),
        ("1、停泵\n\n 2、挂牌 ", ["停泵", "挂牌"]),
        ("（1）停泵\n（2）挂牌", ["停泵", "挂牌"]),
        ("①停泵\n②挂牌", ["停泵", "挂牌"]),
        ("第1步：停泵\n第2步：挂牌", ["停泵", "挂牌"]),
        ("1.5 MPa 以下停泵\n2.5 MPa 以上启泵", ["1.5 MPa 以下停泵", "2.5 MPa 以上启泵"]),
        ("停泵\n2. 挂牌", ["停泵", "2. 挂牌"]),
        ("3. 停泵\n4. 挂牌", ["3. 停泵", "4. 挂牌"]),
        ("1 号泵停\n2 号泵停", ["1 号泵停", "2 号泵停"]),
        ("1.\n2. 挂牌", ["挂牌"]),
        ("", []),
    ],
)
def test_numbers_that_people_write_in_front_of_steps_are_left_out(typed, steps):
    assert steps_in(typed) == steps
