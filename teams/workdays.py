"""Working days: the public holiday calendar of China, overridden by the plant's own days."""

import datetime

import chinese_calendar

from teams.models import WorkDay


def is_workday(day, overrides=None):
    """Whether a date is a working day; years the public calendar does not know count Monday to Friday.

    `overrides` maps dates to True/False; without it the WorkDay table is asked.
    """
    if overrides is None:
        overrides = dict(WorkDay.objects.filter(date=day).values_list("date", "is_workday"))
    if day in overrides:
        return overrides[day]
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def workdays_among(days):
    """{date: whether it is a working day} of several dates; one query."""
    overrides = dict(WorkDay.objects.filter(date__in=days).values_list("date", "is_workday"))
    return {day: is_workday(day, overrides) for day in days}


def last_day_of_notice(start, working_days):
    """The date on which a notice that starts on `start` has been up for `working_days` full working days."""
    overrides = dict(WorkDay.objects.filter(date__gte=start).values_list("date", "is_workday"))
    day = start
    while True:
        working_days -= is_workday(day, overrides)
        if working_days <= 0:
            return day
        day += datetime.timedelta(days=1)
