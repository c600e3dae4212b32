"""Which kinds of activities are asked of teams as duties, what of them is not there yet, and who does them."""

from collections import defaultdict

from django.db.models import F, Max, Min, Q
from django.utils import timezone

from activities.cadence import (
    CODE,
    SHIFTS,
    AskedKind,
    Cadence,
    code_of,
    cycle_of,
    doers,
    is_asked_on,
    source_in,
    span_of,
    title_in,
    window_in,
)
from activities.duties import DAY, KINDS
from activities.models import Activity, ActivityKind, Duty
from teams.access import GRANTS, MEMBERS, line_of
from teams.models import Team, Watch
from teams.once import kept

State = Duty.State
LOOK_BACK = 2
"""So many cycles back the latest duty and record are looked for."""


def asked_kind(kind):
    """A kind of activity as a kind of duty. What members of a team may record is theirs to do, not a unit's officer's."""
    roles = frozenset(kind.recorders)
    return AskedKind(
        code=code_of(kind.pk),
        name=kind.name,
        cadence=kind.cadence,
        capability="",
        url="activities:activity-record",
        args=("kind",),
        seen_at="activities:activity-month",
        seen_args=("team", "period"),
        grace_days=kind.grace_days,
        is_on=kind.is_asked and kind.retired_on is None and kind.subject == ActivityKind.Subject.TEAM,
        pk=kind.pk,
        unit_id=kind.unit_id,
        recorders=roles & MEMBERS or roles,
        cycle_days=kind.cycle_days,
        is_confidential=kind.is_confidential,
    )


@kept
def of_teams():
    """Every kind of activity that is, or was, asked of teams; those in use first."""
    rows = ActivityKind.objects.filter(subject=ActivityKind.Subject.TEAM).exclude(cadence=Cadence.NONE)
    kinds = [asked_kind(row) for row in rows.defer("fields", "agenda", "practices")]
    return sorted(kinds, key=lambda kind: not kind.is_on)


def kinds_asked():
    """Those that are asked now."""
    return [kind for kind in of_teams() if kind.is_on]


def kinds_in(unit):
    """Those that are asked now of a unit's teams."""
    line = line_of(unit)
    return [kind for kind in kinds_asked() if kind.unit_id in line]


def kinds_by_code():
    """{code: DutyKind} of all kinds of duties, those that are no longer asked too."""
    return KINDS | {kind.code: kind for kind in of_teams()}


def roles_of(kind):
    """The roles that do duties of a kind."""
    return kind.recorders if isinstance(kind, AskedKind) else GRANTS[kind.capability]


def own_records(access):
    """The duties, as a condition, that a person does by recording an activity: by team duty or unit role."""
    wanted = Q(pk__in=[])
    for role in access.roles:
        codes = [kind.code for kind in of_teams() if role in kind.recorders]
        own = [team for team, held in access.team_roles.items() if held == role]
        units = [unit for unit, held in access.unit_roles.items() if role in held]
        teams = Team.objects.open().filter(Q(pk__in=own) | Q(unit__in=units))
        wanted |= Q(kind__in=codes, team__in=teams) if codes else Q(pk__in=[])
    return wanted


def first_asked():
    """{code: first day for which a kind was ever asked of anybody}."""
    rows = Duty.objects.filter(kind__startswith=CODE).order_by().values("kind")
    return dict(rows.annotate(first=Min("opens_on")).values_list("kind", "first"))


# -- What is not there yet -----------------------------------------------------------------------------------------------


def missing_on(day, teams, kinds, rules, works):
    """The duties, not stored, of the spans that hold a day: those of teams that are asked and have none yet.

    What a record does already is done. `rules` are {unit id: {kind code: Rule}}; a constant number of queries.
    """
    kinds = {kind.code: kind for kind in kinds}
    running = Duty.objects.filter(kind__in=kinds, opens_on__lte=day, due_on__gte=day)
    there = set(running.values_list("source", flat=True))
    spans = _Spans(day, teams, kinds.values())
    asked = [(kind, team) for kind in kinds.values() for team in teams if _is_asked(kind, team, day, rules, works)]
    wanted = [duty for kind, team in asked for duty in _duties(kind, team, spans, rules, works)]
    missing = [duty for duty in wanted if duty.source not in there]
    _mark_done(missing, kinds)
    return missing


def _is_asked(kind, team, day, rules, works):
    rule = rules[team.unit_id].get(kind.code)
    return rule is not None and rule.is_on and is_asked_on(kind.cadence, team.shift_pattern, day, works)


def _duties(kind, team, spans, rules, works):
    span = spans.of(kind, team)
    if span is None:
        return
    window = window_in(span, rules[team.unit_id][kind.code].grace_days, works)
    for shift in spans.shifts(kind, team):
        source, title = source_in(kind, team.pk, span, shift), title_in(kind, span, shift)
        yield Duty(kind=kind.code, unit_id=team.unit_id, team=team, source=source, title=title, **vars(window))


class _Spans:
    """The span of each kind and team that holds a day; what the cycles and shifts of all of them need is read once."""

    def __init__(self, day, teams, kinds):
        self.day = day
        self._cycles = _cycles(day, [kind for kind in kinds if kind.cadence == Cadence.CYCLE])
        by_shift = any(kind.cadence == Cadence.SHIFT for kind in kinds)
        self._shifts = _planned_shifts(day) if by_shift else {}

    def of(self, kind, team):
        if kind.cadence != Cadence.CYCLE:
            return span_of(kind.cadence, self.day)
        kept_on, last = self._cycles[kind.code, team.pk]
        done = last and last.done_at and kept_on and kept_on >= last.opens_on
        if last and last.due_on >= self.day and not done:
            return None
        missed = last.due_on if last and last.done_at is None else None
        return cycle_of(self.day, kind.cycle_days, kept=kept_on, missed=missed)

    def shifts(self, kind, team):
        """The planned shifts of a rotating team for what is asked per shift; else once without a shift."""
        if kind.cadence != Cadence.SHIFT or team.shift_pattern != Team.ShiftPattern.ROTATING:
            return [""]
        return sorted(self._shifts.get(team.pk, [""]), key=[*SHIFTS, ""].index)


def _planned_shifts(day):
    found = defaultdict(set)
    for team, shift in Watch.objects.filter(date=day).order_by().values_list("team_id", "shift"):
        found[team].add(shift)
    return found


def _cycles(day, kinds):
    """{(code, team id): (date of the latest kept record or None, latest Duty or None)} of kinds that come by cycle."""
    found = defaultdict(lambda: (None, None))
    if not kinds:
        return found
    since = day - LOOK_BACK * max(kind.cycle_days for kind in kinds) * DAY
    rows = _kept(kinds).filter(date__range=(since, day)).order_by().values_list("kind_id", "team_id")
    dates = {(code_of(kind), team): date for kind, team, date in rows.annotate(latest=Max("date"))}
    duties = Duty.objects.filter(kind__in=[kind.code for kind in kinds], due_on__gte=since).order_by("opens_on", "id")
    last = {(duty.kind, duty.team_id): duty for duty in duties}
    found.update({place: (dates.get(place), last.get(place)) for place in {*dates, *last}})
    return found


def _kept(kinds):
    return Activity.objects.valid().filter(kind__in=[kind.pk for kind in kinds], team__isnull=False)


def records_for(kinds, duties):
    """Records that count of these kinds within the days of all these duties, the earliest written down first.

    `was` is when the record was first written down where it is a correction.
    """
    first, last = min(duty.opens_on for duty in duties), max(duty.due_on for duty in duties)
    rows = _kept(kinds).filter(date__range=(first, last), team__in={duty.team_id for duty in duties})
    return list(rows.annotate(was=F("corrects__entered_at")).defer("fields", "values", "minutes").order_by("id"))


def kept_at(record):
    """When a record was first written down."""
    return record.was or record.entered_at


def _mark_done(duties, kinds):
    """Let duties that are new be done where there is a record for them already."""
    records, mine = defaultdict(list), defaultdict(list)
    for record in records_for(kinds.values(), duties) if duties else ():
        records[code_of(record.kind_id), record.team_id].append(record)
    for duty in duties:
        mine[duty.kind, duty.team_id].append(duty)
    for place, found in mine.items():
        done = doers(found, records[place])
        for duty in found:
            if duty.source in done:
                _done(duty, done[duty.source], kinds[duty.kind])


def _done(duty, record, kind):
    duty.done_at, duty.done_by_id = kept_at(record), None if kind.is_confidential else record.recorded_by_id
    day = timezone.localtime(duty.done_at).date()
    duty.state = State.DONE if day <= duty.due_on else State.LATE if day <= duty.grace_until else State.MISSED
