"""Exports are plain: what looks like a formula stays a text, and numbers of people keep their zeros."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from teams.downloads import Figure, Sheet, workbook, workbook_of, workbook_response
from teams.models import Unit, User
from teams.roster import COLUMNS, full_number, read_roster
from teams.roster_plan import plan_import
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


def test_only_figures_become_numbers_and_lines_stand_around_the_table():
    sheet = Sheet(
        "榜",
        ["姓名", "应得"],
        [["1", Figure("1,234.50", money=True)], ["2", None]],
        "标题",
        [["总额", "2"]],
        [["附注"]],
    )
    content = workbook_of(sheet, Sheet("说明", ["列"], [["7"]]))
    assert read_workbook(io.BytesIO(content)) == {
        "榜": [
            ["标题", ""],
            ["总额", "2"],
            ["", ""],
            ["姓名", "应得"],
            ["1", 1234.5],
            ["2", ""],
            ["", ""],
            ["附注", ""],
        ],
        "说明": [["列"], ["7"]],
    }


@given(st.lists(st.from_regex(r"[0-9A-Za-z-]{1,20}", fullmatch=True).map(full_number), min_size=1, max_size=200))
@hypothesis_settings(max_examples=20)
def test_every_employee_number_survives_export_and_import(numbers):
    content = workbook("花名册", list(COLUMNS), [[number, "张三", "运行部", "一值"] for number in numbers])
    rows, skipped = read_roster(read_workbook(io.BytesIO(content)))
    assert ([row.values["employee_no"] for row in rows], skipped) == (numbers, [])


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


def test_named_columns_are_added_up_below_the_table_and_outside_its_filter():
    money = [Figure("1,200.50", money=True), None, Figure("0.00"), Figure("0.5")]
    rows = ([str(number), cell, "说明", Figure("2")] for number, cell in enumerate(money))
    content = workbook("奖励", ["编号", "金额", "事由", "次"], rows, ("金额",))
    table = read(content)
    assert table[-1] == ["合计", 1201, "", ""]
    assert len(table) == 6
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert 'autoFilter ref="A1:D5"' in book.read("xl/worksheets/sheet1.xml").decode()


def test_an_empty_table_has_nothing_to_add_up():
    content = workbook("奖励", ["编号", "金额"], [], ("金额",))
    assert read(content) == [["编号", "金额"]]
