"""What a cadence asks for, by the calendar: in which days something is done once. No database."""

from dataclasses import dataclass

from activities.duties import DAY, EVERY_DAY, DutyKind, Window, working_day
from activities.models import ActivityKind
from teams import periods
from teams.models import Shift, Team

Cadence = ActivityKind.Cadence
CODE = "activity:"
"""Begins the code of every kind of duty that is a kind of activity; its id follows."""
BY_DAY = (Cadence.DAILY, Cadence.SHIFT)
MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.HALF_YEARLY: 6, Cadence.YEARLY: 12}
SHIFTS = list(Shift.values)
RHYTHMS = {
    Cadence.DAILY: EVERY_DAY,
    Cadence.SHIFT: "轮班的班组按值班表每班，没有排班的每天一次；常白班每个工作日",
    Cadence.WEEKLY: "每周，周日前",
    Cadence.TWICE_WEEKLY: "每周两次，周三前和周日前",
    Cadence.MONTHLY: "每月，月底前",
    Cadence.QUARTERLY: "每季度，季末前",
    Cadence.HALF_YEARLY: "每半年，6 月底和年底前",
    Cadence.YEARLY: "每年，年底前",
}


@dataclass(frozen=True)
class AskedKind(DutyKind):
    """A kind of activity as a kind of duty. It holds in `unit_id` and below; `recorders` are the roles that do it."""

    pk: int = 0
    unit_id: int = 0
    recorders: frozenset = frozenset()
    cycle_days: int | None = None
    is_confidential: bool = False

    @property
    def rhythm(self):
        """How often it is asked, in words."""
        return RHYTHMS.get(self.cadence) or f"每 {self.cycle_days} 天"


def code_of(kind_id):
    """The code of the duties that a kind of activity makes."""
    return f"{CODE}{kind_id}"


def span_of(cadence, day):
    """(first, last) of the days that hold `day` and in which the thing is done once; days follow without gap or overlap."""
    if cadence in BY_DAY:
        return day, day
    if cadence in MONTHS:
        count = MONTHS[cadence]
        first = (day.month - 1) // count * count + 1
        begun = day.year * 100 + first
        return periods.first_day(begun), periods.last_day(begun + count - 1)
    monday = day - day.weekday() * DAY
    if cadence == Cadence.WEEKLY:
        return monday, monday + 6 * DAY
    return (monday, monday + 2 * DAY) if day.weekday() < 3 else (monday + 3 * DAY, monday + 6 * DAY)


def cycle_of(day, cycle_days, *, kept=None, missed=None):
    """(first, last) of the running cycle on a day, or None while the next one begins only after the day.

    A cycle begins the day after the thing was last done (`kept`) or, undone, after the one before ran out (`missed`);
    where neither is known, or it would be over by now, on the day itself.
    """
    before = max((date for date in (kept, missed) if date), default=day - DAY)
    if before >= day:
        return None
    first = before + DAY if before + cycle_days * DAY >= day else day
    return first, first + (cycle_days - 1) * DAY


def is_asked_on(cadence, shift_pattern, day, works):
    """Whether a team with this shift pattern is asked: by the day on days it works, for the rest always."""
    return cadence not in BY_DAY or shift_pattern == Team.ShiftPattern.ROTATING or works(day)


def window_in(span, grace_days, works):
    """The Window of a span; it belongs to the month in which it ends."""
    first, last = span
    return Window(periods.period_of(last), first, last, working_day(last, grace_days, works))


def source_in(kind, team_id, span, shift=""):
    """What a duty of a kind of activity is about, e.g. "activity:7:12:2026-10-05" or "activity:7:12:2026-10-05:night"."""
    return f"{kind.code}:{team_id}:{span[0]}" + (f":{shift}" if shift else "")


def shift_in(source):
    """The shift that a duty asks for, or ""."""
    last = source.rpartition(":")[2]
    return last if last in SHIFTS else ""


def title_in(kind, span, shift=""):
    """The words for a duty: the kind and its days, e.g. "安全活动日（10月5日至11日）"."""
    words = _span_words(kind.cadence, *span)
    return f"{kind.name}（{words}{Shift(shift).label if shift else ''}）"


def _span_words(cadence, first, last):
    if cadence == Cadence.MONTHLY:
        return periods.label(periods.period_of(first))
    if cadence == Cadence.QUARTERLY:
        return f"{first.year}年第{first.month // 3 + 1}季度"
    if cadence == Cadence.HALF_YEARLY:
        return f"{first.year}年{'上' if first.month == 1 else '下'}半年"
    if cadence == Cadence.YEARLY:
        return f"{first.year}年"
    if first == last:
        return periods.day_text(first)
    return (
        f"{periods.day_text(first)}至{last.day}日"
        if first.month == last.month
        else f"{periods.day_text(first)}至{periods.day_text(last)}"
    )


def doers(duties, records):
    """{source: the record that does the duty}; records in the order in which they were written down.

    A record does for every duty whose days hold its date. Of the shifts of a day it does for its own or, without a
    shift, for the first that no record of that shift does for.
    """
    found, spare = {}, [record for record in records if not record.shift]
    for duty in sorted(duties, key=lambda duty: (duty.opens_on, _rank(duty.source))):
        shift = shift_in(duty.source)
        fitting = [record for record in records if _fits(duty, record) and shift in ("", record.shift)]
        if not fitting and shift:
            fitting = [record for record in spare if _fits(duty, record)]
        if fitting:
            found[duty.source] = fitting[0]
            spare = [record for record in spare if record is not fitting[0] or not shift]
    return found


def _rank(source):
    shift = shift_in(source)
    return SHIFTS.index(shift) if shift else -1


def _fits(duty, record):
    return duty.opens_on <= record.date <= duty.due_on
