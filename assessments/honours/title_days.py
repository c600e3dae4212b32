"""The days of a title: when it is looked at again, and until when it holds after that. Pure."""

import datetime

from assessments.honours.bars import barred_until as months_later

AHEAD = datetime.timedelta(days=60)
"""So long before its day a recheck is opened, and an end is told of."""
LAST_CALL = datetime.timedelta(days=14)
"""So long before its day it is urgent."""
TO_CLOSE = datetime.timedelta(days=30)
"""After the last day of a rectification the union has so long to see whether it was fulfilled; then the title ends."""


def valid_to(valid_from, months):
    """The last day of a title that holds for so many months."""
    return months_later(valid_from, months)


def regular_days(valid_from, until, every):
    """Every day up to `until` on which a title is due to be looked at again; `every` months, 0 for never."""
    days, count = [], every
    while every and (day := months_later(valid_from, count)) <= until:
        days.append(day)
        count += every
    return days


def due_day(valid_from, until, every, today):
    """The latest regular day that is at most AHEAD of today, or None."""
    return max((day for day in regular_days(valid_from, until, every) if day - AHEAD <= today), default=None)


def prolonged(valid_from, until, every, due_on):
    """Until when a title holds that was kept at the recheck of that day: regular ones carry it on to the next."""
    count = (due_on.year - valid_from.year) * 12 + due_on.month - valid_from.month
    is_regular = every and count % every == 0 and months_later(valid_from, count) == due_on
    return max(until, months_later(valid_from, count + every)) if is_regular else until


def last_rectifying_day(until, rectify_until):
    """The last day on which the union can still close a rectification."""
    return max(until, rectify_until) + TO_CLOSE
