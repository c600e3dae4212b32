"""Substitutions of a team's month: who covered whom."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams import audit, periods, selectors, substitution_list
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out_with_reason
from teams.downloads import workbook, workbook_response
from teams.forms.watches import SubstitutionForm
from teams.models import Substitution
from teams.services import substitutions
from teams.switches import team_month_switch


@require_http_methods(["GET", "HEAD", "POST"])
def month(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.enter" if request.method == "POST" else "team.view")
    members = selectors.members_during(team, period)
    posted = request.POST if request.method == "POST" else None
    form = SubstitutionForm(posted, members=members, period=period)
    if form.is_valid() and _recorded(request, form, team):
        return redirect("teams:substitutions", team.pk, period)
    return render(request, "teams/substitutions.html", {"form": form, **_context(request, team, period, members)})


def _context(request, team, period, members):
    access = access_of(request.user)
    keeper = access.on_team("attendance.enter", team)
    rows = substitution_list.rows_of(team, period)
    return {
        "team": team,
        "period": period,
        "rows": rows,
        "times": substitution_list.times(rows),
        "can_keep": keeper,
        "can_record": keeper and bool(members) and period <= periods.current_period(),
        "switch": team_month_switch(
            "teams:substitutions", team, period, access.teams("team.view").select_related("unit")
        ),
    }


def _recorded(request, form, team):
    """Record what the form says; whether that was possible."""
    facts = form.cleaned_data
    wanted = (team, facts["date"], facts["user"], facts["covered"])
    if not carried_out(form, substitutions.record, *wanted, note=facts["note"], actor=request.user):
        return False
    messages.success(request, f"已登记：{facts['user']}补{facts['covered']}。")
    return True


@require_POST
def withdraw(request, substitution_id):
    found = get_object_or_404(Substitution.objects.select_related("team__unit", "user", "covered"), pk=substitution_id)
    team = team_for(request.user, found.team_id, "attendance.enter")
    back = ("teams:substitutions", [team.pk, periods.period_of(found.date)])
    return carry_out_with_reason(request, "已撤销，不再计数。", back, substitutions.withdraw, found)


@require_POST
def export(request, team_id, period):
    """The month as a workbook; leaves a trail, for it names people."""
    team = team_for(request.user, team_id, "attendance.enter")
    rows = substitution_list.sheet_of(team, period)
    facts = {"period": period, "rows": len(rows)}
    audit.record("substitution.exported", team, actor=request.user, unit=team.unit, after=facts)
    name = f"{team}{periods.label(period)}补位"
    return workbook_response(workbook("补位", substitution_list.HEADERS, rows), name)
