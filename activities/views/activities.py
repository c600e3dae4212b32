"""Activities: the list (台账), recording by kind, a record's page with what can be done to it."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import records
from activities.access import (
    kinds_for,
    kinds_seen,
    may_change,
    may_record_for_others,
    teams_to_record,
    units_to_record,
)
from activities.fields import carried
from activities.forms.activities import ActivityForm
from activities.forms.duties import asked_of
from activities.forms.kind_fields import first_values
from activities.forms.lists import ActivityFilterForm
from activities.models import Activity, ActivityKind, FollowUp, Participant
from activities.services import activities, follow_ups
from teams import periods
from teams.access import access_of
from teams.actions import carry_out_with_reason, first_errors
from teams.errors import TeamError
from teams.figures import decimal_text
from teams.files import storing_files
from teams.models import Shift
from teams.selectors import page_of

LIVE = (Activity.State.DRAFT, Activity.State.KEPT)


@require_safe
def activity_list(request):
    form = ActivityFilterForm(request.GET, user=request.user)
    rows = records.listed(request.user, **form.cleaned_data) if form.is_valid() else Activity.objects.none()
    page = page_of(rows, request)
    page.object_list = records.marked(page.object_list)
    context = {"form": form, "errors": first_errors(form), "page": page, "today": timezone.localdate()}
    context |= {"kinds": records.usual_kinds(request.user), "follow_ups": records.open_follow_ups(request.user)[:5]}
    return render(request, "activities/activity_list.html", context | {"ledger": _ledger(request.user, form)})


def _ledger(user, form):
    """Address of the ledger of the month and team that are chosen, else of the own team and this month; None without a team."""
    chosen, own = form.cleaned_data.get("team"), next(iter(access_of(user).team_roles), None)
    team = chosen.pk if chosen else own
    period = form.cleaned_data.get("period") or periods.current_period()
    return reverse("activities:activity-month", args=[team, period]) if team else None


@require_safe
def choose(request):
    """Kinds that the person may record, by group; one tap leads to the form."""
    kinds = kinds_for(request.user)
    words = request.GET.get("q", "").strip()[:60]
    found = [kind for kind in kinds if words in f"{kind.name}{kind.purpose}"]
    groups = [(label, [kind for kind in found if kind.group == value]) for value, label in ActivityKind.Group.choices]
    context = {"groups": [group for group in groups if group[1]], "kinds": kinds, "words": words}
    return render(request, "activities/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request, kind_id):
    kind = get_object_or_404(kinds_seen(request.user).select_related("unit"), pk=kind_id, retired_on__isnull=True)
    unit, team = _place(request, kind)
    latest = records.latest_of(request.user, kind, team, unit)
    others = may_record_for_others(request.user, unit, team)
    form = _form(request, kind, unit, team, _first(kind, latest, request, team), for_others=others)
    if form.is_valid():
        known = activities.sent_before(form.cleaned_data["key"], request.user)
        place = {"unit": unit, "team": team, "source": form.cleaned_data["key"] or uuid.uuid4()}
        stored = known or _stored(form, activities.record, kind, **place, as_draft=form.is_draft)
        if stored:
            return _told(request, stored, known)
    context = {"kind": kind, "unit": unit, "team": team, "form": form, "latest": latest}
    return render(request, "activities/record.html", context | _places(request.user, kind))


def _told(request, activity, known):
    if known:
        messages.info(request, "这一张已经登记过了，没有再记一遍。要改请点“修改”。")
    elif activity.state == Activity.State.DRAFT:
        messages.success(request, "草稿已存好，只有您看得到。办完了点“修改”，再点“登记”。")
    else:
        messages.success(request, f"{activity.kind}已登记。")
    return redirect("activities:activity", activity.pk)


def _form(request, kind, unit, team, first, **more):
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return ActivityForm(*posted, initial=first, kind=kind, unit=unit, team=team, user=request.user, **more)


def _place(request, kind):
    """(unit, team or None) that the record is for: what was chosen, else the first that the person may record for."""
    asked = request.POST.get("for") or request.GET.get("for", "")
    places = _places(request.user, kind)
    found = {f"team-{team.pk}": (team.unit, team) for team in places["teams"]}
    found |= {f"unit-{unit.pk}": (unit, None) for unit in places["units"]}
    if not found:
        raise PermissionDenied
    if asked and asked not in found:
        raise Http404
    return found[asked] if asked else next(iter(found.values()))


def _places(user, kind):
    of_unit = kind.subject == kind.Subject.UNIT
    return {
        "teams": [] if of_unit else list(teams_to_record(user, kind)),
        "units": list(units_to_record(user, kind)) if of_unit else [],
    }


def _first(kind, latest, request, team):
    """What an empty form shows: today, or the day and shift of what is due, the kind's name, its template, and the words
    of the latest record.
    """
    user, asked = request.user, asked_of(request.GET)
    first = {"title": kind.name, "date": timezone.localdate(), "minutes": kind.agenda, "host": user.pk}
    first |= {"person": user.pk, "hours": decimal_text(kind.hours), "shift": records.likely_shift(kind, team, latest)}
    if latest is None:
        return first | asked
    return (
        first
        | {"place": latest.place}
        | first_values(kind.fields, carried(kind.fields, latest.fields, latest.values))
        | asked
    )


def _stored(form, service, *args, **kwargs):
    """What the service made of the form's content and files, or None with its refusal as an error of the form."""
    secret, actor = form.kind.is_confidential, form.user
    try:
        with storing_files(team=None if secret else form.team, actor=actor) as store:
            content = form.content([store(upload) for upload in form.cleaned_data["files"]])
            return service(*args, content, actor=actor, **kwargs)
    except TeamError as error:
        form.add_error(None, str(error))
        return None


def activity_to_read(user, pk):
    """The activity with everything on it; 404 for whoever may not see it."""
    activity = records.activity_for(user, pk)
    if activity is None:
        raise Http404
    return activity


def activity_to_change(user, pk):
    """The same, for whoever may change it; 403 for others who see it."""
    activity = activity_to_read(user, pk)
    if not may_change(user, activity):
        raise PermissionDenied
    return activity


@require_safe
def detail(request, activity_id):
    activity = activity_to_read(request.user, activity_id)
    context = {
        "activity": activity,
        "values": records.shown_values([activity])[activity.pk],
        "shift": dict(Shift.choices).get(activity.shift, activity.shift),
        "back_filled": records.back_filled(activity),
        "may_change": may_change(request.user, activity),
        "settled": _is_to_correct(activity),
        "live": activity.state in LIVE,
        "today": timezone.localdate(),
    }
    return render(request, "activities/activity.html", context)


@require_POST
def void(request, activity_id):
    activity = activity_to_change(request.user, activity_id)
    back = ("activities:activity", [activity.pk])
    return carry_out_with_reason(request, "已作废，原记录还能查到。", back, activities.void, activity)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, activity_id):
    """Put other content in a record's place, or correct one whose month is settled by a further record."""
    activity = activity_to_change(request.user, activity_id)
    if activity.state not in LIVE:
        messages.error(request, activities.CHANGED)
        return redirect("activities:activity", activity.pk)
    kind, settled = records.kind_of(activity), _is_to_correct(activity)
    others = may_record_for_others(request.user, activity.unit, activity.team)
    more = {"activity": activity, "correcting": settled, "for_others": others}
    form = _form(request, kind, activity.unit, activity.team, _as_stored(activity), **more)
    stored = _changed(form, activity) if form.is_valid() else None
    if stored:
        messages.success(request, "已更正，原记录会留着。" if settled else "已保存。")
        return redirect("activities:activity", stored.pk)
    context = {"kind": kind, "unit": activity.unit, "team": activity.team, "form": form}
    return render(request, "activities/record.html", context | {"activity": activity, "settled": settled})


def _is_to_correct(activity):
    return activity.state == Activity.State.KEPT and activities.is_settled(activity)


def _as_stored(activity):
    names = ("title", "date", "shift", "place", "host", "minutes")
    stored = {name: getattr(activity, name) for name in names} | {"hours": decimal_text(activity.hours)}
    about = [row.user_id for row in activity.participants.all() if row.part == Participant.Part.SUBJECT]
    stored |= {"seen": _seen(activity), "person": about[0] if about else None}
    return stored | first_values(activity.fields, activity.values)


def _seen(activity):
    return activity.edited_at.isoformat() if activity.edited_at else ""


def _changed(form, activity):
    """The record with the form's content, or the further one that corrects it; None with the reason on the form."""
    if form.cleaned_data["seen"] != _seen(activity):
        form.add_error(None, activities.CHANGED)
        return None
    if "reason" in form.cleaned_data:
        given = {"reason": form.cleaned_data["reason"], "source": form.cleaned_data["key"] or uuid.uuid4()}
        return _stored(form, activities.correct, activity, **given)
    return _stored(form, activities.edit, activity, as_draft=form.is_draft)


@require_POST
def follow_up_end(request, follow_up_id, step):
    """Done with a word on how it went, or dropped with a reason: by the owner or whoever may change the record."""
    follow_up = get_object_or_404(FollowUp.objects.select_related("activity__kind", "activity__unit"), pk=follow_up_id)
    activity = activity_to_read(request.user, follow_up.activity_id)
    if follow_up.owner_id != request.user.pk and not may_change(request.user, activity):
        raise PermissionDenied
    service, done = {"done": (follow_ups.finish, "已办完。"), "drop": (follow_ups.drop, "记下了，不再办。")}[step]
    return carry_out_with_reason(request, done, ("activities:activity", [activity.pk]), service, follow_up)
