"""Scores as people live with them: of a team, of the own person; running ones on demand."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import own_scores, selectors, standing, tasks
from assessments.comparison.reports import hung
from assessments.forms.checks import ConditionsForm
from assessments.models import Category, MonthClose, NotApplicable, Veto
from assessments.services import closes
from assessments.services.conditions import SETTLED_CONDITIONS, add_veto, remove_veto, set_not_applicable
from teams import periods
from teams.access import access_of, team_for, usual_team
from teams.actions import carry_out, carry_out_with_reason
from teams.errors import TeamError
from teams.models import Team
from teams.switches import month_links, team_month_switch


@require_safe
def current_score(request):
    """The own team's score of this month, or of the first team in reach."""
    return redirect("assessments:score", usual_team(request.user).pk, periods.current_period())


@require_safe
def team_score(request, team_id, period):
    team = team_for(request.user, team_id, "team.view")
    access = access_of(request.user)
    score = selectors.team_score(team, period)
    context = {"team": team, "period": period, "score": score, **_running(team, period)}
    context["can_condition"] = access.on_team("month.close", team)
    context["is_member"] = bool(access.team_roles)
    context["switch"] = team_month_switch(
        "assessments:score", team, period, access.teams("team.view", period).select_related("unit")
    )
    context |= (
        _details(score, request.user, request.GET.get("person"))
        if score
        else {"why_none": selectors.why_no_score(team.unit, period)}
    )
    return render(request, "assessments/team_score.html", context)


def _details(score, user, asked):
    """What explains a team's score to the user, and what comes next; of the lines those that name the person `asked` for, if any.

    How much the team before has more is told as its score is: to who sees that team, and to all once its board hangs.
    """
    rows = score.close.team_scores.filter(league=score.league)
    rivals = list(rows.annotate(seen=hung(user)).values_list("rank", "score", "seen"))
    known = [(rank, points) for rank, points, seen in rivals if seen]
    version, is_vetoed = score.close.version, score.vetoed
    members = [(row, own_scores.worked_days(row)) for row in selectors.member_scores(score.close, score.team)]
    person = next((row.user for row, _ in members if str(row.user_id) == asked), None)
    return {
        "person": person,
        "lines": [line for line in score.lines if person is None or line["person"] == person.pk],
        "rivals": len(rivals),
        "categories": _categories(score),
        "members": members,
        "next_grade": None if is_vetoed else standing.next_grade(version.grades, score.score),
        "next_rank": None if is_vetoed else standing.next_rank((score.rank, score.score), known),
    }


def _categories(score):
    """Category rows with their names and the percentage kept."""
    names = dict(Category.objects.filter(version=score.close.version).values_list("number", "name"))
    return [row | {"name": names[row["number"]], "lost": row["applicable"] - row["kept"]} for row in score.categories]


def _running(team, period):
    """Whether the scores of the unit's month can be brought up to date, and whether a worker is at it."""
    close = MonthClose.objects.filter(unit=team.unit_id, period=period).defer("inputs").first()
    is_open = close is None or close.state == MonthClose.State.OPEN
    refreshing = bool(close) and is_open and closes.is_refreshing(close)
    return {
        "close": close,
        "can_refresh": is_open and closes.is_running(period) and not refreshing,
        "rests": bool(close) and not closes.can_ask_again(close),
        "refreshing": refreshing,
        "forgotten": refreshing and closes.is_forgotten(close),
    }


@require_safe
def score_progress(request, team_id, period):
    """The live part of the page while a worker refreshes; asks to reload the page when it is done."""
    team = team_for(request.user, team_id, "team.view")
    context = {"team": team, "period": period, **_running(team, period)}
    response = render(request, "assessments/_score_progress.html", context)
    if not context["refreshing"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def refresh(request, team_id, period):
    """Bring the running scores of the team's unit up to date, in a worker."""
    team = team_for(request.user, team_id, "team.view")
    try:
        closes.request_refresh(team.unit, period, actor=request.user)
        tasks.wake_refresh(team.unit_id, period)
    except TeamError as error:
        messages.error(request, str(error))
    return redirect("assessments:score", team.pk, period)


@require_safe
def own_score(request, period=None):
    """The own month: base, every record that names the person, attendance so far, and the months before."""
    period = period or periods.current_period()
    team = Team.objects.filter(pk__in=access_of(request.user).team_roles).select_related("unit").first()
    context = {
        "period": period,
        "scores": own_scores.explained(request.user, period),
        "earlier": own_scores.earlier(request.user, period),
        "own_team": team,
        "months": month_links(period, lambda month: reverse("assessments:own-score", args=[month])),
    }
    if team and not context["scores"]:
        context["why_none"] = selectors.why_no_score(team.unit, period)
    return render(request, "assessments/own_score.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def conditions(request, team_id, period):
    """Criteria that do not apply, and vetoes, of a team's month."""
    team = team_for(request.user, team_id, "month.close")
    version = selectors.version_for(team.unit, period)
    if version is None:
        messages.error(request, f"{periods.label(period)}没有执行中的考核标准，请先启用一个。")
        return redirect("assessments:standards")
    declared = dict(
        NotApplicable.objects.filter(team=team, period=period).values_list("criterion_id", "criterion__code")
    )
    form = ConditionsForm(request.POST or None, version=version, initial={"criteria": list(declared)})
    if request.method == "POST" and form.is_valid():
        return _declared(request, team, period, form.cleaned_data["criteria"])
    context = {"team": team, "period": period, "form": form, "version": version}
    context["seen"] = ",".join(declared.values())
    context["settled"] = SETTLED_CONDITIONS.get(selectors.settled_as(team, period))
    context["vetoes"] = Veto.objects.filter(team=team, period=period).select_related("recorded_by")
    return render(request, "assessments/conditions.html", context)


def _declared(request, team, period, criteria):
    seen, back = request.POST.get("seen"), ("assessments:conditions", [team.pk, period])
    codes = None if seen is None else [code for code in seen.split(",") if code]
    done = "不适用小项已保存。"
    return carry_out(request, done, back, set_not_applicable, team, period, list(criteria), seen=codes)


@require_POST
def veto_add(request, team_id, period):
    team = team_for(request.user, team_id, "month.close")
    back = ("assessments:conditions", [team.pk, period])
    return carry_out_with_reason(request, "一票否决已登记。", back, add_veto, team, period)


@require_POST
def veto_remove(request, veto_id):
    veto = get_object_or_404(Veto.objects.select_related("team__unit"), pk=veto_id)
    team = team_for(request.user, veto.team_id, "month.close")
    return carry_out(request, "一票否决已撤销。", ("assessments:conditions", [team.pk, veto.period]), remove_veto, veto)
