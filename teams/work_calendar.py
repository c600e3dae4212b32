"""A year of working days as the calendar page shows it: months of weeks, holidays by name, the plant's own exceptions."""

import calendar
import datetime
from dataclasses import dataclass

import chinese_calendar

from teams.models import WorkDay
from teams.workdays import is_workday

NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
WEEKEND = 5
YEARS = range(2004, 2100)
"""From the first year that the public calendar knows."""


@dataclass
class CalendarDay:
    """One day: whether it is worked, the `reason` when that is not plain from the weekday, and whether it is our own."""

    date: datetime.date
    works: bool
    reason: str
    own: bool

    @property
    def mark(self):
        """班 or 休 on days that are not what their weekday says, or that we registered."""
        plain = self.works == (self.date.weekday() < WEEKEND)
        return "" if plain and not self.own else "班" if self.works else "休"


@dataclass
class Run:
    """Days in a row that were registered with the same word and note."""

    first: WorkDay
    last: WorkDay
    days: int


def is_published(year):
    """Whether the public calendar knows the holidays of the year."""
    try:
        chinese_calendar.is_workday(datetime.date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def months_of(year):
    """The year as [(month, weeks)], a week being seven CalendarDays, None where a day belongs to another month."""
    own = {row.date: row for row in WorkDay.objects.filter(date__year=year)}
    known, weeks = is_published(year), calendar.Calendar()

    def weeks_of(month):
        for week in weeks.monthdatescalendar(year, month):
            yield [_day(date, own, known) if date.month == month else None for date in week]

    return [(month, list(weeks_of(month))) for month in range(1, 13)]


def _day(date, own, known):
    works = is_workday(date, {date: own[date].is_workday} if date in own else {})
    if date in own:
        return CalendarDay(date, works, own[date].note or ("上班" if works else "休息"), True)
    return CalendarDay(date, works, _public(date) if known else "", False)


def _public(date):
    """What the public calendar says of a day: the name of the holiday, or that it is worked instead."""
    off, name = chinese_calendar.get_holiday_detail(date)
    label = NAMES.get(name, "")
    return label if off or not label else f"{label}调休上班"


def runs_of(year):
    """The plant's own days of a year, days in a row with the same word and note as one Run."""
    found = []
    for row in WorkDay.objects.filter(date__year=year).order_by("date"):
        if found and _continues(found[-1].last, row):
            found[-1].last, found[-1].days = row, found[-1].days + 1
        else:
            found.append(Run(row, row, 1))
    return found


def _continues(row, other):
    next_day = row.date + datetime.timedelta(days=1) == other.date
    return next_day and (row.is_workday, row.note) == (other.is_workday, other.note)
