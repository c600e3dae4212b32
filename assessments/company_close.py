"""The close of many units in one look: how far each one is, what it lacks, and which of them a step can be taken with."""

import datetime
from dataclasses import dataclass, replace

from django.utils import timezone

from assessments import preflight
from assessments.models import MonthClose
from assessments.selectors import SETTLED
from teams import periods

State, Job = MonthClose.State, MonthClose.Job
WORKING = (Job.QUEUED, Job.RUNNING)
NEEDED = {"compute": State.OPEN, "confirm": State.COMPUTED, "finish": State.CONFIRMED}
"""The state that each step starts from; scores that were overtaken are computed once more."""
OVERTAKEN = "算好以后又有登记或改动，要先重算"
TOO_EARLY = {State.OPEN: "还没有计算", State.COMPUTED: "还没有确认"}
TOO_LATE = {
    State.COMPUTED: "已经计算，算好以后没有新的登记",
    State.CONFIRMED: "已经确认",
    State.CLOSED: "已经关账",
}
ORDER = list(State)


@dataclass(frozen=True)
class Row:
    """A unit's month: its MonthClose or None, what it lacks (preflight.Lack), musts first, and whether facts came in since."""

    unit: object
    period: int
    close: MonthClose | None
    lacks: list
    overtaken: bool = False

    @property
    def state(self):
        return State(self.close.state) if self.close else State.OPEN

    @property
    def is_working(self):
        return bool(self.close) and self.close.job in WORKING

    @property
    def musts(self):
        return [lack for lack in self.lacks if lack.is_must]

    @property
    def shoulds(self):
        return [lack for lack in self.lacks if not lack.is_must]

    @property
    def is_asked(self):
        """Whether the month is to be closed at all: not while no standard is in force for it."""
        return not _has_no_standard(self.lacks)

    @property
    def since(self):
        """The date since which the month has stood where it stands; an open one since it was over, None before that."""
        moments = {State.COMPUTED: "computed_at", State.CONFIRMED: "confirmed_at", State.CLOSED: "closed_at"}
        if self.state in moments:
            at = getattr(self.close, moments[self.state])
            return at and timezone.localdate(at)
        over = periods.last_day(self.period) + datetime.timedelta(days=1)
        return over if self.is_asked and over <= timezone.localdate() else None

    @property
    def days(self):
        """How many days the month has waited there; None when it is closed or not over."""
        return None if self.state == State.CLOSED or not self.since else (timezone.localdate() - self.since).days

    @property
    def is_to_redo(self):
        """Whether computed scores cannot be confirmed before they are computed once more."""
        return self.overtaken or (self.state == State.COMPUTED and self.close.job == Job.FAILED)

    @property
    def seen(self):
        """What identifies the scores that the page showed."""
        return self.close.inputs_hash if self.close else ""

    def is_past(self, step):
        """Whether somebody has taken the step with the unit already."""
        return ORDER.index(self.state) > ORDER.index(NEEDED[step])

    def hindrance(self, step):
        """Why a step cannot be taken with the unit now, in words; empty when it can."""
        if self.is_working:
            return "正在计算，算完再办"
        if self.overtaken and step == "confirm":
            return OVERTAKEN
        if self.state != NEEDED[step] and not (step == "compute" and self.is_to_redo):
            is_early = ORDER.index(self.state) < ORDER.index(NEEDED[step])
            return TOO_EARLY[self.state] if is_early else TOO_LATE[self.state]
        if step == "compute":
            return " ".join(lack.sentence for lack in self.musts)
        return "最近一次计算没有完成，请重新计算" if self.close.job == Job.FAILED else ""


def closes_of(units, period):
    """{unit id: its MonthClose}, without the inputs; units that have none are left out."""
    found = MonthClose.objects.filter(unit__in=units, period=period).select_related("unit", "version").defer("inputs")
    return {close.unit_id: close for close in found}


def rows_of(units, period):
    """A Row of each unit; a number of queries that does not grow with them."""
    closes = closes_of(units, period)
    lacking = lacks_of([unit for unit in units if not _is_settled(closes.get(unit.pk))], period)
    return [Row(unit, period, closes.get(unit.pk), lacking.get(unit.pk, [])) for unit in units]


def worked_with(closes):
    """How many of the closes were computed, or failed, since the first was asked for of those that are computed now; 0 when none is."""
    since = min((close.requested_at for close in closes if close.job in WORKING), default=None)
    asked = [close for close in closes if since and close.requested_at and close.requested_at >= since]
    worked = [close for close in asked if close.state == State.COMPUTED or close.job == Job.FAILED]
    return sum(close.job not in WORKING for close in worked)


def marked(rows, overtaken):
    """The Rows, those of these closes marked as overtaken."""
    keys = {close.pk for close in overtaken}
    return [replace(row, overtaken=bool(row.close) and row.close.pk in keys) for row in rows]


def lacks_of(units, period):
    """{unit id: everything its month lacks, what must be done first}; without a standard nothing else was asked for."""
    must = preflight.musts(units, period)
    asked = [unit for unit in units if not _has_no_standard(must[unit.pk])]
    should = preflight.shoulds(asked, period, timezone.localdate())
    return {unit.pk: must[unit.pk] + should.get(unit.pk, []) for unit in units}


def _has_no_standard(lacks):
    return any(lack.title == preflight.STANDARD for lack in lacks)


def _is_settled(close):
    return close is not None and close.state in SETTLED


def parted(rows, step):
    """(Rows that a step can be taken with, [(Row, why not)] of the others)."""
    others = [(row, row.hindrance(step)) for row in rows]
    return [row for row, why in others if not why], [pair for pair in others if pair[1]]
