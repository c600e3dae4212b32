"""Reads of duties: the rules that hold, what a person can do, how well teams kept their days."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from activities.asked import kinds_asked, kinds_by_code, kinds_in, of_teams, own_records, roles_of
from activities.cadence import AskedKind, shift_in
from activities.duties import (
    ATTENDANCE_CONFIRM,
    KINDS,
    LASTING,
    RECTIFICATION,
    RECURRING,
    SELF_CHECK,
    level_of,
    opens,
    source_of,
)
from activities.models import Duty, DutyRule
from teams.access import access_of, line_of, lines_by_unit, lines_of, subtree_ids
from teams.models import AttendanceMonth, UnitRole
from teams.selectors import with_words
from teams.workdays import is_workday, own_days

State = Duty.State
COUNTED_APART = (SELF_CHECK.code, RECTIFICATION.code)
"""Kinds with pages of their own, where what is undone is counted."""
OTHER_KINDS = "other"
"""In a filter: every kind but those."""
LOOK_BACK = datetime.timedelta(days=120)
"""The grace of a duty ends long before."""


def calendar():
    """Whether a date is worked, as a function; one query for all of them."""
    return partial(is_workday, overrides=own_days())


# -- Rules ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """Whether a recurring kind is asked, and its working days of grace; `unit_id` says who set it, None for the default."""

    is_on: bool
    grace_days: int
    unit_id: int | None = None

    @property
    def text(self):
        """The rule in words."""
        grace = f"宽限 {self.grace_days} 个工作日" if self.grace_days else "没有宽限"
        return f"要办，{grace}" if self.is_on else "不要求"


def rules_for(unit_ids, kinds=RECURRING):
    """{unit id: {kind code: Rule}} of the kinds that hold there: what the nearest unit upwards has set; two queries."""
    lines, rows = lines_by_unit(unit_ids), _rules()
    return {
        unit: {kind.code: _nearest(kind, line, rows) for kind in kinds if _holds(kind, line)}
        for unit, line in lines.items()
    }


def _holds(kind, line):
    return not isinstance(kind, AskedKind) or kind.unit_id in line


def rules_of(unit):
    """[(kind, the Rule that the unit has set itself or None, the Rule that holds without it)] of the recurring kinds."""
    rows, (_, *above), kinds = _rules(), line_of(unit), [*RECURRING, *kinds_in(unit)]
    return [(kind, rows.get((unit.pk, kind.code)), _nearest(kind, above, rows)) for kind in kinds]


def _rules():
    return {(row.unit_id, row.kind): Rule(row.is_on, row.grace_days, row.unit_id) for row in DutyRule.objects.all()}


def _nearest(kind, line, rows):
    """The Rule of a kind for the first unit of the line; `rows` are Rules by (unit id, kind code)."""
    default = Rule(kind.is_on, kind.grace_days)
    return next((rows[unit, kind.code] for unit in line if (unit, kind.code) in rows), default)


def asked(kind, teams, day, works):
    """Those of these teams that a recurring kind is asked of on a day: by rule and calendar, and not waived."""
    if not teams:
        return []
    rules = rules_for({team.unit_id for team in teams})
    sources = [source_of(kind, team.pk, day) for team in teams]
    waived = set(Duty.objects.filter(source__in=sources, state=State.WAIVED).values_list("team_id", flat=True))
    return [
        team
        for team in teams
        if team.pk not in waived
        and rules[team.unit_id][kind.code].is_on
        and opens(kind, team.shift_pattern, day, works)
    ]


# -- What a person can do ------------------------------------------------------------------------------------------------


def own_duties(user):
    """Duties that a person can do: addressed to that person or, to nobody by name, a matter of the person's teams."""
    return Duty.objects.filter(_own(user))


def duties_for(user):
    """Duties that a person can do or waive."""
    return Duty.objects.filter(_own(user) | Q(team__unit__in=access_of(user).unit_ids("duty.waive")))


def _own(user):
    access, wanted = access_of(user), Q(user=user)
    for kind in KINDS.values():
        if access.has(kind.capability):
            wanted |= Q(kind=kind.code, user__isnull=True, team__in=access.teams(kind.capability))
    return wanted | own_records(access)


def kinds_to_filter(teams):
    """The kinds of duties that there can be of these teams."""
    units = lines_of({team.unit_id for team in teams})
    return [*KINDS.values(), *(kind for kind in kinds_asked() if kind.unit_id in units)]


def still_open(duties):
    """The open ones among them, without attendance that is confirmed already and only waits to be noticed."""
    return _unconfirmed(duties.filter(state=State.OPEN))


def _unconfirmed(duties):
    confirmed = AttendanceMonth.objects.filter(team=OuterRef("team"), period=OuterRef("period"))
    noticed = Exists(confirmed.exclude(state=AttendanceMonth.State.DRAFT))
    return duties.exclude(noticed, kind=ATTENDANCE_CONFIRM.code)


def still_to_do(duties):
    """The open ones among them, and those whose grace has run out but that wait to be done all the same."""
    lasting = duties.filter(state=State.MISSED, done_at__isnull=True, kind__in=LASTING)
    return still_open(duties) | _unconfirmed(lasting)


def waits(duty):
    """Whether a duty is still to do, for still_to_do without asking the database."""
    return duty.state == State.OPEN or (duty.state == State.MISSED and not duty.done_at and duty.kind in LASTING)


def undone(today):
    """The condition of duties whose day went by without their being done."""
    return Q(state=State.MISSED) | Q(state=State.OPEN, due_on__lt=today)


def filtered(duties, *, q="", state="", kind="", period=None, team=None):
    """Duties narrowed by words, state ("overdue", "undone" and "all" too), kind (OTHER_KINDS too), month and team."""
    duties = with_words(duties, q, "title__icontains", "team__name__icontains", "unit__name__icontains")
    if kind == OTHER_KINDS:
        duties, kind = duties.exclude(kind__in=COUNTED_APART), ""
    exact = {"kind": kind, "period": period, "team": team}
    duties = duties.filter(**{name: value for name, value in exact.items() if value})
    if state == "undone":
        return duties.filter(undone(timezone.localdate()))
    if state == State.OPEN:
        return still_to_do(duties)
    if state == "overdue":
        return still_open(duties).filter(due_on__lt=timezone.localdate())
    return duties if state == "all" else duties.filter(state=state)


def address_of(duty):
    """Where a duty is done."""
    kind = kinds_by_code()[duty.kind]
    if isinstance(kind, AskedKind):
        return f"{reverse(kind.url, args=[kind.pk])}?{_prefilled(duty)}"
    return _page(duty, kind.url, kind.args)


def seen_at(duty):
    """Where whoever sees the team can look at what a duty is about."""
    kind = kinds_by_code()[duty.kind]
    return _page(duty, kind.seen_at or kind.url, kind.seen_args or kind.args)


def _page(duty, url, args):
    values = {"team": duty.team_id, "period": duty.period, "about": duty.source.rpartition(":")[2]}
    return reverse(url, args=[values[name] for name in args])


def _prefilled(duty):
    """For whom, for which day if that is over, and for which shift a record does the duty."""
    asked = {"for": f"team-{duty.team_id}", "shift": shift_in(duty.source)}
    over = duty.due_on < timezone.localdate()
    return urlencode({name: value for name, value in asked.items() if value} | ({"date": duty.due_on} if over else {}))


def can_do(access, duty):
    """Whether the person may do it: it is addressed to that person or, to nobody by name, a matter of the own duty."""
    if duty.user_id:
        return duty.user_id == access.user.pk
    team = duty.team
    held = {access.team_roles.get(team.pk), *access.unit_roles.get(team.unit_id, ())}
    return bool(held & roles_of(kinds_by_code()[duty.kind]))


def shown(duty, today):
    """(colour, word) of a duty's state, as every page shows it."""
    if duty.state == State.OPEN and duty.due_on < today:
        return "warn", "逾期"
    colours = {"open": "wait", "done": "ok", "late": "warn", "missed": "bad", "waived": "none"}
    return colours[duty.state], duty.get_state_display()


# -- Who else must know --------------------------------------------------------------------------------------------------


def escalated(user, today, works):
    """{unit: number of its teams with overdue duties that have come up to this manager}; recurring ones only.

    Of what comes once the floor tells that raised it. A manager of the team's own unit is told at level 1, a manager of
    a unit above at level 2 (see level_of).
    """
    if UnitRole.Role.MANAGER not in access_of(user).roles:
        return {}
    own = UnitRole.objects.filter(user=user, ended_on__isnull=True, role=UnitRole.Role.MANAGER).values_list("unit_id")
    managed = {unit for (unit,) in own}
    reach = access_of(user).unit_ids("attendance.approve")
    codes = [kind.code for kind in (*RECURRING, *of_teams())]
    recurring = Duty.objects.filter(kind__in=codes, team__unit__in=reach)
    late = still_open(recurring.filter(due_on__range=(today - LOOK_BACK, today)))
    teams = defaultdict(set)
    for duty in late.select_related("team__unit"):
        if level_of(duty, today, works) >= (1 if duty.team.unit_id in managed else 2):
            teams[duty.team.unit].add(duty.team_id)
    return {unit: len(found) for unit, found in teams.items()}


# -- How well it was kept ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """Duties of one team, kind and month by outcome. What is open and not yet due counts for nothing."""

    done: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0
    overdue: int = 0

    def __add__(self, other):
        return Tally(*(getattr(self, name) + getattr(other, name) for name in COUNTED))

    @property
    def asked(self):
        """How many had to be done by now."""
        return self.done + self.late + self.missed + self.overdue

    @property
    def percent(self):
        """Done in time of those, in whole percent, half rounded up; 100 only where nothing is left, None where nothing was asked."""
        if not self.asked:
            return None
        rounded = (self.done * 200 + self.asked) // (2 * self.asked)
        return rounded if self.done == self.asked else min(rounded, 99)

    @property
    def shown(self):
        """(colour, word): what there is to say besides the figure."""
        told = [f"{word} {count}" for word, count in self._told if count]
        colour = "bad" if self.missed else "warn" if self.late or self.overdue else "ok" if self.done else "none"
        return colour, "，".join(told) or ("全部按时" if self.done else "还没到期")

    @property
    def _told(self):
        return [("没有办", self.missed), ("逾期", self.overdue), ("迟办", self.late), ("免办", self.waived)]


COUNTED = ("done", "late", "missed", "waived", "overdue")


@dataclass
class TeamRow:
    """One team of the table: (kind, Tally or None) for each kind of the table, and of all that the team does together."""

    team: object
    unit: object
    cells: list
    total: Tally


def compliance_of(unit, period):
    """(kinds, [TeamRow], Tally of all) of a unit and everything below it in a month: kinds that were asked of anybody."""
    found = defaultdict(dict)
    duties = Duty.objects.filter(unit__in=subtree_ids(unit), period=period)
    for row in _counted(duties):
        found[row["team"]][row["kind"]] = Tally(*(row[f"n_{name}"] for name in COUNTED))
    kinds = [kind for kind in kinds_by_code().values() if any(kind.code in tallies for tallies in found.values())]
    rows = [_team_row(duty, found[duty.team_id], kinds) for duty in _one_each(duties)]
    return kinds, rows, sum((row.total for row in rows), Tally())


def tally_by_kind(duties):
    """{kind code: Tally} of some duties, those of all teams together."""
    found = defaultdict(Tally)
    for row in _counted(duties):
        found[row["kind"]] += Tally(*(row[f"n_{name}"] for name in COUNTED))
    return found


def _counted(duties):
    past = Q(due_on__lt=timezone.localdate())
    filters = {f"n_{name}": Q(state=name) for name in COUNTED} | {"n_overdue": Q(state=State.OPEN) & past}
    counts = {name: Count("pk", filter=wanted) for name, wanted in filters.items()}
    return duties.values("team", "kind").order_by("team", "kind").annotate(**counts)


def _one_each(duties):
    """A duty of each team, teams in display order."""
    places = ("unit__position", "unit_id", "team__position", "team_id")
    found = {duty.team_id: duty for duty in duties.select_related("team", "unit").order_by(*places)}
    return list(found.values())


def _team_row(duty, tallies, kinds):
    cells = [(kind, tallies.get(kind.code)) for kind in kinds]
    own = [tally for kind, tally in cells if tally and kind.by_team]
    return TeamRow(duty.team, duty.unit, cells, sum(own, Tally()))
