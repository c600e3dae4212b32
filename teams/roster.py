"""The roster workbook: what its rows say and what is wrong with them. teams/roster_plan.py says what they would change."""

import datetime
import re
from dataclasses import dataclass, field

from django.conf import settings

from teams.figures import hundredths
from teams.models import Membership, User
from teams.workbooks import NoValue, WorkbookRefused, column_letter, find_header, text_of

COLUMNS = {
    "工号": "employee_no",
    "姓名": "name",
    "部门": "unit",
    "班组": "team",
    "班组职务": "role",
    "岗位系数": "coefficient",
    "政治面貌": "political_status",
    "参加工作时间": "hired_on",
    "联系电话": "phone",
}
REQUIRED = ["工号", "姓名", "部门", "班组"]
LABELS = {name: header for header, name in COLUMNS.items()}
EXAMPLE = "（示例）"
"""How the names of the example rows in the template end; such a row is no person."""
ROLES = {role.label: role.value for role in Membership.Role} | {"": "worker", "班组长": "leader", "副班组长": "deputy"}
POLITICAL = {status.label: status.value for status in User.PoliticalStatus} | {"": "", "党员": "party_member"}
ALLOWED = {
    "工号": "只能用数字、字母和 -，最多 20 个",
    "班组职务": f"可以填{'、'.join(Membership.Role.labels)}，空着就是组员或不变",
    "政治面貌": f"可以填{'、'.join(User.PoliticalStatus.labels)}，或空着",
    "参加工作时间": "写成 1998-06-01、1998.6 或 1998年6月，或空着",
    "联系电话": "只能有数字、+ 和 -，5 到 20 个，只填一个号码，或空着",
}
"""What may stand in a column, told where something else stands in it."""
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,20}")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?$")


@dataclass
class Problem:
    """What is wrong with one row: `column` as people see it, e.g. "H（参加工作时间）", a short reason, and details."""

    column: str
    reason: str
    detail: str = ""


@dataclass
class RosterRow:
    """One person as the sheet has it. `number` is the row number in the sheet; values are plain JSON."""

    number: int
    values: dict
    problems: list = field(default_factory=list)

    @property
    def role_label(self):
        """The duty as people say it."""
        return Membership.Role(self.values["role"]).label


@dataclass
class RosterTable:
    """Where the roster stands in a workbook: the sheet's rows, the index of its header, {header: column index}."""

    rows: list
    header: int
    columns: dict


def find_roster(sheets):
    """The RosterTable of the sheet that holds one. Raises WorkbookRefused when none has the needed columns, or several."""
    headers = {name: find_header(rows, REQUIRED, set(COLUMNS) - set(REQUIRED)) for name, rows in sheets.items()}
    found = [name for name, header in headers.items() if header]
    if not found:
        raise WorkbookRefused(
            f"没有找到花名册：前 10 行里要有一行表头，包含{'、'.join(REQUIRED)}这几列。请核对后重新上传，或在上传页下载模板。"
        )
    if len(found) > 1:
        raise WorkbookRefused(
            f"工作表{'、'.join(f'“{name}”' for name in found[:5])}都有花名册的表头，分不清用哪一张。"
            "请合成一张，或删去、隐藏不用的工作表后重新上传。"
        )
    return RosterTable(sheets[found[0]], *headers[found[0]])


def read_roster(sheets):
    """Rows of the roster in a workbook: (list of RosterRow, row numbers skipped as no persons).

    Raises WorkbookRefused when no sheet has the needed columns, or one of them twice.
    """
    table = find_roster(sheets)
    return _read_rows(table.rows, table.header, table.columns)


def _read_rows(rows, header_index, columns):
    people, skipped = [], []
    for number, row in enumerate(rows[header_index + 1 :], start=header_index + 2):
        cells = {header: row[column] for header, column in columns.items() if header in COLUMNS}
        if _is_person(text_of(cells["工号"]), text_of(cells["姓名"])):
            people.append(_read_person(number, cells, columns))
        elif any(text_of(cell) for cell in row):
            skipped.append(number)
    return people, skipped


def _is_person(employee_no, name):
    """Whether a row is about somebody: no example, no remark, and no total below a table ("合计" for a number)."""
    return not name.endswith(EXAMPLE) if name else bool(_NUMBER.fullmatch(employee_no))


def _read_person(number, cells, columns):
    row = RosterRow(number, {})

    def problem(header, reason):
        allowed = ALLOWED.get(header, "") if "无效" in reason else ""
        row.problems.append(Problem(f"{column_letter(columns[header])}（{header}）", reason, allowed))

    for header, name in COLUMNS.items():
        if header not in cells and header not in REQUIRED:
            row.values[name] = ""
            continue
        try:
            row.values[name] = _calculated(READERS[name], cells.get(header, ""))
        except ValueError as error:
            problem(header, str(error))
    return row


def _calculated(reader, cell):
    if isinstance(cell, NoValue):
        raise ValueError(cell.reason)
    return reader(cell)


def _required(name, most):
    def read(cell):
        if not text_of(cell):
            raise ValueError(f"缺{name}")
        if len(text_of(cell)) > most:
            raise ValueError(f"{name}超过 {most} 个字")
        return text_of(cell)

    return read


def full_number(text):
    """An employee number as it is kept: without spaces, and digits filled up with the leading zeros that got lost."""
    number = "".join(text.split())
    return number.zfill(settings.EMPLOYEE_NO_WIDTH) if number.isdigit() else number


def _employee_no(cell):
    text = _required("工号", 100)(cell)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"工号无效：{text[:20]}")
    return full_number(text)


def _choice(choices, name):
    def read(cell):
        if text_of(cell) not in choices:
            raise ValueError(f"{name}无效：{text_of(cell)[:20]}")
        return choices[text_of(cell)]

    return read


def _coefficient(cell):
    text = text_of(cell)
    if not text:
        return ""
    try:
        value = hundredths(text)
    except ValueError as error:
        raise ValueError("岗位系数不是数字" if "不是数字" in str(error) else "岗位系数最多两位小数") from None
    if not 1 <= value <= 999:
        raise ValueError("岗位系数应在 0.01 到 9.99 之间")
    return value


def read_date(cell):
    """A date as ISO text from a date cell or from 1998-06-01, 1998/6/1, 1998.6, 1998年6月; '' when empty.

    A date without a day counts from the first of the month. Raises ValueError("日期无效").
    """
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    text = text_of(cell)
    if not text:
        return ""
    match = _DATE.match(text)
    try:
        year, month, day = (int(part or 1) for part in match.groups())
        return datetime.date(year, month, day).isoformat()
    except (AttributeError, ValueError):
        raise ValueError("日期无效") from None


def _phone(cell):
    text = text_of(cell)
    if text and not re.fullmatch(r"[0-9+-]{5,20}", text):
        raise ValueError("联系电话无效")
    return text


READERS = {
    "employee_no": _employee_no,
    "name": _required("姓名", 50),
    "unit": _required("部门", 60),
    "team": _required("班组", 60),
    "role": _choice(ROLES, "班组职务"),
    "coefficient": _coefficient,
    "political_status": _choice(POLITICAL, "政治面貌"),
    "hired_on": read_date,
    "phone": _phone,
}
