"""A team's days: who is on which shift by the rota, and what came in between."""

import random
from dataclasses import dataclass

from assessments.models import Check
from teams import periods
from teams.selectors import members_during
from teams.services.attendance import save_month
from teams.workdays import is_workday

CREW, STAGGERED = "√夜休", "√√夜√休休"
ON_SITE = "√夜⊙※"
INTERRUPTIONS = [
    # (code, most days in a row, how often among 100 months of a person)
    ("", 0, 42),
    ("年", 3, 16),
    ("病", 2, 7),
    ("事", 1, 7),
    ("学", 2, 10),
    ("公", 1, 6),
    ("调", 1, 8),
    ("⊙", 1, 3),
    ("※", 1, 1),
]


@dataclass(frozen=True)
class TeamMonth:
    """One team's month as far as it has been lived: its days, {employee number: {day: code}}, and its own chance."""

    demo: object
    period: int
    days: list
    codes: dict
    people: dict
    rng: random.Random

    def at_work(self, day):
        """People who were on site on a date, by employee number."""
        return [self.people[number] for number, codes in self.codes.items() if codes[day.day] in ON_SITE]

    def in_charge(self, day):
        """Who files the self check of a date: leader, deputy or safety officer, the first who is there, or None."""
        officers = list(self.people.values())[:3]
        return next((person for person in officers if person in self.at_work(day)), None)

    def shift(self, day):
        """The shift whose check sheet is due on a date, or None when nobody is in charge."""
        if not self.in_charge(day):
            return None
        night = self.demo.profile["rota"] == "crew" and "夜" in [codes[day.day] for codes in self.codes.values()]
        return Check.Shift.NIGHT if night else Check.Shift.DAY


def live(demo, period, today):
    """The TeamMonth of a team up to today."""
    rng = random.Random(f"teamhub: {demo.team.name} {period}")
    days = [day for day in periods.days_of(period) if day <= today]
    members = members_during(demo.team, period)
    codes = {
        member.user.employee_no: _codes(demo.profile["rota"], demo.team.position, seat, days, today, rng)
        for seat, member in enumerate(members)
    }
    people = {member.user.employee_no: member.user for member in members}
    return TeamMonth(demo, period, days, codes, people, rng)


def _codes(rota, position, seat, days, today, rng):
    codes = {day.day: planned(rota, position, seat, day, today) for day in days}
    worked = [day for day, code in codes.items() if code in ON_SITE]
    code, most, _ = rng.choices(INTERRUPTIONS, [row[2] for row in INTERRUPTIONS])[0]
    if code and worked:
        start = rng.randrange(len(worked))
        codes |= dict.fromkeys(worked[start : start + rng.randint(1, most)], code)
    return codes


def planned(rota, position, seat, day, today):
    """The code by the rota; the first crew is on the day shift today."""
    if rota == "week":
        return "√" if is_workday(day, {}) else "休"
    cycle, offset = (CREW, position - 1) if rota == "crew" else (STAGGERED, seat)
    return cycle[((day - today).days + offset) % len(cycle)]


def enter(month, without=()):
    """The leader writes the month into the grid, except for some dates; returns the AttendanceMonth."""
    left_out = {day.day for day in without}
    values = {
        number: ({day: code for day, code in codes.items() if day not in left_out}, _overtime(month))
        for number, codes in month.codes.items()
    }
    return save_month(month.demo.team, month.period, values, actor=month.demo.leader)


def _overtime(month):
    return month.rng.randrange(2, 33) * 50 if month.rng.random() < 0.4 else 0
