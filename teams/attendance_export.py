"""Attendance months as workbooks in the layout that the import reads: one sheet a team, people by days, codes."""

import re

from teams import periods, selectors
from teams.attendance_sheet import WORKED
from teams.downloads import Figure, Sheet
from teams.figures import short_text
from teams.models import Attendance

LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def sheet_name(text):
    """A text as the name of a sheet: without the signs that table programs refuse there, at most 31 long."""
    return _NOT_IN_NAMES.sub("", text)[:LONGEST_NAME].strip() or "考勤"


def sheet_names(teams):
    """{team: name of its sheet}: the team's name; with its unit and a number before it where two would be the same."""
    names = {}
    for team in teams:
        wanted = [sheet_name(team.name), sheet_name(f"{team.unit}{team}")]
        taken = {name.casefold() for name in names.values()}
        free = (name for name in wanted if name.casefold() not in taken)
        names[team] = next(free, None) or sheet_name(f"{team.pk}{team.unit}{team}")
    return names


def months_of(teams, period):
    """The month of every team that has members in it: [Sheet]."""
    found = [(team, selectors.members_during(team, period)) for team in teams]
    names = sheet_names([team for team, members in found if members])
    return [_sheet(names[team], team, period, members) for team, members in found if members]


def _sheet(name, team, period, members):
    codes, overtime = selectors.grid_of(team, period)
    days = [day.day for day in periods.days_of(period)]
    lines = [(member.user, [codes.get((member.user_id, day), "") for day in days]) for member in members]
    return Sheet(
        name,
        ["姓名", "工号", *map(str, days), "出勤天数", "加班小时"],
        [_line(user, line, overtime.get(user.pk, 0)) for user, line in lines],
        title=f"{team}{periods.label(period)}考勤",
        after=[["", "符号：" + "，".join(f"{code} {name}" for code, name in Attendance.Code.choices)]],
        widths=[10, 12, *[4] * len(days), 10, 10],
        frozen_columns=2,
    )


def _line(user, codes, overtime):
    worked = sum(code in set(WORKED) for code in codes)
    return [user.name, user.employee_no, *codes, Figure(str(worked)), Figure(short_text(overtime))]
