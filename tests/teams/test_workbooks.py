"""Uploaded workbooks: read as they are, or refused with a sentence before they can do any harm."""

import datetime
import json
import re
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from teams import workbook_reader, workbooks
from teams.workbooks import WorkbookRefused, column_letter, find_header, read_workbook, text_of
from tests.hostile import HOSTILE, ODD, TOO_MUCH, without_results
from tests.workbooks import named, roster, workbook


def test_cells_arrive_as_the_workbook_holds_them():
    rows = [["工号", "日期"], ["000001", datetime.date(1998, 6, 1)], [17, ""], ["", ""], [True, 1.5]]
    assert read_workbook(workbook({"甲": rows, "乙": [["x"]]})) == {
        "甲": [["工号", "日期"], ["000001", datetime.date(1998, 6, 1)], [17.0, ""], ["", ""], [True, 1.5]],
        "乙": [["x"]],
    }


def test_a_table_that_begins_further_down_keeps_its_row_numbers():
    (rows,) = read_workbook(workbook({"甲": [[], [], ["", "", "深处"]]})).values()
    assert (len(rows), rows[2][2]) == (3, "深处")


def test_dates_times_and_durations_come_through_the_other_process():
    day, moment = datetime.date(1998, 6, 1), datetime.datetime(1998, 6, 1, 8, 30)  # noqa: DTZ001
    (rows,) = read_workbook(
        workbook({"甲": [[day, moment, datetime.time(8, 30), datetime.timedelta(hours=30)]]})
    ).values()
    assert rows[0][0] == day
    assert all(str(cell) for cell in rows[0])


# -- Hostile files ------------------------------------------------------------------------------------------------------

MEASURE = """
import atexit, sys
from teams import workbook_reader

@atexit.register
def tell():
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    sys.stderr.write("peak " + peak.split()[1])

workbook_reader.MEMORY = int(sys.argv[1])
workbook_reader.main()
"""
GENEROUS = 4 * 1024**3


def read_and_measure(content, memory=workbook_reader.MEMORY):
    """Let a reader of its own read the bytes: (its exit code, its answer, the most memory it used in MB or None)."""
    command = [sys.executable, "-c", MEASURE, str(memory)]
    done = subprocess.run(command, input=content, cwd=settings.BASE_DIR, capture_output=True, timeout=60, check=False)
    peak = re.search(rb"peak (\d+)", done.stderr)
    return done.returncode, done.stdout, peak and int(peak[1]) // 1024


def test_there_are_at_least_twenty_hostile_and_some_odd_workbooks():
    assert len(HOSTILE) >= 20
    assert len(ODD) >= 5


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_seconds_and_in_little_memory(name):
    content, sentence = HOSTILE[name]
    begun = time.perf_counter()
    with pytest.raises(WorkbookRefused, match=sentence):
        read_workbook(named(content))
    assert time.perf_counter() - begun < 5
    code, _, peak = read_and_measure(content)
    # Who wanted more than it was given ended itself.
    assert code == -signal.SIGABRT or peak < 200


def test_control_without_its_limit_the_reader_would_take_all_it_can_get():
    content, _ = HOSTILE["one text in every cell"]
    code, answer, peak = read_and_measure(content, GENEROUS)
    assert (code, TOO_MUCH[1:] in json.loads(answer)["refused"]) == (0, True)
    assert peak > 400


def test_a_full_sheet_fits_into_the_limits():
    rows = [["√"] * 80] * 5000
    content = workbook({"甲": rows}).getvalue()
    code, _, peak = read_and_measure(content)
    assert (code, read_workbook(named(content))) == (0, {"甲": rows})
    assert peak < 200


@pytest.mark.parametrize("death", ["raise SystemExit(3)", "while True: pass", "print('no answer')"])
def test_a_reader_that_dies_hangs_or_talks_nonsense_is_a_refusal(death, monkeypatch, tmp_path):
    (tmp_path / "teams").mkdir()
    (tmp_path / "teams" / "workbook_reader.py").write_text(death)
    monkeypatch.setattr(workbooks, "FOLDER", tmp_path)
    monkeypatch.setattr(workbooks, "SECONDS", 1)
    with pytest.raises(WorkbookRefused, match=TOO_MUCH):
        read_workbook(roster(["1", "张三", "运行部", "一值"]))


def test_the_reader_gets_no_secrets_from_the_environment(monkeypatch, tmp_path):
    (tmp_path / "teams").mkdir()
    spy = "import json, os; print(json.dumps({'refused': ' '.join(os.environ)}))"
    (tmp_path / "teams" / "workbook_reader.py").write_text(spy)
    monkeypatch.setattr(workbooks, "FOLDER", tmp_path)
    with pytest.raises(WorkbookRefused) as told:
        read_workbook(roster(["1", "张三", "运行部", "一值"]))
    assert "SECRET_KEY" not in str(told.value)
    assert "PATH" in str(told.value)


def test_a_formula_nobody_calculated_is_no_empty_cell():
    (rows,) = read_workbook(without_results(roster(["000001", "张三", "运行部", "一值"]), "B2")).values()
    assert (rows[1][0], rows[1][1], isinstance(rows[1][1], workbooks.NoValue)) == ("000001", "没有结果的公式", True)


# -- Cells and headers --------------------------------------------------------------------------------------------------


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


def test_a_needed_header_above_two_columns_is_refused_with_both_columns():
    rows = [["名单"], ["工号", "姓名", "备注", "工 号", "备注"]]
    with pytest.raises(WorkbookRefused, match="^第 2 行的表头里有 2 列都叫“工号”（A、D 列）"):
        find_header(rows, ["工号", "姓名"])
    with pytest.raises(WorkbookRefused, match="“备注”（C、E 列）"):
        find_header([rows[0], ["工号", "姓名", "备注", "", "备注"]], ["工号", "姓名"], ["备注"])
    assert find_header(rows, ["姓名"]) == (1, {"工号": 0, "姓名": 1, "备注": 2})


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_has_the_letter_people_see(index, letter):
    assert column_letter(index) == letter
