"""A month of duties, day by day: of one team each of them, of a unit how many were done and which teams left some undone."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from activities import selectors
from activities.asked import kinds_by_code
from activities.models import Duty
from teams import periods
from teams.access import subtree_ids

State = Duty.State


@dataclass
class Day:
    """A day of the month: whether it is worked, and what was due on it."""

    date: Any
    works: bool
    entries: list = field(default_factory=list)
    done: int = 0
    asked: int = 0


def weeks_of(days):
    """Days of a month in rows from Monday to Sunday; None before the first and after the last."""
    days = [*[None] * days[0].date.weekday(), *days]
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


@dataclass
class Entry:
    """A duty of a day, or several of one kind that stand alike: its kind, colour and word, and where it is done now."""

    name: str
    colour: str
    word: str
    address: str = ""
    times: int = 1

    def like(self, other):
        return (self.name, self.word) == (other.name, other.word)


def days_of_team(team, period, access, today):
    """[Day] with an Entry for the team's duties that are due then."""
    days, kinds = _days(period), kinds_by_code()
    for duty in _due(period).filter(team=team).select_related("team").order_by("due_on", "kind", "id"):
        address = _address(duty, access, today)
        entry = Entry(kinds[duty.kind].name, *selectors.shown(duty, today), address)
        same = next((other for other in days[duty.due_on].entries if other.like(entry)), None)
        if same:
            same.times += 1
        else:
            days[duty.due_on].entries.append(entry)
    return list(days.values())


def _address(duty, access, today):
    if duty.state == State.OPEN and duty.opens_on <= today and selectors.can_do(access, duty):
        return selectors.address_of(duty)
    return ""


@dataclass
class Undone:
    """A team with duties of a day that are missed or overdue."""

    team: Any
    missed: int = 0
    overdue: int = 0

    @property
    def colour(self):
        return "bad" if self.missed else "warn"

    @property
    def word(self):
        told = [("没有办", self.missed), ("逾期", self.overdue)]
        return "，".join(f"{word} {count}" for word, count in told if count)


def days_of_unit(unit, period, today):
    """[Day] of a unit and all below it: how many were done of those that had to be, and an Undone for each team behind."""
    days, behind = _days(period), defaultdict(dict)
    rows = _due(period).filter(team__unit__in=subtree_ids(unit)).exclude(state=State.WAIVED)
    for duty in rows.select_related("team").order_by("team__unit__position", "team__position", "team_id"):
        day, over = days[duty.due_on], duty.due_on < today
        day.asked += 1
        day.done += duty.state in (State.DONE, State.LATE)
        if duty.state == State.MISSED or (over and duty.state == State.OPEN):
            found = behind[duty.due_on].setdefault(duty.team_id, Undone(duty.team))
            found.missed += duty.state == State.MISSED
            found.overdue += duty.state == State.OPEN
    for date, found in behind.items():
        days[date].entries = list(found.values())
    return list(days.values())


def _days(period):
    works = selectors.calendar()
    return {day: Day(day, works(day)) for day in periods.days_of(period)}


def _due(period):
    """Duties of the teams themselves that are due in a month; what others come to do is not for the team to know before."""
    own = [code for code, kind in kinds_by_code().items() if kind.by_team]
    return Duty.objects.filter(due_on__range=(periods.first_day(period), periods.last_day(period)), kind__in=own)
