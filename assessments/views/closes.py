"""The monthly close of a unit: what is missing, the scores to look through, and its steps."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import company_close, review, tasks
from assessments.models import MonthClose
from assessments.services import closes
from teams import periods
from teams.access import access_of, unit_for
from teams.actions import carry_out
from teams.errors import TeamError
from teams.switches import unit_month_switch

WHO = ("version__standard__unit", "confirmed_by", "closed_by")


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
    close = MonthClose.objects.filter(unit=unit, period=period).select_related(*WHO).defer("inputs").first()
    can_close = access_of(request.user).on_unit("month.close", unit.pk)
    opened = close is None or close.state in (MonthClose.State.OPEN, MonthClose.State.COMPUTED)
    done = can_close and bool(close) and close.state == MonthClose.State.CLOSED
    units = [
        other for other in closes.units_with_teams(period) if access_of(request.user).on_unit("team.view", other.pk)
    ]
    lacks = company_close.lacks_of([unit], period)[unit.pk] if opened else []
    return {
        "unit": unit,
        "period": period,
        "close": close,
        "working": bool(close) and close.job in company_close.WORKING,
        "forgotten": bool(close) and close.job == MonthClose.Job.QUEUED and closes.is_forgotten(close),
        "never_begun": bool(close) and close.job == MonthClose.Job.FAILED and not close.attempts,
        "overtaken": can_close and bool(close) and bool(closes.overtaken([close])),
        "redone_in_vain": bool(close)
        and close.state == MonthClose.State.COMPUTED
        and close.job == MonthClose.Job.FAILED,
        "lacks": lacks,
        "obstacles": any(lack.is_must for lack in lacks),
        "can_close": can_close,
        "opened": opened,
        "done": done,
        "next_unit": _next_open(request.user, unit, units, period) if done else None,
        "switch": unit_month_switch("assessments:close", unit, period, units),
        **(_review(close) if close else {}),
    }


def _review(close):
    rows, members = review.review_of(close), review.members_of(close)
    return {
        "rows": rows,
        "questions": [row for row in rows if row.questions],
        "late": review.late_facts([row.score for row in rows], members),
        "losses": review.largest_losses(members),
        "last_month": periods.shift(close.period, -1),
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
