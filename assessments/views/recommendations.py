"""The desk of a level of recommendation: who waits, how the quota fills, sending a list up, its workbook."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.applications import SendForm
from assessments.honours import application_lists as lists
from assessments.honours.application_access import of_others
from assessments.honours.application_queue import Desk, at_desk, is_desk, tally
from assessments.honours.content import quota_words
from assessments.honours.quotas import quota_at
from assessments.models import Round
from assessments.services.recommendations import send_up
from teams import audit
from teams.access import unit_for
from teams.actions import carried_out
from teams.downloads import workbook_response


def _desk(user, round_id, level, unit_id):
    """The desk, for whoever gives the opinion there; 404 for strangers, 403 for insiders."""
    unit = unit_for(user, unit_id, "team.view")
    found = get_object_or_404(Round.objects.select_related("programme"), pk=round_id)
    if level >= len(found.frozen.get("levels", [])):
        raise Http404
    desk = Desk(found, level, unit)
    if not is_desk(user, desk):
        raise PermissionDenied
    return desk


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request, round_id, level, unit_id):
    """Tick who is sent up; the quota counts along."""
    found = _desk(request.user, round_id, level, unit_id)
    waiting, passed = _at(found, request.user)
    form = SendForm(request.POST or None, waiting=waiting)
    if form.is_valid() and _sent(request, found, form):
        return redirect("assessments:application-desk", round_id, level, unit_id)
    context = {"desk": found, "waiting": waiting, "passed": passed, "form": form}
    quota = quota_at(found.round.frozen, found.level)
    context |= {"quota": list(quota_words(vars(quota))), "tally": tally(found, form.ticked)}
    return render(request, "assessments/application_desk.html", context)


def _sent(request, found, form):
    picked, reason = form.picked, form.cleaned_data["reason"]
    done = carried_out(form, send_up, found, picked, reason, actor=request.user)
    if done:
        messages.success(request, f"已推荐 {len(picked)} 份，送到{found.next_name or '评审'}。")
    return done


def _at(found, user):
    """What waits at the desk for this person, who has nothing to do with it, and what has passed it."""
    waiting, passed = at_desk(found)
    others = set(of_others(found.round.applications.all(), user).values_list("pk", flat=True))
    return [row for row in waiting if row.pk in others], passed


@require_safe
def meter(request, round_id, level, unit_id):
    """How the quota stands with what is ticked now."""
    found = _desk(request.user, round_id, level, unit_id)
    waiting, _ = _at(found, request.user)
    chosen = SendForm(request.GET, waiting=waiting).ticked
    return render(request, "assessments/_application_meter.html", {"desk": found, "tally": tally(found, chosen)})


@require_POST
def export(request, round_id, level, unit_id):
    found = _desk(request.user, round_id, level, unit_id)
    content = lists.workbook(found)
    audit.record("application.exported", found.round, actor=request.user, unit=found.unit)
    return workbook_response(content, f"{found.round}推荐名单")
