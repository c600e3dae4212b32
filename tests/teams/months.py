"""A small team and what its attendance month holds, for tests."""

from teams.models import Attendance, Overtime
from teams.services import attendance
from tests import factories as make
from tests.factories import PERIOD

WHOLE = "√" * 31


def team_of_two():
    """张三 (leader, 000001) and 李四 (000002)."""
    team = make.make_team(name="一值")
    make.make_member(team, "leader", user=make.make_user("000001", "张三"))
    make.make_member(team, user=make.make_user("000002", "李四"))
    return team


def save(team, **members):
    """Keyword arguments are like no1="√√夜", "." is an empty day; returns what is stored then, {number: (codes, overtime)}."""
    values = {f"00000{key[-1]}": (days(codes), 150) for key, codes in members.items()}
    attendance.save_month(team, PERIOD, values, actor=None)
    return stored(team)


def days(codes):
    return {day: code for day, code in enumerate(codes, start=1) if code != "."}


def stored(team):
    rows = Attendance.objects.filter(team=team).order_by("date")
    codes = {}
    for number, code in rows.values_list("user__employee_no", "code"):
        codes[number] = codes.get(number, "") + code
    hours = dict(Overtime.objects.filter(team=team).values_list("user__employee_no", "hours"))
    return {number: (text, hours.get(number, 0)) for number, text in codes.items()}


def change(team, actor=None, **cells):
    """Keyword arguments are like no1=(3, shown, typed)."""
    changes = {(f"00000{key[-1]}", place): (shown, typed) for key, (place, shown, typed) in cells.items()}
    attendance.change_month(team, PERIOD, changes, actor=actor)
    return stored(team)
