"""A team's attendance of one day, as the phone page shows it before the shift."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from teams import periods, selectors
from teams.attendance_grid import MonthGrid
from teams.attendance_sheet import WORKED
from teams.models import Attendance, Membership, Team
from teams.workdays import is_workday

BIG = "√夜休事病年调公"
"""The codes that are used most, in the order of their buttons."""


@dataclass
class DayRow:
    """One member of the day; `choice` is the code that is marked, `proposed` whether nothing is stored yet."""

    user: object
    cell: object
    choice: str
    proposed: bool

    @property
    def is_rare(self):
        """Whether the marked code stands among those that are not shown at once."""
        return bool(self.choice) and self.choice not in BIG


class DaySheet:
    """The members of one day. After a refused `form` it shows what is stored by now with the person's own changes on it."""

    def __init__(self, team, date, members, form=None, *, editable):
        self.team, self.date, self.form, self.editable = team, date, form, editable
        self.month = MonthGrid(team, periods.period_of(date), members, form, editable=editable)
        self.rows = [self._row(row.user, row.cells[date.day - 1]) for row in self.month.rows]

    @property
    def open_rows(self):
        """Members whose day is written in this team."""
        return [row for row in self.rows if not row.cell.closed]

    @property
    def proposed(self):
        """How many members have nothing stored yet."""
        return sum(row.proposed for row in self.open_rows)

    @property
    def unknown(self):
        """Members for whom nothing is stored and nothing can be proposed."""
        return [row.user for row in self.open_rows if not row.choice]

    @property
    def worked(self):
        """How many of the marked codes count as a day of attendance."""
        return sum(row.choice in set(WORKED) for row in self.open_rows)

    @property
    def earlier(self):
        return self.date - datetime.timedelta(days=1)

    @property
    def later(self):
        """The day after, or None when that has not come yet."""
        return self.date + datetime.timedelta(days=1) if self.date < timezone.localdate() else None

    def _row(self, user, cell):
        typed = self.form is not None and cell.name in self.form.changed
        proposed = not cell.text and not typed
        choice = cell.usual if proposed and self.editable else cell.text
        return DayRow(user, cell, choice, proposed)


def codes():
    """([(code, name)] of the big buttons, [(code, name)] of the others)."""
    names = dict(Attendance.Code.choices)
    return [(code, names[code]) for code in BIG], [(code, name) for code, name in names.items() if code not in BIG]


def members_on(team, date):
    """Memberships of the people who belong to the team on this day, by employee number."""
    members = selectors.members_during(team, periods.period_of(date))
    return [member for member in members if date.day in member.days]


def filled_today(teams):
    """{team: whether everybody of today is written down} of those that have somebody, and work today.

    A team on day shift is left out on a day off.
    """
    today = timezone.localdate()
    on_duty = teams if is_workday(today) else teams.filter(shift_pattern=Team.ShiftPattern.ROTATING)
    people = {}
    rows = Membership.objects.during(today, today).filter(team__in=on_duty).select_related("team")
    for row in rows.order_by("team_id"):
        people.setdefault(row.team, set()).add(row.user_id)
    written = Attendance.objects.filter(date=today, user__in=set().union(*people.values()))
    done = set(written.values_list("user_id", flat=True))
    return {team: users <= done for team, users in people.items()}
