"""Rows for tests: plain functions, one noun each, that make what their arguments say and nothing else.

The small world: a month (`PERIOD`), a standard of 20 points in two chapters (`STANDARD`), and units with teams of three.
"""

import datetime
from itertools import count
from types import SimpleNamespace

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessments import selectors as assessment
from assessments.models import Check, NotApplicable
from assessments.services import checks, closes, standards
from assessments.services.checks import Deviation
from incentives.services import approvals, distributions, pools, rules
from teams import periods
from teams.models import Attendance, Membership, Team, Unit, UnitRole, User
from teams.services import attendance

PERIOD = 202610
LONG_AGO = datetime.date(2026, 1, 1)
STANDARD = {
    "name": "班组考核标准",
    "awards_cap": 10,
    "grades": [["优秀", 90], ["良好", 80], ["合格", 70]],
    "lowest_grade": "不合格",
    "member": {"base": 100, "min": 0, "max": 120},
    "step": 0.5,
    "categories": [
        {"name": "安全", "criteria": [["班前会", 3], ["违章", 4]]},
        {"name": "生产", "criteria": [["巡检", 5], ["缺陷", 5], ["设备卫生", 3]]},
    ],
}
_numbers = count(1)


def make_unit(name=None, parent=None):
    return Unit.objects.create(name=name or f"单位{next(_numbers)}", parent=parent)


def make_team(unit=None, name=None, formed_on=LONG_AGO):
    return Team.objects.create(unit=unit or make_unit(), name=name or f"班组{next(_numbers)}", formed_on=formed_on)


def make_user(employee_no=None, name=None, password=None):
    number = next(_numbers)
    return User.objects.create_user(employee_no or f"{number:06d}", name or f"员工{number}", password)


def make_member(team, role="worker", *, user=None, coefficient=100, started_on=LONG_AGO, ended_on=None):
    """Let a (new) person join a team; returns the User."""
    user = user or make_user()
    Membership.objects.create(
        user=user, team=team, role=role, coefficient=coefficient, started_on=started_on, ended_on=ended_on
    )
    return user


def make_second_factor(user):
    """Give a person an app for codes; returns its TOTPDevice."""
    return TOTPDevice.objects.create(user=user, name="验证器")


def code_of(device, ahead=0):
    """What the app shows now, or that many half minutes later."""
    return f"{totp(device.bin_key, drift=ahead):06d}"


def give_role(unit, role, user=None):
    """Give a (new) person a role in a unit; returns the User."""
    user = user or make_user()
    UnitRole.objects.create(user=user, unit=unit, role=role, started_on=LONG_AGO)
    return user


def make_standard(unit, period=202601, **changes):
    """A version of the small standard (or of STANDARD with `changes`) in force from a month on."""
    version = standards.create_version(unit, STANDARD | changes, actor=None)
    standards.put_in_force(version, period, actor=None)
    return version


def make_rule(unit, period=202601):
    """The shipped rule (30 % coefficient × days, 70 % coefficient × hours × score) in force from a month on."""
    version = rules.install_preset("rule_attendance_work", unit, actor=None)
    rules.put_in_force(version, period, actor=None)
    return version


def make_attendance(team, period=PERIOD, codes="√√√√√", overtime=0):
    """Every member gets `codes` from the first of the month on; returns the AttendanceMonth, a draft."""
    during = Membership.objects.during(periods.first_day(period), periods.last_day(period)).filter(team=team)
    days = dict(enumerate(codes, start=1))
    members = dict.fromkeys(during.values_list("user__employee_no", flat=True), (days, overtime))
    return attendance.save_month(team, period, members, actor=None)


def make_day(user, team, date, code):
    """What one person did on one day."""
    return Attendance.objects.create(user=user, team=team, period=periods.period_of(date), date=date, code=code)


def approve_attendance(team, period=PERIOD):
    month = attendance.month_of(team, period)
    attendance.accept_past_month(month, actor=None)
    return month


def criterion(team, code, period=PERIOD):
    return assessment.version_for(team.unit, period).criteria.get(code=code)


def file_findings(team, *findings, day=5, period=PERIOD, kind=Check.Kind.SPOT, late=False):
    """File one sheet; each finding is (criterion code or None, points in hundredths, person or None)."""
    deviations = [Deviation(code and criterion(team, code, period), points, who) for code, points, who in findings]
    date = periods.first_day(period).replace(day=day)
    sheet = {"kind": kind, "date": date, "deviations": deviations, "late": late}
    return checks.file_check(team, **sheet, key=f"t{next(_numbers)}", actor=None)


def leave_nothing_to_score(team, period=PERIOD):
    """Declare, past the service that refuses it, that no criterion applies to the team."""
    criteria = assessment.version_for(team.unit, period).criteria.all()
    NotApplicable.objects.bulk_create(NotApplicable(team=team, period=period, criterion=found) for found in criteria)


def make_ready_unit(period=PERIOD, teams=2):
    """A unit whose month can be computed: teams of three, standard, rule, approved attendance, findings."""
    unit = make_unit()
    make_standard(unit)
    make_rule(unit)
    for number in range(teams):
        team = make_team(unit)
        leader = make_member(team, "leader", coefficient=130)
        make_member(team)
        make_member(team)
        make_attendance(team, period, overtime=200)
        approve_attendance(team, period)
        file_findings(team, ("1.1", -50 * (number + 1), leader), (None, 100, None), period=period)
    return unit


def compute_month(unit, period=PERIOD):
    close = closes.close_of(unit, period)
    closes.request_computation(close, actor=None)
    closes.compute(close.pk)
    close.refresh_from_db()
    return close


def close_month(unit, period=PERIOD):
    close = compute_month(unit, period)
    closes.confirm(close, actor=None)
    closes.finish(close, actor=None)
    return close


def make_bonus(team, period=PERIOD, amount=1_000_001):
    """Divide a pool of the closed month; returns the Distribution, a draft."""
    pools.set_pool(team, period, amount, actor=None)
    return distributions.draft(team, period, actor=None)


def propose_bonus(team, period=PERIOD, amount=1_000_001):
    """As make_bonus, and proposed: it waits for approval."""
    distribution = make_bonus(team, period, amount)
    approvals.propose(distribution, actor=None)
    return distribution


def post_bonus(team, period=PERIOD, amount=1_000_001):
    distribution = propose_bonus(team, period, amount)
    approvals.approve(distribution, actor=None)
    approvals.post(distribution, actor=None)
    return distribution


def make_closed_team(period=PERIOD):
    """One team of three whose month is closed; returns it with its people."""
    unit = make_ready_unit(period, teams=1)
    close = close_month(unit, period)
    team = unit.teams.get()
    members = [row.user for row in Membership.objects.filter(team=team).select_related("user").order_by("id")]
    return SimpleNamespace(unit=unit, team=team, close=close, members=members)
