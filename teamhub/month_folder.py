"""Reading a folder that holds one month of a plant: workbooks, comma-separated files and a context file.

Everything is read and checked before anything is written; problems are sentences with file and row.
"""

import csv
import datetime
import io
import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assessments.models import Check
from teams import periods
from teams.attendance_sheet import read_attendance
from teams.errors import TeamError
from teams.figures import hundredths
from teams.roster import full_number, read_date
from teams.workbooks import read_workbook

KINDS = {kind.label: kind for kind in Check.Kind}


@dataclass(frozen=True)
class FindingRow:
    """One line of findings.csv; `code` is None for an award outside the standard, `person` may be ''."""

    date: datetime.date
    team: str
    kind: str
    code: str | None
    points: int
    person: str
    note: str


@dataclass
class MonthFolder:
    """All that a folder says about its month; `roster` is the open workbook for the roster import."""

    period: int
    roster: Path
    attendance: dict
    standard: list
    findings: list
    pools: dict
    not_applicable: dict
    vetoes: dict


def read_folder(folder, period):
    """The MonthFolder of a directory shaped like tests/data/case-2026-10.

    Raises TeamError listing every problem: a missing file, a missing column, a value that is none.
    """
    folder = Path(folder)
    wanted = ["roster.xlsx", "attendance.xlsx", "standard.csv", "findings.csv", "pools.csv"]
    missing = [name for name in wanted if not (folder / name).is_file()]
    if missing:
        raise TeamError(f"文件夹 {folder} 里缺少：{'、'.join(missing)}。一个月的文件要放在同一个文件夹里。")
    problems = []
    with naming("attendance.xlsx"), (folder / "attendance.xlsx").open("rb") as file:
        attendance, sheet_problems = read_attendance(read_workbook(file), period)
    problems += [f"attendance.xlsx“{p.sheet}”第 {p.row} 行 {p.column} 列：{p.reason}" for p in sheet_problems]
    month = MonthFolder(
        period=period,
        roster=folder / "roster.xlsx",
        attendance=attendance,
        standard=_rows(folder / "standard.csv", _criterion, problems),
        findings=_rows(folder / "findings.csv", partial(_finding, period), problems),
        pools=_once_each("pools.csv", _rows(folder / "pools.csv", _pool, problems), problems),
        **_context(folder / "context.json"),
    )
    if problems:
        raise TeamError("这些地方要先改正，一条也没有导入：\n" + "\n".join(problems[:50]))
    return month


@contextmanager
def naming(name):
    """Refusals raised inside name the file they are about."""
    try:
        yield
    except TeamError as error:
        raise TeamError(f"{name}：{error}") from error


def _rows(path, read, problems):
    rows = []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(f"{path.name} 打不开，请另存为 UTF-8 编码的 CSV 文件。")
        return rows
    for number, line in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=2):
        try:
            rows.append(read({key: (value or "").strip() for key, value in line.items() if key}))
        except KeyError as error:
            problems.append(f"{path.name} 缺少“{error.args[0]}”这一列。")
            break
        except ValueError as error:
            problems.append(f"{path.name} 第 {number} 行：{error}")
    return rows


def _once_each(name, pairs, problems):
    keys = [key for key, _ in pairs]
    problems += [f"{name}：{key}出现了两次。" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    return dict(pairs)


def _above_zero(what, value):
    if value <= 0:
        raise ValueError(f"{what}要大于 0")
    return value


def _criterion(line):
    return line["编号"], line["大项"], line["小项"], _above_zero("满分", hundredths(line["满分"]))


def _finding(period, line):
    if line["检查类型"] not in KINDS:
        raise ValueError(f"检查类型“{line['检查类型']}”不认识，应是{'、'.join(KINDS)}之一")
    person = line["责任人工号"]
    return FindingRow(
        date=_date(line["日期"], period),
        team=line["班组"],
        kind=KINDS[line["检查类型"]],
        code=None if line["标准编号"] == "加分" else line["标准编号"],
        points=_points(hundredths(line["分值"]), line["标准编号"]),
        person=full_number(person),
        note=line["说明"],
    )


def _date(text, period):
    if not text:
        raise ValueError("缺日期")
    day = datetime.date.fromisoformat(read_date(text))
    if periods.period_of(day) != period:
        raise ValueError(f"日期 {day} 不在{periods.label(period)}")
    return day


def _points(points, code):
    if code == "加分":
        return _above_zero("加分", points)
    if points >= 0:
        raise ValueError("扣分要写成小于 0 的数")
    return points


def _pool(line):
    return line["班组"], _above_zero("奖金总额", hundredths(line["奖金总额"]))


def _context(path):
    try:
        context = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return {"not_applicable": dict(context.get("not_applicable", {})), "vetoes": dict(context.get("veto", {}))}
    except (ValueError, AttributeError) as error:
        raise TeamError("context.json 打不开，请照样例 tests/data/case-2026-10 填写。") from error
