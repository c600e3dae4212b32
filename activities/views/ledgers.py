"""Activities to take away: the workbook of a list, and a team's ledger (台账) of a month for printing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from activities import ledgers, records
from activities.forms.lists import ActivityFilterForm
from teams import audit
from teams.access import home_unit, team_for
from teams.actions import first_errors
from teams.downloads import workbook, workbook_response
from teams.switches import month_links


@require_POST
def export(request):
    """What the list shows with these filters; with one kind chosen each of its fields has a column."""
    form = ActivityFilterForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, first_errors(form))
        return redirect("activities:activities")
    rows = records.listed(request.user, **form.cleaned_data)
    if rows.count() > ledgers.MOST_EXPORTED:
        messages.error(request, f"一次最多导出 {ledgers.MOST_EXPORTED} 条，请先选月份或种类再导出。")
        return redirect("activities:activities")
    headers, cells = ledgers.table_of(ledgers.whole(rows), form.cleaned_data["kind"])
    subject, unit = request.user, home_unit(request.user)
    audit.record("activity.exported", subject, actor=request.user, unit=unit, after={"rows": len(cells)})
    return workbook_response(workbook("活动记录", headers, cells), f"活动记录 {timezone.localdate()}")


@require_safe
def month(request, team_id, period):
    team = team_for(request.user, team_id, "team.view")
    rows = ledgers.month_of(request.user, team, period)
    values = records.shown_values(rows)
    for row in rows:
        row.shown = values[row.pk]
    context = {"team": team, "period": period, "rows": rows, "counts": ledgers.counts_of(rows)}
    context["months"] = month_links(period, lambda month: reverse("activities:activity-month", args=[team.pk, month]))
    return render(request, "activities/activity_month.html", context)
