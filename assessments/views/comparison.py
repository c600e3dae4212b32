"""The comparison of a team with others (对标)."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import selectors, targets
from assessments.comparison.reports import NOTE, Scope, report
from assessments.comparison.sheets import workbook_sheets
from assessments.forms.comparison import ComparisonForm
from teams import audit, periods
from teams.access import access_of, team_for, usual_team
from teams.downloads import workbook_of, workbook_response
from teams.switches import team_month_switch


@require_safe
def current(request):
    """The own team, or the first in reach, in the month before this one: that is the last that can be closed."""
    team = usual_team(request.user)
    return redirect("assessments:comparison", team.pk, periods.shift(periods.current_period(), -1))


@require_safe
def overview(request, team_id, period):
    team = team_for(request.user, team_id, "team.view")
    scope = Scope(request.user, team, period)
    form = ComparisonForm(request.GET, teams=scope.others)
    other, months = form.chosen
    access = access_of(request.user)
    teams = access.teams("team.view").select_related("unit")
    context = {"team": team, "period": period, "form": form, "note": NOTE, "other": other}
    context |= {"report": report(scope, other, months), "gap_months": months}
    context |= {
        "can_analyse": access.on_team("check.analyse", team),
        "goal": targets.goal_to_measure(request.user, team),
    }
    context |= {"switch": team_month_switch("assessments:comparison", team, period, teams)}
    if not context["report"]["month"]["own"]:
        context["why_none"] = selectors.why_no_score(team.unit, period)
    return render(request, "assessments/comparison.html", context)


@require_POST
def export(request, team_id, period):
    """The tables of the comparison as a workbook; leaves a trail."""
    team = team_for(request.user, team_id, "team.view")
    scope = Scope(request.user, team, period)
    other, months = ComparisonForm(request.POST, teams=scope.others).chosen
    sheets = workbook_sheets(report(scope, other, months))
    facts = {"period": period, "months": months, "other": str(other or "")}
    audit.record("comparison.exported", team, actor=request.user, unit=team.unit, after=facts)
    return workbook_response(workbook_of(*sheets), f"{team}{periods.label(period)}对标")
