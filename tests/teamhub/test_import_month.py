"""A month handed in as files becomes exactly the figures that a separate calculation gave, or nothing at all."""

import csv
import json
import re
import shutil
import zipfile

import pytest
import xlsxwriter
from django.apps import apps
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from teamhub.month_import import import_month
from teams.errors import TeamError
from tests.data import CASE, EXPECTED

pytestmark = pytest.mark.django_db


def row_counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_the_figures_of_the_month_are_those_expected():
    assert import_month(CASE, 202610, plant="本厂") == EXPECTED


def test_importing_a_closed_month_again_is_refused_and_changes_nothing():
    import_month(CASE, 202610, plant="本厂")
    before = row_counts()
    with pytest.raises(TeamError, match="^2026年10月已经关账的班组：运行一值、.*。关账的月份不能再导入。$"):
        import_month(CASE, 202610, plant="本厂")
    assert row_counts() == before


def test_the_command_writes_the_report_and_says_what_it_did(tmp_path, capsys):
    call_command("import_month", CASE, report=tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == EXPECTED
    assert capsys.readouterr().out.splitlines() == [
        "2026-10：导入 68 人，5 行有错未导入；6 个班组已关账，68 人的奖金已入账并张榜。",
        *(f"  花名册第 {bad['row']} 行未导入：{bad['reason']}" for bad in EXPECTED["roster_errors"]),
    ]


@pytest.mark.parametrize(("month", "sentence"), [("Oktober", "“Oktober”不是月份"), ("2026-13", "“2026-13”不是月份")])
def test_the_command_needs_a_month(month, sentence):
    with pytest.raises(CommandError, match=f"^{sentence}，请写成 2026-10 这样。 用 --month 指明月份。$"):
        call_command("import_month", CASE, month=month)


def test_the_command_reports_a_refusal_as_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="里缺少：roster.xlsx、attendance.xlsx、"):
        call_command("import_month", tmp_path, month="2026-10")


# -- Folders that are not right -----------------------------------------------------------------------------------------


def replace(name, old, new):
    """Change the first occurrence of a text in one of the folder's text files."""

    def spoil(folder):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def append(name, *cells):
    def spoil(folder):
        with (folder / name).open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(cells)

    return spoil


def remove(name):
    return lambda folder: (folder / name).unlink()


def write(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def rebuild(name, edit):
    """Write a workbook anew after ``edit(sheets)`` changed {sheet name: rows of cells}."""

    def spoil(folder):
        book = CalamineWorkbook.from_path(str(folder / name))
        sheets = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in book.sheet_names}
        edit(sheets)
        with xlsxwriter.Workbook(str(folder / name)) as copy:
            for sheet, rows in sheets.items():
                page = copy.add_worksheet(sheet)
                for number, row in enumerate(rows):
                    page.write_row(number, 0, row)

    return spoil


def set_cell(sheet, row, column, value):
    def edit(sheets):
        sheets[sheet][row - 1][column] = value

    return rebuild("attendance.xlsx", edit)


def first_member_row():
    book = CalamineWorkbook.from_path(str(CASE / "attendance.xlsx"))
    rows = book.get_sheet_by_name("运行一值").to_python(skip_empty_area=False)
    header = next(number for number, row in enumerate(rows) if "工号" in row)
    return header + 2, rows[header].index(1)


MEMBER_ROW, DAY_ONE = first_member_row()


def drop_sheet(sheets):
    del sheets["运行二值"]


def rename_sheet(sheets):
    sheets["不存在的班"] = sheets.pop("运行二值")


def forget_member(sheets):
    del sheets["运行一值"][MEMBER_ROW - 1]


def cut(folder):
    content = (folder / "attendance.xlsx").read_bytes()
    (folder / "attendance.xlsx").write_bytes(content[: len(content) // 2])


def hollow(folder):
    with zipfile.ZipFile(folder / "attendance.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<not a workbook")


HTML = "<html><table><tr><td>工号</td></tr></table></html>".encode()
NO_WORKBOOK = "这不是 .xlsx 工作簿"

BROKEN = {
    "a file is missing": (remove("pools.csv"), "里缺少：pools.csv。"),
    "a column is missing": (replace("findings.csv", "标准编号", "编号"), "findings.csv 缺少“标准编号”这一列。"),
    "an unknown criterion": (
        append("findings.csv", "2026-10-09", "运行一值", "抽查", "9.9", "-1", "", ""),
        "findings.csv：标准里没有这些编号：9.9。",
    ),
    "an unknown team in the findings": (
        append("findings.csv", "2026-10-09", "运行九值", "抽查", "1.1", "-1", "", ""),
        "花名册里没有这些班组：运行九值。",
    ),
    "an unknown team in the pools": (append("pools.csv", "运行九值", "100"), "花名册里没有这些班组：运行九值。"),
    "an unknown person": (
        append("findings.csv", "2026-10-09", "运行一值", "抽查", "1.1", "-1", "999999", ""),
        "findings.csv：花名册里没有这些工号：999999。",
    ),
    "a person of another team": (
        append("findings.csv", "2026-10-09", "运行一值", "抽查", "1.1", "-1", "008182", ""),
        r"findings.csv：.* 2026-10-09 不是运行一值的成员，不能作为责任人。",
    ),
    "an unknown kind of check": (
        append("findings.csv", "2026-10-09", "运行一值", "暗访", "1.1", "-1", "", ""),
        "findings.csv 第 112 行：检查类型“暗访”不认识",
    ),
    "a bad date": (
        append("findings.csv", "2026-10-32", "运行一值", "抽查", "1.1", "-1", "", ""),
        "findings.csv 第 112 行：日期无效",
    ),
    "a date of another month": (
        append("findings.csv", "2026-09-30", "运行一值", "抽查", "1.1", "-1", "", ""),
        "findings.csv 第 112 行：日期 2026-09-30 不在2026年10月",
    ),
    "points that are no number": (
        append("findings.csv", "2026-10-09", "运行一值", "抽查", "1.1", "一分", "", ""),
        "findings.csv 第 112 行：“一分”不是数字",
    ),
    "a deduction of nothing": (
        append("findings.csv", "2026-10-09", "运行一值", "抽查", "1.1", "0", "", ""),
        "findings.csv 第 112 行：扣分要写成小于 0 的数",
    ),
    "an award below zero": (
        append("findings.csv", "2026-10-09", "运行一值", "抽查", "加分", "-1", "", ""),
        "findings.csv 第 112 行：加分要大于 0",
    ),
    "a pool of nothing": (replace("pools.csv", "21504.10", "0"), "pools.csv 第 2 行：奖金总额要大于 0"),
    "a pool of a third of a fen": (
        replace("pools.csv", "21504.10", "1.005"),
        "pools.csv 第 2 行：“1.005”最多只能有两位小数",
    ),
    "a pool twice": (append("pools.csv", "运行一值", "100"), "pools.csv：运行一值出现了两次。"),
    "a standard with a gap": (replace("standard.csv", "1.2,", "1.9,"), "standard.csv：编号要从 1.1 起逐条连续"),
    "a criterion without points": (
        append("standard.csv", "5.9", "和谐", "凑数", "0"),
        "standard.csv 第 46 行：满分要大于 0",
    ),
    "a context that is no JSON": (write("context.json", b"{"), "context.json 打不开"),
    "a context with an unknown criterion": (
        replace("context.json", '"3.9"', '"9.9"'),
        "context.json：化学运行班的不适用小项里有标准没有的编号。",
    ),
    "a context with an unknown team": (replace("context.json", "化学运行班", "化学九班"), "没有这些班组：化学九班。"),
    "a text file in a foreign encoding": (
        write("pools.csv", "班组,奖金总额\n运行一值,1\n".encode("gb18030")),
        "pools.csv 打不开，请另存为 UTF-8",
    ),
    "an unknown attendance code": (
        set_cell("运行一值", MEMBER_ROW, DAY_ONE, "★"),
        f"attendance.xlsx“运行一值”第 {MEMBER_ROW} 行 [A-Z]+ 列：不认识的考勤符号“★”",
    ),
    "a member without a row": (rebuild("attendance.xlsx", forget_member), "attendance.xlsx：“运行一值”缺少.*的考勤"),
    "a team without a sheet": (
        rebuild("attendance.xlsx", drop_sheet),
        "attendance.xlsx：缺少这些班组的工作表：运行二值。",
    ),
    "a sheet of an unknown team": (rebuild("attendance.xlsx", rename_sheet), "花名册里没有这些班组：不存在的班。"),
    "half an attendance file": (cut, f"attendance.xlsx：{NO_WORKBOOK}"),
    "an archive that is no workbook": (hollow, "attendance.xlsx：文件打不开"),
    "a web page named .xlsx": (write("roster.xlsx", HTML), f"roster.xlsx：{NO_WORKBOOK}"),
    "an attendance file without a table": (
        rebuild("attendance.xlsx", lambda sheets: [rows.clear() for rows in sheets.values()]),
        "attendance.xlsx：没有找到考勤表",
    ),
    "the attendance file in the place of the roster": (
        lambda folder: shutil.copy(folder / "attendance.xlsx", folder / "roster.xlsx"),
        "roster.xlsx：没有找到花名册",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused_with_a_sentence_and_nothing_is_imported(name, tmp_path):
    spoil, sentence = BROKEN[name]
    folder = shutil.copytree(CASE, tmp_path / "case-2026-10")
    spoil(folder)
    before = row_counts()
    with pytest.raises(TeamError) as refused:
        import_month(folder, 202610, plant="本厂")
    assert re.search(sentence, str(refused.value)), str(refused.value)
    assert row_counts() == before
