"""The roster workbook: what its rows say, what is wrong with them, and what importing them would change."""

import datetime
import re
from dataclasses import dataclass, field

from django.conf import settings

from teams.figures import coefficient_text, hundredths
from teams.models import Membership, Team, Unit, User
from teams.workbooks import WorkbookRefused, column_letter, find_header, text_of

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
EXAMPLE = "（示例）"
"""How the names of the example rows in the template end; such a row is no person."""
ROLES = {role.label: role.value for role in Membership.Role} | {"": "worker", "班组长": "leader", "副班组长": "deputy"}
POLITICAL = {status.label: status.value for status in User.PoliticalStatus} | {"": "", "党员": "party_member"}
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


def read_roster(sheets):
    """Rows of the first sheet that holds a roster: (list of RosterRow, row numbers skipped as no persons).

    Raises WorkbookRefused when no sheet has the needed columns.
    """
    for rows in sheets.values():
        header = find_header(rows, REQUIRED)
        if header:
            return _read_rows(rows, *header)
    raise WorkbookRefused(
        f"没有找到花名册：前 10 行里要有一行表头，包含{'、'.join(REQUIRED)}这几列。请核对后重新上传，或在上传页下载模板。"
    )


def _read_rows(rows, header_index, columns):
    people, skipped = [], []
    for number, row in enumerate(rows[header_index + 1 :], start=header_index + 2):
        cells = {header: row[column] for header, column in columns.items() if header in COLUMNS}
        if text_of(cells["姓名"]).endswith(EXAMPLE):
            skipped.append(number)
        elif text_of(cells["工号"]) or text_of(cells["姓名"]):
            people.append(_read_person(number, cells, columns))
        elif any(text_of(cell) for cell in row):
            skipped.append(number)
    return people, skipped


def _read_person(number, cells, columns):
    row = RosterRow(number, {})

    def problem(header, reason):
        row.problems.append(Problem(f"{column_letter(columns[header])}（{header}）", reason))

    for header, name in COLUMNS.items():
        if header not in cells and header not in REQUIRED:
            row.values[name] = ""
            continue
        try:
            row.values[name] = READERS[name](cells.get(header, ""))
        except ValueError as error:
            problem(header, str(error))
    return row


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
    if not re.fullmatch(r"[0-9A-Za-z-]{1,20}", text):
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


@dataclass
class RosterPlan:
    """What an import would do: rows to refuse, people to add, to change ({field: [old, new]}), to leave alone.

    `absent` are present members of the teams in the sheet that the sheet does not mention; an import leaves them alone.
    """

    bad: list
    added: list
    changed: list
    unchanged: list
    absent: list
    new_units: list
    new_teams: list

    @property
    def good(self):
        return self.added + [row for row, _ in self.changed]


def plan_import(rows, root):
    """Compare rows with the people, teams and units below `root` today. Reads only; returns a RosterPlan.

    Rows that contradict an earlier row (a number twice, a second leader) are bad; the earlier row stands.
    """
    units = {unit.name: unit for unit in Unit.objects.open().filter(parent=root)}
    teams = {(team.unit.name, team.name): team for team in Team.objects.open().filter(unit__parent=root)}
    people = _present(rows)
    for row in rows:
        if not row.problems:
            _fill_gaps(row.values, people.get(row.values["employee_no"]))
    _mark_contradictions(rows, teams, people)
    bad = [row for row in rows if row.problems]
    good = [row for row in rows if not row.problems]
    changes = [(row, _changes(row.values, people.get(row.values["employee_no"]))) for row in good]
    wanted = dict.fromkeys((row.values["unit"], row.values["team"]) for row in good)
    return RosterPlan(
        bad=bad,
        added=[row for row, change in changes if change is None],
        changed=[(row, change) for row, change in changes if change],
        unchanged=[row for row, change in changes if change == {}],
        absent=_absent(rows, [team for key, team in teams.items() if key in wanted]),
        new_units=[name for name in dict.fromkeys(unit for unit, _ in wanted) if name not in units],
        new_teams=[key for key in wanted if key not in teams],
    )


LABELS = {name: header for header, name in COLUMNS.items()}


def told(changes):
    """Changes as people read them: [(label, old, new)]."""
    return [(LABELS[name], _shown(name, old), _shown(name, new)) for name, (old, new) in changes.items()]


def _shown(name, value):
    if value in ("", None):
        return ""
    if name == "coefficient":
        return coefficient_text(value)
    choices = {"role": Membership.Role, "political_status": User.PoliticalStatus}
    return choices[name](value).label if name in choices else value


def _present(rows):
    numbers = [row.values["employee_no"] for row in rows if "employee_no" in row.values]
    people = {user.employee_no: user for user in User.objects.filter(employee_no__in=numbers)}
    open_memberships = Membership.objects.open().filter(user__in=people.values()).select_related("team__unit")
    memberships = {membership.user_id: membership for membership in open_memberships}
    for user in people.values():
        user.membership = memberships.get(user.pk)
    return people


def _fill_gaps(values, user):
    """What the sheet leaves open stays as it is; somebody new is a worker with coefficient 1.00."""
    membership = user.membership if user else None
    values["role"] = values["role"] or (membership.role if membership else Membership.Role.WORKER.value)
    values["coefficient"] = values["coefficient"] or (membership.coefficient if membership else 100)


def _mark_contradictions(rows, teams, people):
    numbers = {}
    leaders = {
        (membership.team.unit.name, membership.team.name): membership.user.employee_no
        for membership in Membership.objects.open()
        .filter(role="leader", team__in=teams.values())
        .select_related("team__unit", "user")
    }
    replaced = {row.values.get("employee_no"): row.values for row in rows if not row.problems}
    for row in rows:
        number, key = row.values.get("employee_no"), (row.values.get("unit"), row.values.get("team"))
        if number in numbers:
            row.problems.insert(0, Problem("", "工号重复", f"与第 {numbers[number]} 行相同"))
        elif number:
            numbers[number] = row.number
        if row.problems or row.values["role"] != "leader":
            continue
        holder = leaders.get(key)
        if holder and holder != number and not _steps_down(replaced.get(holder), key):
            row.problems.append(Problem("", "班组已有班长", f"现任班长工号 {holder}，一个班组只能有一位班长"))
        else:
            leaders[key] = number


def _steps_down(values, key):
    """Whether the sheet itself moves the present leader away or gives another duty."""
    return values is not None and ((values["unit"], values["team"]) != key or values["role"] != "leader")


def _changes(values, user):
    """None for a new person, else {field: [old, new]} of what differs; an empty cell changes nothing."""
    if user is None:
        return None
    now = {name: str(getattr(user, name) or "") for name in ("name", "political_status", "hired_on", "phone")}
    if user.membership:
        team = user.membership.team
        now |= {"unit": team.unit.name, "team": team.name}
        now |= {"role": user.membership.role, "coefficient": user.membership.coefficient}
    return {
        name: [now.get(name, ""), value]
        for name, value in values.items()
        if name != "employee_no" and value != "" and now.get(name, "") != value
    }


def _absent(rows, teams):
    listed = {row.values.get("employee_no") for row in rows}
    members = Membership.objects.open().filter(team__in=teams).select_related("user", "team")
    return [member for member in members if member.user.employee_no not in listed]
