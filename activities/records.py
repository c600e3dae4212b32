"""Reads of activities: the list of those that a person may see, one with everything on it, what of it waits for whom."""

from django.db.models import Count, Prefetch

from activities import fields as kind_fields
from activities.access import visible_to
from activities.models import Activity, FollowUp, Participant
from teams.models import User
from teams.selectors import with_words

State = Activity.State
WHOLE = Activity.objects.select_related("kind", "unit", "team__unit", "host", "recorded_by", "corrects", "corrected_by")


def listed(user, *, q="", kind=None, team=None, period=None, state=""):
    """Activities that the person may see, narrowed; without a state those that count and the own drafts."""
    rows = visible_to(user).select_related("kind", "team", "unit", "host")
    rows = rows.filter(state=state) if state else rows.filter(state__in=[State.KEPT, State.DRAFT])
    narrowed = {"kind": kind, "team": team, "period": period}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    rows = with_words(rows, q, "title__icontains", "minutes__icontains", "kind__name__icontains", "place__icontains")
    return rows.annotate(heads=Count("participants", distinct=True)).order_by("-date", "-id")


def activity_for(user, pk):
    """The activity with everything its page shows, if the person may see it; else None."""
    people = Prefetch("participants", Participant.objects.select_related("user").order_by("user__employee_no"))
    rows = WHOLE.filter(pk__in=visible_to(user).filter(pk=pk).values("pk"))
    return rows.prefetch_related(people, "resolutions", "photos", "follow_ups__owner").first()


def shown_values(activity):
    """[(label, text)] of the fields of its kind, with names for people."""
    ids = kind_fields.people_in(activity.fields, activity.values)
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return kind_fields.shown(activity.fields, activity.values, names)


def latest_of(kind, team, unit):
    """The latest kept record of a kind of the team or unit, to go on from; None before the first."""
    return Activity.objects.valid().filter(kind=kind, team=team, unit=unit).order_by("-date", "-id").first()


def open_follow_ups(user):
    """What the person still has to do after activities, the most urgent first."""
    rows = FollowUp.objects.filter(owner=user, state=FollowUp.State.OPEN, activity__state=State.KEPT)
    return rows.select_related("activity__kind", "activity__team").order_by("due_on", "id")
