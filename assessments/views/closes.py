"""The monthly close of a unit, and the scores of a team."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import selectors, tasks
from assessments.forms import ConditionsForm
from assessments.models import Category, MonthClose, NotApplicable, Veto
from assessments.services import checks, closes
from teams import periods
from teams.access import access_of, team_for, unit_for
from teams.actions import carry_out, carry_out_with_reason
from teams.errors import TeamError
from teams.switches import month_links, team_month_switch, unit_month_switch


@require_safe
def close_list(request, period=None):
    """Every unit with teams in reach and how far its month is."""
    period = period or periods.shift(periods.current_period(), -1)
    reach = set(access_of(request.user).unit_ids("team.view"))
    units = [unit for unit in closes.units_with_teams(period) if unit.pk in reach]
    found = {close.unit_id: close for close in MonthClose.objects.filter(unit__in=units, period=period)}
    return render(
        request,
        "assessments/close_list.html",
        {
            "period": period,
            "rows": [(unit, found.get(unit.pk)) for unit in units],
            "months": month_links(period, lambda month: reverse("assessments:close-list", args=[month])),
        },
    )


@require_safe
def close_detail(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "team.view")
    return render(request, "assessments/close_detail.html", _close_context(request, unit, period))


@require_safe
def close_progress(request, unit_id, period):
    """The live part of the page while a worker computes; asks to reload the page when it is done."""
    unit = unit_for(request.user, unit_id, "team.view")
    context = _close_context(request, unit, period)
    response = render(request, "assessments/_close_progress.html", context)
    if not context["working"]:
        response["HX-Refresh"] = "true"
    return response


def _close_context(request, unit, period):
    close = MonthClose.objects.filter(unit=unit, period=period).select_related("version__standard").first()
    can_close = access_of(request.user).on_unit("month.close", unit.pk)
    opened = close is None or close.state in (MonthClose.State.OPEN, MonthClose.State.COMPUTED)
    done = can_close and bool(close) and close.state == MonthClose.State.CLOSED
    units = [
        other for other in closes.units_with_teams(period) if access_of(request.user).on_unit("team.view", other.pk)
    ]
    return {
        "unit": unit,
        "period": period,
        "close": close,
        "working": bool(close) and close.job in (MonthClose.Job.QUEUED, MonthClose.Job.RUNNING),
        "scores": close.team_scores.select_related("team").order_by("rank", "team__position") if close else [],
        "obstacles": closes.obstacles(unit, period) if opened else [],
        "can_close": can_close,
        "opened": opened,
        "done": done,
        "next_unit": _next_open(request.user, unit, units, period) if done else None,
        "switch": unit_month_switch("assessments:close", unit, period, units),
    }


def _next_open(user, unit, units, period):
    """The unit after this one, round the list, whose month the person still has to close; or None."""
    closed = set(MonthClose.objects.filter(period=period, state="closed").values_list("unit_id", flat=True))
    here = units.index(unit) if unit in units else 0
    waiting = [other for other in units[here:] + units[:here] if other.pk not in closed]
    return next((other for other in waiting if access_of(user).on_unit("month.close", other.pk)), None)


@require_POST
def compute(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "month.close")
    close = closes.close_of(unit, period)
    try:
        closes.request_computation(close, actor=request.user)
        tasks.wake(close.pk)
    except TeamError as error:
        messages.error(request, str(error))
    return redirect("assessments:close", unit.pk, period)


STEPS = {
    "confirm": (closes.confirm, "得分已确认，本月不能再登记新的记录。"),
    "take-back": (closes.take_back, "已取消确认，可以改正后重新计算。"),
    "finish": (closes.finish, "已关账。得分从此不再变动，可以分配奖金了。"),
}


@require_POST
def step(request, unit_id, period, verb):
    unit = unit_for(request.user, unit_id, "month.close")
    if verb not in STEPS:
        raise Http404
    close = get_object_or_404(MonthClose.objects.select_related("unit", "version"), unit=unit, period=period)
    service, done = STEPS[verb]
    back, seen = ("assessments:close", [unit.pk, period]), request.POST.get("seen", "")
    return carry_out(request, done, back, service, close, seen=seen)


@require_safe
def current_score(request):
    """The own team's score of this month, or of the first team in reach."""
    team = access_of(request.user).teams("team.view").first()
    if team is None:
        raise Http404
    return redirect("assessments:score", team.pk, periods.current_period())


@require_safe
def team_score(request, team_id, period):
    team = team_for(request.user, team_id, "team.view")
    access = access_of(request.user)
    score = selectors.team_score(team, period)
    return render(
        request,
        "assessments/team_score.html",
        {
            "team": team,
            "period": period,
            "score": score,
            "rivals": score.close.team_scores.count() if score else 0,
            "categories": _categories(score) if score else [],
            "members": selectors.member_scores(score.close, team) if score else [],
            "can_condition": access.on_team("month.close", team),
            "switch": team_month_switch(
                "assessments:score", team, period, access.teams("team.view").select_related("unit")
            ),
        },
    )


def _categories(score):
    """Category rows with their names and the percentage kept."""
    names = dict(Category.objects.filter(version=score.close.version).values_list("number", "name"))
    return [row | {"name": names[row["number"]], "lost": row["applicable"] - row["kept"]} for row in score.categories]


@require_http_methods(["GET", "HEAD", "POST"])
def conditions(request, team_id, period):
    """Criteria that do not apply, and vetoes, of a team's month."""
    team = team_for(request.user, team_id, "month.close")
    version = selectors.version_for(team.unit, period)
    if version is None:
        messages.error(request, f"{periods.label(period)}没有执行中的考核标准，请先启用一个。")
        return redirect("assessments:standards")
    declared = NotApplicable.objects.filter(team=team, period=period).values_list("criterion_id", flat=True)
    form = ConditionsForm(request.POST or None, version=version, initial={"criteria": list(declared)})
    if request.method == "POST" and form.is_valid():
        chosen, back = list(form.cleaned_data["criteria"]), ("assessments:conditions", [team.pk, period])
        return carry_out(request, "不适用小项已保存。", back, checks.set_not_applicable, team, period, chosen)
    context = {"team": team, "period": period, "form": form, "version": version}
    context["vetoes"] = Veto.objects.filter(team=team, period=period).select_related("recorded_by")
    return render(request, "assessments/conditions.html", context)


@require_POST
def veto_add(request, team_id, period):
    team = team_for(request.user, team_id, "month.close")
    back = ("assessments:conditions", [team.pk, period])
    return carry_out_with_reason(request, "一票否决已登记。", back, checks.add_veto, team, period)


@require_POST
def veto_remove(request, veto_id):
    veto = get_object_or_404(Veto.objects.select_related("team__unit"), pk=veto_id)
    team = team_for(request.user, veto.team_id, "month.close")
    return carry_out(
        request, "一票否决已撤销。", ("assessments:conditions", [team.pk, veto.period]), checks.remove_veto, veto
    )
