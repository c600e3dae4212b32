"""A team's duty roster of a month as pages show it, what can be proposed for its empty cells, and who waits for whom."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from teams import periods, selectors
from teams.models import AuditEntry, Shift, Team, Watch
from teams.services.watches import SHIFTS, order_of
from teams.workdays import workdays_among

WEEK = datetime.timedelta(days=7)
REMEMBERED = datetime.timedelta(days=31)
"""How far before the month the watches tell which shifts the team works."""
OPEN_DAYS = datetime.timedelta(days=3)
"""How long a watch without hand-over, or one that nobody took over, stays on the home page."""
AHEAD = datetime.timedelta(days=14)
"""How far ahead the next person on watch is looked for."""
MISSED = ("bad", "未交班")


@dataclass
class Cell:
    """One shift of one day; `chosen` is the id of the person it shows, `people` are those to choose from."""

    name: str
    shift: str
    watch: Watch | None
    chosen: int | None
    people: list
    editable: bool
    proposed: bool
    wrong: bool

    @property
    def state(self):
        """(kind, word) of the watch that is stored here, or None."""
        return self.watch and state_of(self.watch)


@dataclass
class Day:
    """A line of the duty roster."""

    date: datetime.date
    off: bool
    today: bool
    past: bool
    cells: list

    @property
    def weekday(self):
        return "一二三四五六日"[self.date.weekday()]

    @property
    def idle(self):
        """Whether nobody was on watch on a day that has passed."""
        return self.past and not any(cell.watch for cell in self.cells)


class WatchPlan:
    """The duty roster of a month. After a refused `form` it shows what is stored by now with the person's own changes."""

    def __init__(self, team, period, *, shifts=(), form=None):
        self.team, self.period, self.form = team, period, form
        self.dates, self.today = periods.days_of(period), timezone.localdate()
        self.members = selectors.members_during(team, period)
        self._watches = _watches(team, self.dates[0] - REMEMBERED, self.dates[-1])
        self.shifts = _shifts(team, self._watches, self.dates[0], shifts)
        self._proposed = {}

    def propose_week(self):
        """Fill every empty cell with who stands there a week before, proposals included."""
        held = {cell: watch.user_id for cell, watch in self._watches.items()}
        for date, shift in self._empty:
            person = held.get((date - WEEK, shift))
            if person in self._present(date):
                held[date, shift] = self._proposed[date, shift] = person

    def propose_turn(self, start):
        """Fill the empty cells with one member after the other, beginning with the person of this id."""
        queue = [member.user_id for member in self.members]
        if start in queue:
            queue = queue[queue.index(start) :] + queue[: queue.index(start)]
        for date, shift in self._empty:
            person = next((person for person in queue if person in self._present(date)), None)
            if person is not None:
                self._proposed[date, shift] = person
                queue.remove(person)
                queue.append(person)

    @property
    def days(self):
        works = workdays_among(self.dates)
        return [
            Day(
                date,
                off=not works[date],
                today=date == self.today,
                past=date < self.today,
                cells=[self._cell(date, shift) for shift in self.shifts],
            )
            for date in self.dates
        ]

    @property
    def proposed(self):
        """How many cells are proposed."""
        return len(self._proposed)

    @property
    def open(self):
        """Whether some day of the month can still be planned."""
        return bool(self.members) and self.dates[-1] >= self.today

    @property
    def current(self):
        """Whether today is a day of the month."""
        return self.dates[0] <= self.today <= self.dates[-1]

    @property
    def planned(self):
        """Whether anybody is on watch in the month."""
        return any(date >= self.dates[0] for date, _ in self._watches)

    @property
    def shown(self):
        """What the person has seen, a line for every cell; a cell in which another was faster is seen as it is by now."""
        seen = {_field(*cell): watch.user_id for cell, watch in self._watches.items() if cell[0] >= self.dates[0]}
        if self.form:
            seen |= {name: self.form.shown.get(name, "") for name in self.form.changed if name not in self.form.wrong}
        return "\n".join(f"{name} {person}" for name, person in seen.items())

    @property
    def next_in_turn(self):
        """Id of the member whose turn follows the latest watch planned, or None."""
        queue = [member.user_id for member in self.members]
        latest = [watch.user_id for _, watch in sorted(self._watches.items(), key=lambda item: order_of(*item[0]))]
        last = next((person for person in reversed(latest) if person in queue), None)
        return queue[(queue.index(last) + 1) % len(queue)] if last else None

    @property
    def _empty(self):
        cells = ((date, shift) for date in self.dates for shift in self.shifts if date >= self.today)
        return [cell for cell in cells if cell not in self._watches]

    def _present(self, date):
        return {member.user_id for member in self.members if date.day in member.days}

    def _cell(self, date, shift):
        watch, name = self._watches.get((date, shift)), _field(date, shift)
        people = [member.user for member in self.members if date.day in member.days]
        if watch and watch.user not in people:
            people.append(watch.user)
        chosen = self._proposed.get((date, shift)) or (watch and watch.user_id)
        if self.form and name in self.form.changed:
            chosen = self.form.wanted(name)
        return Cell(
            name,
            Shift(shift).label,
            watch,
            chosen,
            people,
            editable=date >= self.today and not (watch and watch.handed_at),
            proposed=(date, shift) in self._proposed,
            wrong=bool(self.form) and name in self.form.wrong,
        )


def _field(date, shift):
    return f"w-{date.day}-{shift}"


def _watches(team, first, last):
    """{(date, shift): Watch} between two dates."""
    rows = Watch.objects.filter(team=team, date__range=(first, last)).select_related("user", "taken_by")
    return {(row.date, row.shift): row for row in rows}


def _shifts(team, watches, first, chosen):
    """The shifts that the month has: those planned in it, and those chosen or else usual for the team.

    A rotating team that has only been planned for 白班 and 夜班 works two shifts, any other three.
    """
    planned = {shift for date, shift in watches if date >= first}
    known = planned or {shift for _, shift in watches}
    usual = {Shift.MORNING, Shift.MIDDLE, Shift.NIGHT}
    if team.shift_pattern == Team.ShiftPattern.DAY:
        usual = {Shift.DAY}
    elif Shift.DAY in known and not known & {Shift.MORNING, Shift.MIDDLE}:
        usual = {Shift.DAY, Shift.NIGHT}
    return [shift for shift in SHIFTS if shift in planned | set(chosen or usual)]


# -- Hand-overs --------------------------------------------------------------------------------------------------------


def state_of(watch):
    """(kind, word) of a watch for includes/state.html. A night shift may be handed over on the day after."""
    last = watch.date + datetime.timedelta(days=watch.shift == Shift.NIGHT)
    if watch.taken_by_id:
        return "ok", "已接班"
    if watch.handed_at:
        return "wait", "待接班"
    if last < timezone.localdate():
        return MISSED
    return ("wait", "待交班") if watch.date <= timezone.localdate() else ("none", "已排")


def hand_overs(team, period):
    """[Watch] of a month up to today, latest first; each has its `state` and `handed_by`, who wrote for somebody else."""
    last = min(periods.last_day(period), timezone.localdate())
    rows = sorted(_watches(team, periods.first_day(period), last).items(), key=lambda row: order_of(*row[0]))
    watches = [watch for _, watch in reversed(rows)]
    hands = _hands(watches)
    for watch in watches:
        watch.state, watch.handed_by = state_of(watch), hands.get(watch.pk)
    return watches


def handed_by(watch):
    """Who wrote the hand-over for the person on watch, or None."""
    return _hands([watch]).get(watch.pk)


def _hands(watches):
    """{watch id: User} of those that somebody else handed over, as the trail has it."""
    entries = AuditEntry.objects.filter(
        verb="watch.handed_over", object_type=Watch._meta.label_lower, object_id__in=[watch.pk for watch in watches]
    )
    hands = {entry.object_id: entry.actor for entry in entries.select_related("actor")}
    return {watch.pk: hands[watch.pk] for watch in watches if hands.get(watch.pk) not in (None, watch.user)}


def before(watch):
    """The hand-over that the person on this watch began with: of the latest earlier watch of the team, or None."""
    earlier = _watches(watch.team, watch.date - REMEMBERED, watch.date)
    handed = {order_of(*cell): row for cell, row in earlier.items() if row.handed_at}
    there = [place for place in handed if place < order_of(watch.date, watch.shift)]
    return handed[max(there)] if there else None


def waiting_for(user, team_ids):
    """([own watches to hand over], [watches to take over]) of a person in the teams, as of today."""
    if not team_ids:
        return [], []
    today = timezone.localdate()
    rows = Watch.objects.filter(team__in=team_ids, date__range=(today - OPEN_DAYS, today + AHEAD))
    watches = sorted(rows.select_related("team", "user"), key=lambda row: order_of(row.date, row.shift))
    own = [row for row in watches if row.user_id == user.pk and row.date <= today and not row.handed_at]
    return own, [row for row in watches if row.handed_at and not row.taken_by_id and _next(row, watches) == user.pk]


def _next(watch, watches):
    """Id of who is planned next in the team, other than the person on watch; or None."""
    later = watches[watches.index(watch) + 1 :]
    return next((row.user_id for row in later if row.team_id == watch.team_id and row.user_id != watch.user_id), None)
