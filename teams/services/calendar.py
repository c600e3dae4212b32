"""The plant's own exceptions to the public holiday calendar: shutdowns, make-up days."""

import datetime

from django.db import transaction

from teams import audit
from teams.errors import StaleState, TeamError
from teams.models import WorkDay

LONGEST = 60
"""No exception is longer than this many days; more is a slip of the pen."""


@transaction.atomic
def set_days(first, last, *, is_workday, note, unit, actor):
    """Let every day from `first` to `last` be worked or off, whatever was said of it before.

    Raises TeamError for a reversed range, for more than LONGEST days, and when all of it is registered like that.
    """
    days = _range(first, last)
    before = _told(WorkDay.objects.filter(date__in=days))
    for day in days:
        WorkDay.objects.update_or_create(date=day, defaults={"is_workday": is_workday, "note": note})
    rows = list(WorkDay.objects.filter(date__in=days))
    if before == _told(rows):
        raise TeamError("这几天已经是这样登记的，没有要改的。")
    audit.record("calendar.set", rows[0], actor=actor, unit=unit, before=before, after=_told(rows))


@transaction.atomic
def remove_days(first, last, *, unit, actor):
    """Let the public calendar hold again from `first` to `last`. Raises StaleState when nothing is registered there."""
    rows = list(WorkDay.objects.filter(date__in=_range(first, last)))
    if not rows:
        raise StaleState("这几天已经没有登记了，请刷新页面再看。")
    audit.record("calendar.removed", rows[0], actor=actor, unit=unit, before=_told(rows))
    WorkDay.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _range(first, last):
    if last < first:
        raise TeamError("截止日期早于起始日期，请核对。")
    if (last - first).days >= LONGEST:
        raise TeamError(f"一次最多登记 {LONGEST} 天，请分几次登记，或核对日期。")
    return [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]


def _told(rows):
    """{date: what is registered} as the trail keeps it."""
    words = {row.date.isoformat(): "上班" if row.is_workday else "休息" for row in rows}
    notes = {row.date.isoformat(): f"（{row.note}）" if row.note else "" for row in rows}
    return {date: word + notes[date] for date, word in words.items()}
