"""Uploaded workbooks: read as they are, or refused with a sentence before they can do any harm."""

import datetime
import time
import tracemalloc

import pytest

from teams.workbooks import WorkbookRefused, column_letter, find_header, read_workbook, text_of
from tests.workbooks import HOSTILE, named, workbook


def test_cells_arrive_as_the_workbook_holds_them():
    rows = [["工号", "日期"], ["000001", datetime.date(1998, 6, 1)], [17, ""], ["", ""], [True, 1.5]]
    assert read_workbook(workbook({"甲": rows, "乙": [["x"]]})) == {
        "甲": [["工号", "日期"], ["000001", datetime.date(1998, 6, 1)], [17.0, ""], ["", ""], [True, 1.5]],
        "乙": [["x"]],
    }


def test_a_table_that_begins_further_down_keeps_its_row_numbers():
    (rows,) = read_workbook(workbook({"甲": [[], [], ["", "", "深处"]]})).values()
    assert (len(rows), rows[2][2]) == (3, "深处")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once_and_in_little_memory(name):
    content, sentence = HOSTILE[name]
    begun = time.perf_counter()
    tracemalloc.start()
    with pytest.raises(WorkbookRefused, match=sentence):
        read_workbook(named(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - begun < 1
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 张\u3000三 ", "张三"),
        ("张 \xa0三\n", "张三"),
        (8182.0, "8182"),
        (1.05, "1.05"),
        ("", ""),
        (datetime.date(2026, 10, 1), "2026-10-01"),
    ],
)
def test_text_of_a_cell(cell, text):
    assert text_of(cell) == text


def test_the_header_is_found_among_titles_and_spaces():
    rows = [["某厂花名册"], [""], ["序号", "工 号", "姓\u3000名"], [1, "000001", "张三"]]
    assert find_header(rows, ["工号", "姓名"]) == (2, {"序号": 0, "工号": 1, "姓名": 2})
    assert find_header(rows, ["工号", "部门"]) is None
    assert find_header([[""]] * 10 + [["工号"]], ["工号"]) is None


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_has_the_letter_people_see(index, letter):
    assert column_letter(index) == letter
