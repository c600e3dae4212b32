"""Working days: the public holiday calendar of China, overridden by the plant's own days."""

import datetime
from functools import lru_cache

import chinese_calendar

from teams.models import WorkDay
from teams.once import kept
from teams.prepared import Prepared

OWN_DAYS = Prepared(WorkDay.objects.order_by)


@kept
def own_days():
    """{date: True/False} of all days that the plant has set itself; a handful a year."""
    return {row.date: row.is_workday for row in OWN_DAYS.models()}


def is_workday(day, overrides=None):
    """Whether a date is a working day; years the public calendar does not know count Monday to Friday.

    `overrides` maps dates to True/False; without it the WorkDay table is asked.
    """
    if overrides is None:
        overrides = own_days()
    return overrides[day] if day in overrides else _is_public_workday(day)


@lru_cache(maxsize=2000)
def _is_public_workday(day):
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def workdays_among(days):
    """{date: whether it is a working day} of several dates; one query."""
    overrides = own_days()
    return {day: is_workday(day, overrides) for day in days}


def last_day_of_notice(start, working_days):
    """The date on which a notice that starts on `start` has been up for `working_days` full working days."""
    overrides = own_days()
    day = start
    while True:
        working_days -= is_workday(day, overrides)
        if working_days <= 0:
            return day
        day += datetime.timedelta(days=1)
