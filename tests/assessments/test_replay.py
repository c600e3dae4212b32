"""A closed month under another standard: lines find their successors, findings go with them or are named."""

from dataclasses import replace

from assessments import results
from assessments.models import Criterion
from assessments.replay import GONE, OTHER_WAY, replay, successors
from assessments.scoring import Line
from tests.assessments.test_grades import frozen
from tests.assessments.test_scoring import YARDSTICK


def line(pk, code, name, origin=None):
    return Criterion(pk=pk, code=code, name=name, origin_id=origin)


def test_lines_go_together_by_where_they_were_copied_from_then_by_name_then_by_code():
    old = [line(1, "1.1", "会"), line(2, "1.2", "票"), line(3, "2.1", "巡检"), line(4, "2.2", "缺陷", origin=9)]
    new = [
        line(11, "1.1", "票"),
        line(12, "1.2", "班前会", origin=1),
        line(13, "2.1", "巡回检查"),
        line(14, "3.1", "消缺", origin=9),
        line(15, "3.2", "卫生"),
    ]
    assert successors(old, new) == {"1.1": "1.2", "1.2": "1.1", "2.1": "2.1", "2.2": "3.1"}


def found(number, code, points, person=None):
    facts = {"id": number, "code": code, "name": "会", "points": points, "date": "2026-10-05"}
    return facts | {"person": person, "kind": "", "checker": "", "person_name": "", "note": ""}


def month(*findings, not_applicable=()):
    inputs = frozen([""])
    inputs["teams"][0] |= {"findings": list(findings), "not_applicable": list(not_applicable)}
    return inputs


NEW = replace(YARDSTICK, criteria={"3.1": Line(3, 500), "3.2": Line(3, 500), "4.1": Line(4, 200, "award")})


def test_findings_move_to_the_new_line_and_awards_outside_stay():
    again = replay(month(found(1, "1.1", -200), found(2, None, 300)), NEW, {"1.1": "3.1"})
    assert [(row["code"], row["points"]) for row in again.inputs["teams"][0]["findings"]] == [
        ("3.1", -200),
        (None, 300),
    ]
    assert again.left_out == ()
    assert results.team_rows(again.inputs)[0]["score"] == 8300


def test_what_has_no_successor_or_changed_its_way_is_left_out_and_named():
    gone, turned, award = found(1, "1.2", -100), found(2, "1.1", -100), found(3, "1.1", 100)
    again = replay(month(gone, turned, award, not_applicable=["1.2", "1.3"]), NEW, {"1.1": "4.1", "1.3": "3.2"})
    assert again.left_out == ((gone, GONE), (turned, OTHER_WAY))
    team = again.inputs["teams"][0]
    assert ([row["id"] for row in team["findings"]], team["not_applicable"]) == ([3], ["3.2"])


def test_the_frozen_month_itself_is_left_alone():
    inputs = month(found(1, "1.1", -200))
    replay(inputs, NEW, {"1.1": "3.1"})
    assert inputs == month(found(1, "1.1", -200))
