"""Which duties there are, and the arithmetic of their days. No database: `works` says of a date whether it is worked."""

import datetime
from dataclasses import dataclass

from teams import periods
from teams.models import Team

DAY = datetime.timedelta(days=1)
CONFIRM_WITHIN = 3
"""A month's attendance is confirmed by this working day of the next month."""
EVERY_DAY = "轮班的班组每天，常白班每个工作日"
TO_MANAGER, TO_PLANT = 3, 7
"""From so many working days after the due day on, the manager and then the plant see what the team has left undone."""


@dataclass(frozen=True)
class DutyKind:
    """A kind of duty as data: how often it comes, who does it (a capability), and the page on which it is done.

    `cadence` is "daily", "monthly" or "once" (raised by the floor above that knows the occasion). `url` is a URL name and
    `args` what stands in it, of: team, period, about (the last part of the duty's source); so this floor need not know the
    pages above it. Where that page is for those who do it, `seen_at` with its args is the one for whoever sees the team.
    `grace_days` are working days; what `is_lasting` waits to be done after them, too. What is not `by_team` is done for a
    team by somebody else: it stays out of the team's rate.
    """

    code: str
    name: str
    cadence: str
    capability: str
    url: str
    args: tuple
    title: str = ""
    grace_days: int = 0
    is_on: bool = True
    by_team: bool = True
    seen_at: str = ""
    seen_args: tuple = ()
    is_lasting: bool = False

    @property
    def is_recurring(self):
        """Whether the calendar raises it."""
        return self.cadence != "once"

    @property
    def rhythm(self):
        """How often it is asked, in words."""
        return EVERY_DAY if self.cadence == "daily" else f"次月第 {CONFIRM_WITHIN} 个工作日前"


CHECKS = {"seen_at": "assessments:checks", "seen_args": ("team", "period")}
SELF_CHECK = DutyKind(
    *("self_check", "班前自查", "daily", "check.self", "assessments:self-check", ("team",), "{day}自查"), **CHECKS
)
ATTENDANCE_CONFIRM = DutyKind(
    *("attendance_confirm", "确认考勤", "monthly", "attendance.confirm", "teams:attendance", ("team", "period")),
    title="{month}考勤确认",
    grace_days=10,
    is_lasting=True,
)
RECTIFICATION = DutyKind(
    *("rectification", "整改", "once", "rectification.assign", "assessments:finding", ("about",)),
    grace_days=5,
    is_lasting=True,
)
SPOT_CHECK = DutyKind(
    *("spot_check", "抽查", "once", "check.inspect", "assessments:inspect", ("team",), "{day}抽查"),
    grace_days=3,
    by_team=False,
    **CHECKS,
)
KINDS = {kind.code: kind for kind in (SELF_CHECK, ATTENDANCE_CONFIRM, RECTIFICATION, SPOT_CHECK)}
LASTING = [kind.code for kind in KINDS.values() if kind.is_lasting]
RECURRING = [kind for kind in KINDS.values() if kind.is_recurring]


@dataclass(frozen=True)
class Window:
    """When something is due: from `opens_on` to `due_on` in time, up to `grace_until` late; `period` is its month."""

    period: int
    opens_on: datetime.date
    due_on: datetime.date
    grace_until: datetime.date


@dataclass(frozen=True)
class Occasion:
    """What a duty that comes once is about: the id of the thing, its words, its due day, and who has to do it if anybody."""

    team: Team
    about: int
    title: str
    due_on: datetime.date
    user: object = None


def working_day(day, count, works):
    """The `count`-th working day after a date; the date itself for 0."""
    while count:
        day += DAY
        count -= works(day)
    return day


def window_of(kind, day, grace_days, works):
    """The Window of a recurring duty that opens on a day."""
    due_on = day if kind.cadence == "daily" else working_day(day, CONFIRM_WITHIN, works)
    return Window(periods.period_of(day), day, due_on, working_day(due_on, grace_days, works))


def opens(kind, shift_pattern, day, works):
    """Whether a recurring duty of a team with this shift pattern opens on the day.

    A daily one every day for teams on rotating shifts, on working days for the others; a monthly one on the last day.
    """
    if kind.cadence == "monthly":
        return day == periods.last_day(periods.period_of(day))
    return shift_pattern == Team.ShiftPattern.ROTATING or works(day)


def source_of(kind, team_id, day):
    """What a recurring duty is about, e.g. "self_check:12:2026-10-05" or "attendance_confirm:12:202610"."""
    return f"{kind.code}:{team_id}:{day if kind.cadence == 'daily' else periods.period_of(day)}"


def source_about(kind, about):
    """What a duty that comes once is about, e.g. "rectification:45"."""
    return f"{kind.code}:{about}"


def title_of(kind, day):
    """The words for a duty of a day or of its month."""
    return kind.title.format(day=periods.day_text(day), month=periods.label(periods.period_of(day)))


def days_late(due_on, today, works):
    """How many working days have begun since the due day."""
    return sum(works(due_on + number * DAY) for number in range(1, (today - due_on).days + 1))


def level_of(duty, today, works):
    """How far up something left undone is seen: 0 the team, 1 the manager of the unit, 2 the plant.

    Only while it is open: what is missed can no longer be hurried; it counts in the rate of the month.
    """
    if duty.state != "open":
        return 0
    late = days_late(duty.due_on, today, works)
    return (late >= TO_MANAGER) + (late >= TO_PLANT)
