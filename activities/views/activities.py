"""Activities: the list (台帐), recording by kind, a record's page with what can be done to it, signing in by QR."""

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import records
from activities.access import kinds_for, may_change, teams_to_record, units_to_record
from activities.errors import ActivityError
from activities.forms.activities import ActivityForm, first_values
from activities.forms.lists import ActivityFilterForm
from activities.models import Activity, ActivityKind, FollowUp
from activities.services import activities, follow_ups, sign_ins
from teams.actions import carry_out, carry_out_with_reason, first_errors
from teams.figures import decimal_text
from teams.files import storing_files
from teams.selectors import page_of


@require_safe
def activity_list(request):
    form = ActivityFilterForm(request.GET, user=request.user)
    rows = records.listed(request.user, **form.cleaned_data) if form.is_valid() else Activity.objects.none()
    context = {"form": form, "errors": first_errors(form), "page": page_of(rows, request)}
    context |= {"kinds": kinds_for(request.user), "follow_ups": records.open_follow_ups(request.user)[:5]}
    return render(request, "activities/activity_list.html", context)


@require_safe
def choose(request):
    """Kinds that the person may record, by group; one tap leads to the form."""
    kinds = kinds_for(request.user)
    if not kinds:
        raise PermissionDenied
    groups = [(label, [kind for kind in kinds if kind.group == value]) for value, label in ActivityKind.Group.choices]
    return render(request, "activities/choose.html", {"groups": [group for group in groups if group[1]]})


@require_http_methods(["GET", "HEAD", "POST"])
def record(request, kind_id):
    kind = get_object_or_404(ActivityKind.objects.select_related("unit"), pk=kind_id, retired_on__isnull=True)
    unit, team = _place(request, kind)
    latest = records.latest_of(kind, team, unit)
    form = ActivityForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        unit=unit,
        team=team,
        initial=_first(kind, latest, request),
    )
    if form.is_valid() and _saved(form, request, activities.record, kind, unit=unit, team=team):
        messages.success(request, f"{kind}已登记。")
        return redirect("activities:activities")
    context = {"kind": kind, "unit": unit, "team": team, "form": form, "latest": latest}
    return render(request, "activities/record.html", context | _places(request.user, kind))


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


def _first(kind, latest, request):
    """What an empty form shows: today, the kind's name, its template, and the fields of the latest record."""
    first = {"title": kind.name, "date": timezone.localdate(), "minutes": kind.agenda, "host": request.user.pk}
    return first | (first_values(kind.fields, latest.values) if latest and not kind.is_confidential else {})


def _saved(form, request, service, *args, team, **kwargs):
    """Store the files and call a service with the form's content; a refusal becomes an error of the form."""
    secret = form.kind.is_confidential
    as_draft = {"as_draft": "draft" in request.POST} if service is not activities.correct else {}
    try:
        with storing_files(team=None if secret else team, actor=request.user) as store:
            content = form.content([store(upload) for upload in form.cleaned_data["files"]])
            more = {"team": team, "source": form.cleaned_data["key"]} if service is activities.record else {}
            service(*args, content, actor=request.user, **more, **kwargs, **as_draft)
    except ActivityError as error:
        form.add_error(None, str(error))
        return False
    return True


def _activity(user, pk):
    activity = records.activity_for(user, pk)
    if activity is None:
        raise Http404
    return activity


@require_safe
def detail(request, activity_id):
    activity = _activity(request.user, activity_id)
    context = {
        "activity": activity,
        "values": records.shown_values(activity),
        "may_change": may_change(request.user, activity),
        "settled": activities.is_settled(activity),
        "live": activity.state in (Activity.State.DRAFT, Activity.State.KEPT),
    }
    return render(request, "activities/activity.html", context)


@require_POST
def void(request, activity_id):
    activity = _changeable(request.user, activity_id)
    back = ("activities:activity", [activity.pk])
    return carry_out_with_reason(request, "已作废，原记录还能查到。", back, activities.void, activity)


def _changeable(user, pk):
    activity = _activity(user, pk)
    if not may_change(user, activity):
        raise PermissionDenied
    return activity


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, activity_id):
    """Put other content in a record's place, or correct one whose month is settled by a further record."""
    activity = _changeable(request.user, activity_id)
    kind, settled = activity.kind, activities.is_settled(activity) and activity.state == Activity.State.KEPT
    kind.fields = activity.fields
    form = ActivityForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        unit=activity.unit,
        team=activity.team,
        initial=_stored(activity),
        ticked={person.user_id for person in activity.participants.all()},
    )
    if form.is_valid() and _changed(form, request, activity, settled):
        messages.success(request, "已更正，原记录会留着。" if settled else "已保存。")
        return redirect("activities:activities")
    context = {"kind": kind, "unit": activity.unit, "team": activity.team, "form": form}
    return render(request, "activities/record.html", context | {"activity": activity, "settled": settled})


def _stored(activity):
    names = ("title", "date", "shift", "place", "host", "minutes")
    stored = {name: getattr(activity, name) for name in names} | {"hours": decimal_text(activity.hours)}
    return stored | first_values(activity.fields, activity.values)


def _changed(form, request, activity, settled):
    if not settled:
        return _saved(form, request, activities.edit, activity, team=activity.team)
    more = {"reason": request.POST.get("reason", "").strip()[:200], "source": form.cleaned_data["key"]}
    return _saved(form, request, activities.correct, activity, team=activity.team, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request, activity_id):
    """The QR code by which people sign in, large enough for a screen in the workshop."""
    activity = _changeable(request.user, activity_id)
    if request.method == "POST":
        back = ("activities:sign-in-code", [activity.pk])
        return carry_out(request, "可以扫码签到了，四小时内有效。", back, sign_ins.open_sign_in, activity)
    context = {"activity": activity, "open": activity.sign_in_until and activity.sign_in_until > timezone.now()}
    if context["open"]:
        address = request.build_absolute_uri(reverse("activities:sign-in", args=[activity.sign_in_key]))
        context |= {
            "address": address,
            "qr": segno.make(address, error="m").svg_data_uri(scale=8, border=2, light="white"),
        }
    return render(request, "activities/sign_in_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request, key):
    """What a scanned code leads to: one button, and then that one is noted."""
    activity = get_object_or_404(Activity.objects.select_related("kind", "team", "unit"), sign_in_key=key)
    context = {"activity": activity}
    if request.method == "POST":
        try:
            context["signed"] = sign_ins.sign_in(key, user=request.user)
        except ActivityError as error:
            context["refused"] = str(error)
    return render(request, "activities/sign_in.html", context)


@require_POST
def follow_up_end(request, follow_up_id, step):
    """Done with a word on how it went, or dropped with a reason: by the owner or whoever may change the record."""
    follow_up = get_object_or_404(FollowUp.objects.select_related("activity__kind"), pk=follow_up_id)
    activity = _activity(request.user, follow_up.activity_id)
    if follow_up.owner_id != request.user.pk and not may_change(request.user, activity):
        raise PermissionDenied
    service = {"done": follow_ups.finish, "drop": follow_ups.drop}[step]
    return carry_out_with_reason(request, "已办结。", ("activities:activity", [activity.pk]), service, follow_up)
