"""A team's month as the grid page shows it: what stands in every cell, which are open, and what was refused."""

from dataclasses import dataclass

from django.utils import timezone

from teams import periods, selectors, shift_cycles
from teams.attendance_sheet import WORKED
from teams.figures import short_text
from teams.models import Team
from teams.shift_cycles import EMPTY, REMEMBERED
from teams.workdays import workdays_among


@dataclass
class Cell:
    """One day of one member; `shut` says why the day has no code of this team, `usual` what an ordinary day would carry.

    What stands on a shut day all the same has to be wiped out: such a stray cell is not `closed`. Of a rotating team `turns`
    holds what an empty cell would carry: by the person's own cycle, and by each length of shift_cycles.LENGTHS.
    """

    name: str
    day: int
    text: str
    usual: str
    turns: str
    shut: str
    closed: bool
    wrong: bool
    today: bool


@dataclass
class Row:
    """One member's line."""

    user: object
    cells: list
    overtime: str
    overtime_wrong: bool

    @property
    def worked(self):
        """Days of attendance in this team."""
        return sum(cell.text in set(WORKED) for cell in self.cells if not cell.closed)

    @property
    def without_rest(self):
        """Whether the person worked on every single day of the month, wherever it was."""
        return all(cell.text in set(WORKED) for cell in self.cells)


class MonthGrid:
    """The grid of a month. After a refused `form` it shows what is stored by now with the person's own changes on it.

    A grid that is not `editable` proposes nothing.
    """

    def __init__(self, team, period, members, form=None, *, editable=True):
        self.team, self.period, self.form = team, period, form
        self.today = timezone.localdate()
        self._works = {day.day: works for day, works in workdays_among(periods.days_of(period)).items()}
        self._elsewhere = selectors.held_elsewhere(team, period, members)
        self._stored = _stored(team, period)
        self._rotates = team.shift_pattern == Team.ShiftPattern.ROTATING
        self._turns = self._proposals(members) if editable and self._rotates else {}
        self._texts = self._stored | (form.changed if form else {})
        self.rows = [self._row(member) for member in members]

    @property
    def days(self):
        """Heads of the columns."""
        return [
            {
                "number": day.day,
                "weekday": "一二三四五六日"[day.weekday()],
                "off": not works,
                "today": day == self.today,
                "has_come": day <= self.today,
            }
            for day, works in zip(periods.days_of(self.period), self._works.values(), strict=True)
        ]

    @property
    def shown(self):
        """What the person has seen, a line for every cell: what is stored, but for own changes what they began with.

        A cell marked for another person's value has been seen as stored: saving again is a decision.
        """
        began = {name: self.form.shown.get(name, "") for name in self.form.changed} if self.form else {}
        seen = {name: text for name, text in began.items() if name not in self.form.told}
        return "\n".join(f"{name} {text}" for name, text in (self._stored | seen).items())

    @property
    def without_rest(self):
        """People who worked on every day of the month."""
        return [row.user for row in self.rows if row.without_rest]

    @property
    def has_stray(self):
        """Whether something stands on days on which nothing can be."""
        return any(cell.shut and not cell.closed for row in self.rows for cell in row.cells)

    def _row(self, member):
        overtime = f"o-{member.user_id}"
        cells = [self._cell(member, day) for day in self._works]
        return Row(member.user, cells, self._texts.get(overtime, ""), self._wrong(overtime))

    def _proposals(self, members):
        """{(user id, day): proposals of shift_cycles.all_continued}; a month is never shorter than what is remembered."""
        former = periods.shift(self.period, -1)
        last, (earlier, _) = periods.last_day(former).day, selectors.grid_of(self.team, former)
        found = {}
        for user in (member.user_id for member in members):
            line = [earlier.get((user, day), EMPTY) for day in range(last - REMEMBERED + 1, last + 1)]
            line += [self._stored.get(f"a-{user}-{day}", EMPTY) for day in self._works]
            proposals = shift_cycles.all_continued(line, REMEMBERED)
            found |= {(user, day): turns for day, turns in zip(self._works, proposals, strict=True)}
        return found

    def _cell(self, member, day):
        name, date = f"a-{member.user_id}-{day}", periods.first_day(self.period).replace(day=day)
        text, held = self._texts.get(name, ""), self._elsewhere.get((member.user_id, day))
        shut = self._why_shut(member, date)
        if held:
            text, shut = held.code, f"记在{held.team}"
        closed = bool(shut and (held or not text))
        wrong = (bool(shut) and not closed) or self._wrong(name)
        turns = self._turns.get((member.user_id, day), "")
        return Cell(name, day, text, self._usual(day, turns), turns, shut, closed, wrong, date == self.today)

    def _why_shut(self, member, date):
        if date.day not in member.days:
            return f"不在{self.team.name}"
        return "还没到" if date > self.today else ""

    def _usual(self, day, turns):
        """What an ordinary day carries; "" on a day of rotating shifts whose cycle does not show."""
        if self._rotates:
            return turns[:1].replace(EMPTY, "")
        return "√" if self._works[day] else "休"

    def _wrong(self, name):
        return bool(self.form) and name in self.form.wrong


def _stored(team, period):
    """{field: text} of everything that is stored."""
    codes, overtime = selectors.grid_of(team, period)
    texts = {f"a-{user}-{day}": code for (user, day), code in codes.items()}
    return texts | {f"o-{user}": short_text(hours) for user, hours in overtime.items()}
