"""Reads of activities: the list of those that a person may see, one with everything on it, what of it waits for whom."""

import copy
import datetime

from django.db.models import Count, Func, OuterRef, Prefetch, Q, Subquery, TextField
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities import fields as kind_fields
from activities.access import kinds_for, visible_to
from activities.cadence import SHIFTS, code_of, shift_in
from activities.models import Activity, ActivityKind, Duty, FollowUp, Participant
from teams import at_work
from teams.models import User
from teams.selectors import with_words

State = Activity.State
WHOLE = Activity.objects.select_related("kind", "unit", "team__unit", "host", "recorded_by", "corrects", "corrected_by")
SEARCHED = ("title", "minutes", "place", "kind__name", "team__name", "host__name", "participants__user__name")
MOST_USUAL = 4
REMEMBERED = datetime.timedelta(days=30)
"""How far back the records tell which shifts a team works."""
OFTEN = ["shift", "daily", "twice_weekly", "weekly"]


def listed(user, *, q="", kind=None, team=None, period=None, state=""):
    """Activities that the person may see, narrowed; without a state those that count and the own drafts."""
    rows = visible_to(user).select_related("kind", "team", "unit", "host", "recorded_by")
    rows = rows.filter(state=state) if state else rows.filter(state__in=[State.KEPT, State.DRAFT])
    narrowed = {"kind": kind, "team": team, "period": period}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    for word in q.split():
        rows = rows.filter(_says(word))
    counts = Participant.objects.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(n=Count("pk"))
    return rows.annotate(heads=Coalesce(Subquery(counts.values("n")), 0)).order_by("-date", "-id")


class Said(Func):
    """The words of stored values as one text; SQLite keeps Chinese signs escaped, so they are read one by one."""

    output_field = TextField()
    template = "CAST(%(expressions)s AS text)"

    def as_sqlite(self, compiler, connection, **context):
        template = "(SELECT group_concat(atom, ' ') FROM json_tree(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)


def _says(word):
    """Records in which the word stands: in what every record has, or in the fields of its kind."""
    columns = with_words(Activity.objects.all(), word, *(f"{name}__icontains" for name in SEARCHED))
    stored = Activity.objects.annotate(said=Said("values")).filter(said__icontains=word)
    return Q(pk__in=columns.values("pk")) | Q(pk__in=stored.values("pk"))


def back_filled(activity):
    """Whether a record was written down later than the day after."""
    return entered(activity).date() > activity.date + datetime.timedelta(days=1)


def entered(activity):
    """When a record was written down, by the clock on the wall."""
    return timezone.localtime(activity.entered_at)


def marked(rows):
    """The rows as a list, each with `is_back_filled`."""
    rows = list(rows)
    for row in rows:
        row.is_back_filled = back_filled(row)
    return rows


def activity_for(user, pk):
    """The activity with everything its page shows, if the person may see it; else None."""
    people = Prefetch("participants", Participant.objects.select_related("user").order_by("user__employee_no"))
    rows = WHOLE.filter(pk__in=visible_to(user).filter(pk=pk).values("pk"))
    return rows.prefetch_related(people, "resolutions", "photos", "follow_ups__owner").first()


def kind_of(activity):
    """The kind of a record as it was when the record was made, as far as that decides what the record consists of."""
    kind, taking = copy.copy(activity.kind), ActivityKind.TakingPart
    kind.fields, kind.privacy = activity.fields, activity.privacy
    kind.votes = kind.votes or bool(activity.resolutions.all())
    kind.hours = kind.hours or activity.hours
    if kind.taking_part == taking.NONE and activity.participants.all():
        kind.taking_part = taking.TICKED
    return kind


def shown_values(activities):
    """{activity id: [(label, text)]} of the fields of their kinds, with names for people."""
    ids = set().union(*(kind_fields.people_in(row.fields, row.values) for row in activities))
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return {row.pk: kind_fields.shown(row.fields, row.values, names) for row in activities}


def latest_of(user, kind, team, unit):
    """The latest kept record of a kind of the team or unit that the person may go on from; None before the first."""
    rows = visible_to(user).valid().filter(kind=kind, team=team, unit=unit)
    if kind.subject == ActivityKind.Subject.PERSON:
        rows = rows.filter(recorded_by=user)
    return None if kind.is_confidential else rows.order_by("-date", "-id").first()


def likely_shift(kind, team, latest):
    """The shift with which a new record of a kind begins: the one that is due, else of those who record by shift the day's."""
    by_shift = kind.cadence == ActivityKind.Cadence.SHIFT
    if team is None or not (by_shift or (latest and latest.shift)):
        return latest.shift if latest else None
    due = _shift_due(kind, team) if by_shift else None
    return due or at_work.likely_shift(team, timezone.localtime(), _shifts_recorded(team))


def _shifts_recorded(team):
    since = timezone.localdate() - REMEMBERED
    rows = Activity.objects.valid().filter(team=team, date__gte=since).exclude(shift="")
    return set(rows.order_by().values_list("shift", flat=True).distinct())


def _shift_due(kind, team):
    """The first shift of today for which a record of the kind is due from the team, or None where none is."""
    due = Duty.objects.filter(kind=code_of(kind.pk), team=team, due_on=timezone.localdate(), state=Duty.State.OPEN)
    shifts = {shift_in(source) for source in due.values_list("source", flat=True)}
    return next((shift for shift in SHIFTS if shift in shifts), None)


def usual_kinds(user):
    """The few kinds that the person records most, before the first record those that come round most often."""
    kinds = {kind.pk: kind for kind in kinds_for(user)}
    mine = Activity.objects.filter(recorded_by=user, kind__in=kinds).values_list("kind").annotate(n=Count("pk"))
    counts = dict(mine.order_by())
    often = sorted(kinds.values(), key=lambda kind: (-counts.get(kind.pk, 0), _frequency(kind), kind.name))
    return often[:MOST_USUAL]


def _frequency(kind):
    return OFTEN.index(kind.cadence) if kind.cadence in OFTEN else len(OFTEN)


def open_follow_ups(user):
    """What the person still has to do after activities, the most urgent first."""
    rows = FollowUp.objects.filter(owner=user, state=FollowUp.State.OPEN, activity__state=State.KEPT)
    return rows.select_related("activity__kind", "activity__team").order_by("due_on", "id")
