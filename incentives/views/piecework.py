"""Work points: the teams in reach, a team's month, and a day of it, on which they are entered and checked."""

import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incentives.forms.piecework import PieceGridForm
from incentives.models import PieceRecord
from incentives.piecework import selectors, tables
from incentives.services import piecework
from teams import audit, periods
from teams.access import access_of, require, team_for
from teams.actions import carried_out, carry_out
from teams.downloads import workbook_of, workbook_response
from teams.errors import TeamError
from teams.figures import short_text, whole_number
from teams.forms import ReasonForm
from teams.selectors import page_of
from teams.switches import team_month_switch

RIGHTS = {"enter": "piece.enter", "check": "piece.check", "export": "piece.export"}


@require_safe
def current(request):
    """The month of the own team, or a list of the teams in reach."""
    require(request.user, "piece.view")
    teams, period = access_of(request.user).teams("piece.view").select_related("unit"), periods.current_period()
    page = page_of(teams.order_by("unit__name", "name"), request)
    if page.paginator.count == 1:
        return redirect("incentives:piecework", page[0].pk, period)
    standing = selectors.standing_of_teams(list(page), period)
    context = {"page": page, "rows": [(team, standing.get(team.pk)) for team in page], "period": period}
    context["sees_bonus"] = access_of(request.user).has("bonus.view")
    return render(request, "incentives/piecework_list.html", context)


def _may(user, team):
    return {name: access_of(user).on_team(capability, team) for name, capability in RIGHTS.items()}


@require_safe
def month(request, team_id, period):
    team = team_for(request.user, team_id, "piece.view")
    teams = access_of(request.user).teams("piece.view").select_related("unit")
    context = {
        "team": team,
        "period": period,
        "table": selectors.month_table(team, period),
        "days": selectors.days_of(team, period),
        "is_open": selectors.is_open(team, period),
        "priced": selectors.items_for(team).exists(),
        "may": _may(request.user, team),
        "today": timezone.localdate(),
        "switch": team_month_switch("incentives:piecework", team, period, teams),
    }
    return render(request, "incentives/piecework.html", context)


@require_POST
def export(request, team_id, period):
    team = team_for(request.user, team_id, "piece.export")
    sheets = tables.month_sheets(team, period)
    audit.record("piece.exported", team, actor=request.user, unit=team.unit, after={"period": period})
    return workbook_response(workbook_of(*sheets), f"{team}{periods.label(period)}工分表")


@require_http_methods(["GET", "HEAD", "POST"])
def day(request, team_id, date):
    team = team_for(request.user, team_id, "piece.enter" if request.method == "POST" else "piece.view")
    if date > timezone.localdate():
        raise Http404
    form = _grid(request.POST if request.method == "POST" else None, team, date)
    if request.method == "POST" and form.is_valid() and carried_out(form, _enter, request, team, date, form):
        return redirect("incentives:piecework-day", team.pk, date)
    return render(request, "incentives/piecework_day.html", _day_context(request, team, date, form))


def _grid(data, team, date):
    period = selectors.counting_month(team, date)
    live = selectors.records_on(team, date).filter(state__in=PieceRecord.LIVE, undoes__isnull=True)
    known = {
        (row.user_id, row.item_id): f"已登记 {row.quantity_text}"
        for row in live
        if row.state == PieceRecord.State.PROPOSED or row.period == period
    }
    members, items = list(selectors.members_on(team, date)), list(selectors.items_for(team))
    return PieceGridForm(data, members=members, items=items, known=known)


def _enter(request, team, date, form):
    said = form.cleaned_data
    records = piecework.enter(team, date, said["quantities"], note=said["note"], actor=request.user)
    points, period = short_text(sum(record.points for record in records)), records[0].period
    late = f"那个月的奖金已经提交，计入{periods.label(period)}。" if records[0].is_late else ""
    messages.success(request, f"已登记 {len(records)} 条，共 {points} 分，等别人验收。{late}")


def _day_context(request, team, date, form):
    records, user, may = list(selectors.records_on(team, date)), request.user, _may(request.user, team)
    waiting = [row for row in records if row.state == PieceRecord.State.PROPOSED]
    own = period = periods.period_of(date)
    if may["enter"]:
        period = selectors.counting_month(team, date)
    return {
        "team": team,
        "date": date,
        "period": own,
        "counts_in": period if period != own else None,
        "earlier": date - datetime.timedelta(days=1),
        "later": date + datetime.timedelta(days=1) if date < timezone.localdate() else None,
        "records": records,
        "checkable": {row.pk for row in waiting if may["check"] and user.pk not in (row.proposed_by_id, row.user_id)},
        "form": form,
        "by_person": request.GET.get("by") == "person",
        "may": may,
    }


@require_POST
def accept(request, team_id, date):
    team = team_for(request.user, team_id, "piece.check")
    ids = [whole_number(text) for text in request.POST.getlist("record")]
    back = ("incentives:piecework-day", [team.pk, date])
    return carry_out(request, f"已验收 {len(ids)} 条。", back, piecework.accept, team, ids)


@require_POST
def void(request, record_id):
    record = get_object_or_404(PieceRecord.objects.select_related("team__unit", "user", "item"), pk=record_id)
    team, form = team_for(request.user, record.team_id, "piece.check"), ReasonForm(request.POST)
    if form.is_valid():
        _void(request, record, form.cleaned_data["reason"])
    else:
        messages.error(request, form.errors["reason"][0])
    return redirect("incentives:piecework-day", team.pk, record.date)


def _void(request, record, reason):
    try:
        undoing = piecework.void(record, reason, actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return
    month = undoing and periods.label(undoing.period)
    late = f"奖金已按它分过，在{month}冲减 {short_text(record.points)} 分，等别人验收。"
    messages.success(request, late if undoing else "已作废，不计工分。")
