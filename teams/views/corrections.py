"""Corrections of an approved attendance month: proposed, decided, and where they count."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams import periods, selectors
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out, carry_out_with_reason
from teams.forms.attendance import CorrectionForm
from teams.models import AttendanceCorrection, AttendanceMonth
from teams.services import corrections
from teams.switches import team_month_switch


@require_http_methods(["GET", "HEAD", "POST"])
def correction_list(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.correct" if request.method == "POST" else "team.view")
    form = CorrectionForm(request.POST or None, members=selectors.members_during(team, period), period=period)
    if request.method == "POST" and form.is_valid() and _proposed(request, form, team):
        return redirect("teams:corrections", team.pk, period)
    return render(request, "teams/corrections.html", {"form": form, **_context(request, team, period)})


def _context(request, team, period):
    access = access_of(request.user)
    teams = access.teams("team.view", period).select_related("unit")
    approved = AttendanceMonth.objects.filter(team=team, period=period, state=AttendanceMonth.State.APPROVED).exists()
    return {
        "team": team,
        "period": period,
        "approved": approved,
        "of_month": selectors.corrections_of(team, period),
        "into_month": selectors.corrections_into(team, period),
        "can_propose": approved and access.on_team("attendance.correct", team),
        "can_decide": access.on_team("attendance.approve", team),
        "switch": team_month_switch("teams:corrections", team, period, teams),
    }


def _proposed(request, form, team):
    """Propose what the form says; whether that was possible."""
    wanted = form.cleaned_data
    what = {"new_code": wanted["code"], "hours": wanted["hours"], "reason": wanted["reason"], "actor": request.user}
    if not carried_out(form, corrections.propose, team, wanted["person"], wanted["date"], **what):
        return False
    messages.success(request, "已提出，等单位负责人审批；批准后计入下一个还没审批的月份。")
    return True


STEPS = {
    "approve": ("attendance.approve", corrections.approve, "已批准，计入下一个还没审批的月份。"),
    "withdraw": ("attendance.correct", corrections.withdraw, "已撤回。"),
}


@require_POST
def step(request, correction_id, verb):
    if verb not in STEPS:
        raise Http404
    capability, service, done = STEPS[verb]
    correction, back = _correction(request, correction_id, capability)
    return carry_out(request, done, back, service, correction)


@require_POST
def refuse(request, correction_id):
    correction, back = _correction(request, correction_id, "attendance.approve")
    return carry_out_with_reason(request, "没有批准，考勤不变。", back, corrections.refuse, correction)


def _correction(request, pk, capability):
    """The correction, if the person may do that in its team, and the page to go back to."""
    found = get_object_or_404(AttendanceCorrection.objects.select_related("team__unit", "user"), pk=pk)
    team = team_for(request.user, found.team_id, capability)
    return found, ("teams:corrections", [team.pk, periods.period_of(found.date)])
