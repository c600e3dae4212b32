"""What a deed is, and the open month of the world brought as far as a deed needs it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from assessments.models import MonthClose
from assessments.services import closes
from incentives.services import pools
from teams import periods
from teams.models import AttendanceMonth, Membership
from teams.services import attendance


@dataclass(frozen=True)
class Deed:
    """One successful POST to a page of the table.

    `body` and `args` hold values or names of objects of the world, or are functions of the world; `args` None means those of
    the table. `before(world)` makes the world ready and may return more of the body.
    """

    who: str
    verb: str
    body: Any = field(default_factory=dict)
    before: Any = None
    args: Any = None


def reason(**more):
    return {"reason": "核对无误"} | more


def past_month(world):
    """A month of the team before all of its people came: nothing is missing in it."""
    world.past = periods.shift(world.closed, -1)
    world.past_month = attendance.month_of(world.team, world.past)


def confirmed_month(world):
    past_month(world)
    attendance.confirm_month(world.past_month, actor=None)


def approved_unit(world):
    """The open month of the unit with all attendance approved."""
    for team in world.unit.teams.all():
        facts = {"state": AttendanceMonth.State.APPROVED, "approved_at": timezone.now()}
        AttendanceMonth.objects.update_or_create(team=team, period=world.open, defaults=facts)


def computed_unit(world):
    approved_unit(world)
    close = closes.close_of(world.unit, world.open)
    closes.request_computation(close, actor=None)
    closes.compute(close.pk)
    return _seen_close(world)


def _seen_close(world):
    return {"seen": MonthClose.objects.get(unit=world.unit, period=world.open).inputs_hash}


def shown_unit(world):
    """The form of all units in reach of the assessor, who has one."""
    close = closes.close_of(world.unit, world.open)
    return {f"unit-{world.unit.pk}": close.inputs_hash}


def confirmed_unit(world):
    computed_unit(world)
    closes.confirm(MonthClose.objects.get(unit=world.unit, period=world.open), actor=None)
    return _seen_close(world)


def closed_unit(world):
    """The open month of the unit closed, with a day of work in it, and a pool for the team."""
    first = periods.first_day(world.open)
    members = (
        Membership.objects.during(first, first).filter(team=world.team).values_list("user__employee_no", flat=True)
    )
    attendance.save_month(world.team, world.open, dict.fromkeys(members, ({1: "√"}, 0)), actor=None)
    confirmed_unit(world)
    closes.finish(MonthClose.objects.get(unit=world.unit, period=world.open), actor=None)
    pools.set_pool(world.team, world.open, 100_000, actor=None)
