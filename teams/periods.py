"""A month is an integer `period`, e.g. 202610 for October 2026, set once from the Beijing date of the fact."""

import calendar
import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

FIRST, LAST = 200001, 209912


def period_of(day):
    """The period a date belongs to: ``period_of(date(2026, 10, 5)) == 202610``."""
    return day.year * 100 + day.month


def current_period():
    """The period of today's Beijing date."""
    return period_of(timezone.localdate())


def is_period(value):
    """Whether an integer names a month between 200001 and 209912."""
    return FIRST <= value <= LAST and 1 <= value % 100 <= 12


def first_day(period):
    """The first date of a period."""
    return datetime.date(period // 100, period % 100, 1)


def last_day(period):
    """The last date of a period."""
    return first_day(period).replace(day=calendar.monthrange(period // 100, period % 100)[1])


def days_of(period):
    """All dates of a period, in order."""
    return [first_day(period).replace(day=number) for number in range(1, last_day(period).day + 1)]


def shift(period, months):
    """The period `months` later (or earlier, when negative)."""
    index = period // 100 * 12 + period % 100 - 1 + months
    return index // 12 * 100 + index % 12 + 1


def label(period):
    """How people write a month: ``label(202610) == "2026年10月"``."""
    return f"{period // 100}年{period % 100}月"


def day_text(day):
    """A date within a year as people say it: ``day_text(date(2026, 3, 5)) == "3月5日"``."""
    return f"{day.month}月{day.day}日"


def dashed(period):
    """A month as addresses and files write it: ``dashed(202610) == "2026-10"``."""
    return f"{period // 100}-{period % 100:02d}"


def parse(text):
    """A period from "2026-10", "202610" or "2026年10月"; raises ValidationError with a sentence otherwise."""
    digits = "".join(ch if ch.isdecimal() else " " for ch in str(text)).split() if len(str(text)) <= 20 else []
    if len(digits) == 2:
        value = int(digits[0]) * 100 + int(digits[1])
    elif len(digits) == 1 and len(digits[0]) == 6:
        value = int(digits[0])
    else:
        value = 0
    if not is_period(value):
        raise ValidationError(f"“{str(text)[:20]}”不是月份，请写成 2026-10 这样。")
    return value


def period_check(name):
    """Keyword arguments of the CheckConstraint that every `period` column carries."""
    return {"condition": Q(period__gte=FIRST, period__lte=LAST), "name": name}


class PeriodConverter:
    """URL converter for a month: /2026-10/ <-> 202610."""

    regex = r"20\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value):
        return int(value.replace("-", ""))

    to_url = staticmethod(dashed)


class DayConverter:
    """URL converter for a date: /2026-10-05/ <-> date(2026, 10, 5); what is no date is not found."""

    regex = r"20\d\d-\d\d-\d\d"
    to_python = staticmethod(datetime.date.fromisoformat)
    to_url = staticmethod(datetime.date.isoformat)
