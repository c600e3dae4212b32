"""Recording an activity does the duties that it is due as; a record that no longer counts leaves them undone again."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities import asked
from activities.cadence import doers, span_of
from activities.models import Activity, ActivityKind, Duty
from activities.services import duties
from teams.models import Team


@transaction.atomic
def notice(activity, *dates, at=None):
    """Let the duties of the record's days, and of other `dates` that it had before, say what has been recorded for them.

    `at` is the moment from which the record counts, else when it was written down. Nothing happens for kinds that are not
    asked of teams.
    """
    kind = activity.kind
    if activity.team_id is None or kind.subject != ActivityKind.Subject.TEAM or kind.cadence == kind.Cadence.NONE:
        return
    kind = asked.asked_kind(kind)
    _raise_today(kind, activity)
    days = (Q(opens_on__lte=date, due_on__gte=date) for date in {activity.date, *dates})
    found = list(Duty.objects.filter(reduce(or_, days), kind=kind.code, team=activity.team_id))
    if found:
        _put_right(kind, found, {activity.pk: at} if at else {})


def _raise_today(kind, activity):
    """Raise what is due today where the night's run has not come yet and the record can do for it."""
    today = timezone.localdate()
    if kind.is_on and activity.state == Activity.State.KEPT and _same_span(kind, activity.date, today):
        duties.raise_records(today, teams=Team.objects.filter(pk=activity.team_id), kinds=[kind])


def _same_span(kind, day, today):
    return kind.cadence == ActivityKind.Cadence.CYCLE or span_of(kind.cadence, day) == span_of(kind.cadence, today)


def _put_right(kind, found, moments):
    done = doers(found, asked.records_for([kind], found))
    for duty in found:
        record = done.get(duty.source)
        if record is None:
            duties.reopen(duty.source)
        else:
            actor = None if kind.is_confidential else record.recorded_by
            duties.fulfil(duty.source, actor=actor, at=moments.get(record.pk) or asked.kept_at(record))


@transaction.atomic
def renew(kinds):
    """Kinds are new or have changed: what they ask for is due at once, what they no longer ask for is taken off the lists.

    Only of what is open: what was done, missed or waived stays as it is.
    """
    today, kinds = timezone.localdate(), [asked.asked_kind(kind) for kind in kinds]
    on, off = [kind for kind in kinds if kind.is_on], [kind.code for kind in kinds if not kind.is_on]
    running = Q(kind__in=[kind.code for kind in on], due_on__gte=today)
    Duty.objects.filter(running | Q(kind__in=off), state=Duty.State.OPEN).delete()
    if on:
        duties.raise_records(today, kinds=on)
