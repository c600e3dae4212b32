"""Kinds of activities that units themselves are asked for: what a unit still has to record in the running span.

Units have no duties; what is due is read off their records.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.urls import reverse

from activities.cadence import Cadence, cycle_of, span_of
from activities.models import Activity, ActivityKind
from teams.access import lines_by_unit
from teams.models import Unit, UnitRole


@dataclass
class UnitDue:
    """A kind that a unit is asked for: until when, and when it was last done (None for never); `is_done` for this span."""

    kind: Any
    unit: Any
    due_on: Any
    latest: Any

    @property
    def is_done(self):
        return self.due_on is None

    @property
    def shown(self):
        """(colour, word)."""
        return ("ok", "已完成") if self.is_done else ("wait", "待办")

    @property
    def address(self):
        """Where it is recorded."""
        return f"{reverse('activities:activity-record', args=[self.kind.pk])}?for=unit-{self.unit.pk}"


def own_dues(user, today):
    """[UnitDue] that are not done yet, of the units in which the person has a role that records them."""
    held = defaultdict(set)
    for unit, role in UnitRole.objects.filter(user=user, ended_on__isnull=True).values_list("unit_id", "role"):
        held[unit].add(role)
    units = list(Unit.objects.open().filter(pk__in=held)) if held else []
    found = unit_dues(units, today) if units else []
    return [row for row in found if not row.is_done and held[row.unit.pk] & set(row.kind.recorders)]


def unit_dues(units, today):
    """[UnitDue] of units, unit by unit; two queries, however many they are."""
    asked = ActivityKind.objects.filter(is_asked=True, subject=ActivityKind.Subject.UNIT, retired_on__isnull=True)
    kinds = list(asked.exclude(privacy=ActivityKind.Privacy.CONFIDENTIAL).defer("fields", "agenda"))
    lines = lines_by_unit([unit.pk for unit in units]) if kinds else {}
    places = [(kind, unit) for unit in units for kind in kinds if kind.unit_id in lines[unit.pk]]
    latest = _latest(kinds, units, today) if places else {}
    return [_due(kind, unit, latest.get((kind.pk, unit.pk)), today) for kind, unit in places]


def _latest(kinds, units, today):
    rows = Activity.objects.valid().filter(kind__in=kinds, unit__in=units, team__isnull=True, date__lte=today)
    return {
        (kind, unit): date
        for kind, unit, date in rows.order_by().values_list("kind_id", "unit_id").annotate(Max("date"))
    }


def _due(kind, unit, latest, today):
    if kind.cadence == Cadence.CYCLE:
        span = cycle_of(today, kind.cycle_days, kept=latest)
    else:
        span = span_of(kind.cadence, today)
        span = None if latest and latest >= span[0] else span
    return UnitDue(kind, unit, span and span[1], latest)
