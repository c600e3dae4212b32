"""Exports are plain: what looks like a formula stays a text, and numbers of people keep their zeros."""

import io

import pytest
from python_calamine import CalamineWorkbook

from teams.downloads import workbook, workbook_response
from teams.models import Unit, User
from teams.roster import COLUMNS, plan_import, read_roster
from teams.selectors import roster_rows
from teams.workbooks import read_workbook


def read(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_texts_survive_a_round_trip():
    rows = [["000123", "=1+1", "@SUM(A1)"], ["-2", "+3", "https://example.com"], [None, "张\n三", 7]]
    data = workbook("花名册", ["工号", "甲", "乙"], rows)
    expected = [["工号", "甲", "乙"], *rows[:2], ["", "张\n三", "7"]]
    assert read(data) == expected
    assert list(read_workbook(io.BytesIO(data))) == ["花名册"]


def test_no_cell_is_a_formula_or_a_link():
    data = workbook("表", ["甲"], [["=cmd|' /C calc'!A0"], ["http://a.b"]])
    assert b"<f>" not in data
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1] == [
        "=cmd|' /C calc'!A0"
    ]


def test_a_download_keeps_its_chinese_name():
    response = workbook_response(b"x", "花名册 2026-11")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%8A%B1")


@pytest.mark.django_db
def test_an_exported_roster_imports_as_it_is(case):
    """The roster of tests/data, exported and read again, changes nobody."""
    root = Unit.objects.get(parent=None)
    data = workbook("花名册", list(COLUMNS), roster_rows(User.objects.all()))
    rows, skipped = read_roster(read_workbook(io.BytesIO(data)))
    plan = plan_import(rows, root)
    assert (len(plan.unchanged), plan.added, plan.changed, plan.bad, skipped) == (68, [], [], [], [])
