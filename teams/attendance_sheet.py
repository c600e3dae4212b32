"""The attendance workbook: one sheet a team, people by days, codes; and the checks a month's codes must pass."""

import re
from dataclasses import dataclass

from teams import periods
from teams.figures import hundredths
from teams.models import Attendance, Membership
from teams.roster import READERS
from teams.workbooks import NoValue, WorkbookRefused, column_letter, find_header, text_of

CODES = set(Attendance.Code.values)
WORKED = "√夜⊙※公学"
_MONTH = re.compile(r"(20\d\d)年(1[0-2]|0?[1-9])月")
COLUMNS = ["加班小时", *map(str, range(1, 32))]


@dataclass
class SheetProblem:
    """Where a sheet is wrong: sheet name, row number, column letter, and what to do."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass
class MemberMonth:
    """One member's month as handed in: {day number: code} and overtime in hundredths of an hour."""

    employee_no: str
    codes: dict
    overtime: int


def read_attendance(sheets, period):
    """Every sheet that holds an attendance table: ({sheet name: [MemberMonth]}, [SheetProblem]).

    The sheet's own totals column is not read: it counts only some codes. Raises WorkbookRefused when no sheet fits.
    """
    months, problems = {}, []
    for name, rows in sheets.items():
        header = find_header(rows, ["工号", "姓名", "1"], COLUMNS)
        if header:
            refuse_other_month(name, rows[: header[0]], period)
            months[text_of(name)] = _read_sheet(name, rows, *header, period, problems)
    if not months:
        raise WorkbookRefused("没有找到考勤表：表头要有工号、姓名和 1 到 31 的日期列。请核对后重新上传。")
    return months, problems


def refuse_other_month(name, above, period):
    """Raise WorkbookRefused when the title says another month: last month's file would overwrite this one's codes."""
    told = {
        int(year) * 100 + int(month) for row in above for cell in row for year, month in _MONTH.findall(text_of(cell))
    }
    if told and period not in told:
        raise WorkbookRefused(
            f"工作表“{name}”的标题写的是{'、'.join(periods.label(other) for other in sorted(told))}，"
            f"这里是{periods.label(period)}。请选对文件，或把标题改对后重新上传。"
        )


def _read_sheet(name, rows, header_index, columns, period, problems):
    members = []
    for number, row in enumerate(rows[header_index + 1 :], start=header_index + 2):
        if len(row) > columns["姓名"] and text_of(row[columns["姓名"]]):
            members.append(_read_member(name, number, row, columns, period, problems))
    return members


def _read_member(name, number, row, columns, period, problems):
    """One row as a MemberMonth; what is wrong with its cells is added to the problems."""

    def cell(header, read, otherwise):
        column = columns.get(header)
        if column is None:
            return otherwise
        try:
            if isinstance(row[column], NoValue):
                raise ValueError(f"这一格{NoValue.reason}")
            return read(row[column])
        except ValueError as error:
            problems.append(SheetProblem(name, number, column_letter(column), str(error)))
            return otherwise

    employee_no = cell("工号", READERS["employee_no"], "")
    codes = {day: cell(str(day), lambda value, day=day: _code(value, day, period), "") for day in range(1, 32)}
    codes = {day: code for day, code in codes.items() if code}
    return MemberMonth(employee_no, codes, cell("加班小时", _overtime, 0))


def _code(value, day, period):
    code = text_of(value)
    if code and day > periods.last_day(period).day:
        raise ValueError(f"{periods.label(period)}没有 {day} 日")
    if code and code not in CODES:
        raise ValueError(f"不认识的考勤符号“{code[:5]}”")
    return code


def _overtime(value):
    try:
        overtime = hundredths(text_of(value) or "0")
    except ValueError as error:
        raise ValueError(f"加班小时{error}") from error
    if not 0 <= overtime <= 40000:
        raise ValueError("加班小时应在 0 到 400 之间")
    return overtime


def check_members(sheet, members, team, period):
    """Problems of one team's sheet against the roster: strangers to the team, people listed twice, people missing."""
    during = Membership.objects.during(periods.first_day(period), periods.last_day(period)).filter(team=team)
    names = dict(during.values_list("user__employee_no", "user__name"))
    listed = [member.employee_no for member in members]
    problems = [
        SheetProblem(sheet, 0, "", f"工号 {number} 出现了两次")
        for number in sorted(set(listed))
        if listed.count(number) > 1
    ]
    problems += [
        SheetProblem(sheet, 0, "", f"工号 {number} 这个月不是{team}的成员")
        for number in listed
        if number and number not in names
    ]
    problems += [
        SheetProblem(sheet, 0, "", f"缺少{name}（{number}）的考勤")
        for number, name in names.items()
        if number not in listed
    ]
    return problems
