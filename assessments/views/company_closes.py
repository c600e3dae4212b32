"""The close of all units in reach: who is how far, and one step with all that are ready for it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments import company_close, tasks
from assessments.models import MonthClose
from assessments.review import asked_about
from assessments.services import closes
from assessments.services.company_closes import take_step
from teams import periods
from teams.access import access_of, require
from teams.switches import month_links

STEPS = {
    "compute": ("计算", "已交给后台计算"),
    "confirm": ("确认", "已确认得分"),
    "finish": ("关账", "已关账"),
}
"""Step: (what it is called, what is said when it is done)."""
NOT_YOURS = "月结按单位看，由考核员办理，有单位职务的人看得到。自己班组的得分和名次在“得分”里看。"


@require_safe
def close_list(request, period=None):
    """Every unit with teams in reach, how far its month is and what it lacks."""
    period = period or periods.shift(periods.current_period(), -1)
    rows = company_close.rows_of(_units(request.user, period, "team.view"), period)
    own = set(access_of(request.user).unit_ids("month.close"))
    context = {"period": period, "rows": rows, "steps": _steps([row for row in rows if row.unit.pk in own])}
    context["months"] = month_links(period, lambda month: reverse("assessments:close-list", args=[month]))
    context["closed"] = sum(row.state == MonthClose.State.CLOSED for row in rows)
    return render(request, "assessments/close_list.html", context | _progress([row.close for row in rows if row.close]))


def _units(user, period, capability):
    reach = set(access_of(user).unit_ids(capability))
    if not reach:
        raise PermissionDenied(NOT_YOURS)
    return [unit for unit in closes.units_with_teams(period) if unit.pk in reach]


def _steps(rows):
    """[(step, its name, how many units are ready for it)]; nothing for whoever closes no unit."""
    return [(step, STEPS[step][0], len(company_close.parted(rows, step)[0])) for step in STEPS] if rows else []


def _progress(found):
    working = [close for close in found if close.job in company_close.WORKING]
    return {
        "working": len(working),
        "worked": company_close.worked_with(found),
        "forgotten": any(close.job == MonthClose.Job.QUEUED and closes.is_forgotten(close) for close in working),
    }


@require_safe
def close_list_progress(request, period):
    """The live part of the list while workers compute; asks to reload the page when they are done."""
    units = _units(request.user, period, "team.view")
    context = _progress(company_close.closes_of(units, period).values())
    response = render(request, "assessments/_closes_progress.html", {"period": period} | context)
    if not context["working"]:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def close_all(request, period, step):
    """What a step would do with which unit, and the step itself with those that the page showed."""
    require(request.user, "month.close")
    if step not in STEPS:
        raise Http404
    rows = company_close.rows_of(_units(request.user, period, "month.close"), period)
    if step == "compute" or (step == "confirm" and request.method != "POST"):
        rows = company_close.marked(rows, closes.overtaken([row.close for row in rows if row.close]))
    if request.method == "POST":
        return _take(request, period, step, rows)
    ready, others = company_close.parted(rows, step)
    context = {"period": period, "step": step, "name": STEPS[step][0], "ready": ready, "others": others}
    context["to_redo"] = step == "confirm" and sum(row.is_to_redo for row, _ in others)
    if step == "confirm":
        context["asked"] = asked_about([row.close for row in ready], period)
    return render(request, "assessments/close_all.html", context)


def _take(request, period, step, rows):
    shown = [row for row in rows if f"unit-{row.unit.pk}" in request.POST]
    seen = {row.unit.pk: request.POST[f"unit-{row.unit.pk}"] for row in shown}
    ready, others = company_close.parted(shown, step)
    done, refused = take_step(ready, step, actor=request.user, seen=seen)
    for close in done if step == "compute" else []:
        tasks.wake(close.pk)
    for row, why in others:
        if row.is_past(step):
            messages.info(request, f"{row.unit}{why}。")
    refused += [(row.unit, why) for row, why in others if not row.is_past(step)]
    _tell(request, step, done, refused, others)
    return redirect("assessments:close-list", period)


def _tell(request, step, done, refused, others):
    name, said = STEPS[step]
    if done:
        names = "、".join(close.unit.name for close in done)
        messages.success(request, f"{said} {len(done)} 个单位：{names}。")
    for unit, why in refused:
        messages.error(request, f"{unit.name}没有{name}：{why.rstrip('。')}。")
    if not done and not refused and not others:
        messages.error(request, f"没有可以{name}的单位，什么也没有改动。")
