"""Raising duties by the calendar, and what becomes of them. Doing the thing itself fulfils its duty."""

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from activities import asked, selectors
from activities.cadence import BY_DAY
from activities.duties import (
    ATTENDANCE_CONFIRM,
    DAY,
    RECURRING,
    SELF_CHECK,
    opens,
    source_about,
    source_of,
    title_of,
    window_of,
    working_day,
)
from activities.models import Duty
from teams import audit, periods
from teams.attendance_sheet import WORKED
from teams.errors import StaleState
from teams.models import Attendance, AttendanceMonth, AuditEntry, Team, Unit

State = Duty.State
MOST_DAYS = 31
"""How many days back are caught up after the worker was down."""


# -- By the calendar -----------------------------------------------------------------------------------------------------


def keep(today, begun=None, further=()):
    """Every night: raise the duties of today and of the nights that were missed, and settle what has run out.

    Repeatable, all or nothing, one row in the trail. The first run ever raises today only: nothing is asked of the days
    before TeamHub was in use. `begun` is {kind code: {unit id: first month in which the thing can be done}}; a unit that
    is not in there is not asked for that kind yet. `further` raise what only the floors above know: functions of today
    that say how many duties are new.
    """
    with transaction.atomic():
        plant = Unit.objects.select_for_update().filter(parent__isnull=True).order_by("id").first()
        if plant is None:
            return
        days = _days_to_raise(today)
        since = asked.first_asked() if len(days) > 1 else {}
        raised = sum(raise_due(day, begun) for day in days)
        raised += sum(raise_records(day, since=None if day == today else since) for day in days)
        raised += sum(raise_more(today) for raise_more in further)
        resting, missed = excuse_rest(today), settle(today)
        if raised or resting or missed or _last_run() != today.isoformat():
            after = {"day": today.isoformat(), "raised": raised, "resting": resting, "missed": missed}
            audit.record("duty.raised", plant, actor=None, unit=plant, after=after)


def _last_run():
    entry = AuditEntry.objects.filter(verb="duty.raised").order_by("-id").first()
    return entry and entry.after["day"]


def _days_to_raise(today):
    last, days = _last_run(), [today - number * DAY for number in range(MOST_DAYS, -1, -1)]
    return [day for day in days if day == today or (last and day.isoformat() > last)]


def raise_due(day, begun=None, teams=None):
    """Make the recurring duties that open on a day, for every team that existed then (or those of `teams`).

    Repeatable: what is there stays as it is. Returns how many are new.
    """
    teams = _existing(teams, day)
    rules, works = selectors.rules_for({team.unit_id for team in teams}), selectors.calendar()
    wanted = [
        _duty(kind, team, day, rules[team.unit_id][kind.code].grace_days, works)
        for kind in RECURRING
        for team in teams
        if rules[team.unit_id][kind.code].is_on
        and _has_begun(begun, kind, team, day)
        and opens(kind, team.shift_pattern, day, works)
    ]
    return _store(wanted)


def raise_records(day, teams=None, kinds=None, since=None):
    """Make the duties of the spans that hold a day, of every kind of activity that is asked (or of `kinds`).

    `since` is {kind code: first day for which it was asked}, where a kind must not be asked for days before.
    Repeatable; what a record has done already is raised as done. Returns how many are new.
    """
    kinds = asked.kinds_asked() if kinds is None else kinds
    kinds = [kind for kind in kinds if since is None or (kind.code in since and since[kind.code] <= day)]
    teams = _existing(teams, day) if kinds else []
    if not teams:
        return 0
    rules = selectors.rules_for({team.unit_id for team in teams}, kinds)
    return _store(asked.missing_on(day, teams, kinds, rules, selectors.calendar()))


def _existing(teams, day):
    teams = Team.objects.all() if teams is None else teams
    return list(teams.in_period(day, day).filter(unit__closed_on__isnull=True))


def _has_begun(begun, kind, team, day):
    if begun is None or kind.code not in begun:
        return True
    return begun[kind.code].get(team.unit_id, periods.LAST) <= periods.period_of(day)


def _duty(kind, team, day, grace_days, works):
    window = window_of(kind, day, grace_days, works)
    source, title = source_of(kind, team.pk, day), title_of(kind, day)
    return Duty(kind=kind.code, unit_id=team.unit_id, team=team, source=source, title=title, **vars(window))


def _store(duties):
    there = set(Duty.objects.filter(source__in=[duty.source for duty in duties]).values_list("source", flat=True))
    missing = [duty for duty in duties if duty.source not in there]
    Duty.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def raise_once(kind, occasions):
    """Duties that the calendar does not know, raised by the floor that does. Repeatable; returns how many are new."""
    if not occasions:
        return 0
    works = selectors.calendar()
    return _store([_once(kind, occasion, works) for occasion in occasions])


def _once(kind, occasion, works):
    team, due_on = occasion.team, occasion.due_on
    facts = {"kind": kind.code, "unit_id": team.unit_id, "team": team, "user": occasion.user, "title": occasion.title}
    facts |= {"source": source_about(kind, occasion.about), "opens_on": min(timezone.localdate(), due_on)}
    return Duty(**facts, **_days(kind, due_on, works))


def _days(kind, due_on, works):
    grace_until = working_day(due_on, kind.grace_days, works)
    return {"period": periods.period_of(due_on), "due_on": due_on, "grace_until": grace_until}


def excuse_rest(today):
    """What is due by the day is waived where nobody of the team was at work, by its attendance. Returns how many."""
    codes = [SELF_CHECK.code, *(kind.code for kind in asked.of_teams() if kind.cadence in BY_DAY)]
    day = Attendance.objects.filter(team=OuterRef("team"), date=OuterRef("due_on"))
    days = (today - MOST_DAYS * DAY, today - DAY)
    undone = Duty.objects.filter(kind__in=codes, due_on__range=days, state__in=[State.OPEN, State.MISSED])
    resting = undone.filter(Exists(day), ~Exists(day.filter(code__in=list(WORKED))), done_at__isnull=True)
    return resting.update(state=State.WAIVED, reason="考勤上这天全班没有人出勤")


def settle(today):
    """Notice confirmed attendance; what is still open after its grace is missed. Returns how many were missed."""
    notice_attendance()
    return Duty.objects.filter(state=State.OPEN, grace_until__lt=today).update(state=State.MISSED)


@transaction.atomic
def notice_attendance():
    """Ask the floor below which months are confirmed by now; their duties were done when that happened."""
    months = AttendanceMonth.objects.exclude(state=AttendanceMonth.State.DRAFT)
    month = months.filter(team=OuterRef("team"), period=OuterRef("period"))
    moment = month.annotate(at=Coalesce("confirmed_at", "approved_at")).values("at")[:1]
    duties = Duty.objects.filter(kind=ATTENDANCE_CONFIRM.code)
    undone = duties.filter(Exists(month), done_at__isnull=True)
    undone.update(done_at=Subquery(moment), done_by=Subquery(month.values("confirmed_by")[:1]))
    duties.filter(done_at__isnull=False, state=State.OPEN).update(state=_standing())


# -- By people -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def fulfil(source, *, actor, at=None):
    """The thing has been done (`at` that moment, else now): in time, late, or too late to count, by the Beijing date.

    Done once counts: repeating it changes nothing. A waived duty stays waived.
    """
    if Duty.objects.filter(source=source, done_at__isnull=True).update(done_at=at or timezone.now(), done_by=actor):
        Duty.objects.filter(source=source).exclude(state=State.WAIVED).update(state=_standing())


@transaction.atomic
def fulfil_day(kind, team, day, *, actor):
    """Fulfil a daily duty; today's is raised first where the night's run has not come yet."""
    if day == timezone.localdate():
        raise_due(day, teams=Team.objects.filter(pk=team.pk))
    fulfil(source_of(kind, team.pk, day), actor=actor)


def reopen(source):
    """What was done is void: the duty is open again while there is grace, else missed. A waived one stays waived."""
    rows = Duty.objects.filter(source=source, done_at__isnull=False)
    undone = Case(When(grace_until__gte=timezone.localdate(), then=Value(State.OPEN)), default=Value(State.MISSED))
    state = Case(When(state=State.WAIVED, then=Value(State.WAIVED)), default=undone)
    rows.update(done_at=None, done_by=None, state=state)


@transaction.atomic
def set_once(kind, about, *, due_on, user):
    """Another due day or another person for a duty that comes once; a missed one is open again where that gives time."""
    rows = Duty.objects.filter(source=source_about(kind, about))
    days = _days(kind, due_on, selectors.calendar())
    rows.update(user=user, opens_on=Least("opens_on", Value(due_on)), **days)
    rows.exclude(state=State.WAIVED).update(state=_standing())


def withdraw(kind, abouts, reason):
    """The things themselves are gone: their duties count for nothing, whatever has become of them."""
    rows = Duty.objects.filter(source__in=[source_about(kind, about) for about in abouts])
    rows.update(state=State.WAIVED, reason=f"{Duty.WITHDRAWN}{reason}"[:200])


@transaction.atomic
def waive(duty, reason, *, actor):
    """A duty that nobody could do or nobody needs (停机、无班) counts for nothing. Not for what was done."""
    waivable = Duty.objects.filter(pk=duty.pk, state__in=[State.OPEN, State.MISSED])
    if not waivable.update(state=State.WAIVED, reason=reason):
        raise StaleState("这件事已经办了，或者已经免办，请刷新页面再看。")
    audit.record(
        "duty.waived", duty, actor=actor, unit=duty.unit, before={"state": duty.state}, after={"reason": reason}
    )


@transaction.atomic
def ask_again(duty, *, actor):
    """Take a waiver back: the duty is again what it would be without."""
    waived = Duty.objects.filter(pk=duty.pk, state=State.WAIVED).exclude(reason__startswith=Duty.WITHDRAWN)
    if not waived.update(state=_standing(), reason=""):
        raise StaleState("这件事没有免办，或者不用办了，请刷新页面再看。")
    audit.record("duty.asked_again", duty, actor=actor, unit=duty.unit, before={"reason": duty.reason})


def _standing():
    """The state of a duty by what is stored of it and today's date."""
    undone = Q(done_at__isnull=True, grace_until__gte=timezone.localdate())
    return Case(
        When(done_at__date__lte=F("due_on"), then=Value(State.DONE)),
        When(done_at__date__lte=F("grace_until"), then=Value(State.LATE)),
        When(undone, then=Value(State.OPEN)),
        default=Value(State.MISSED),
    )
