"""A month's bonuses: every team in reach with its pool and how far its distribution is, and what that comes to."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from incentives.forms.pools import MonthForm
from incentives.month_overview import narrowed, sheets_of, sums_of
from incentives.pools.rows import brought_in, rows_of
from incentives.progress import LABELS, progress_of
from incentives.settlements import settled_by, waiting
from incentives.spending.budgets import spending_of
from incentives.views.pools import units_of
from teams import audit, periods
from teams.access import access_of, require
from teams.actions import first_errors
from teams.downloads import workbook_of, workbook_response
from teams.models import Unit
from teams.selectors import page_of
from teams.switches import month_links


@require_safe
def current(request):
    """The latest month that is over; those who only get a bonus are shown their own."""
    if not access_of(request.user).has("bonus.view") and access_of(request.user).has("bonus.sign"):
        return redirect("incentives:payslips")
    return month_list(request, periods.shift(periods.current_period(), -1))


@require_safe
def month_list(request, period):
    require(request.user, "bonus.view")
    form, rows, units = _asked(request.user, request.GET, period)
    sums, total = sums_of(rows)
    context = {"period": period, "form": form, "units": units, "page": page_of(rows, request), "total": total}
    context["sums"] = _with_budgets(request.user, sums, period)
    context["to_settle"] = waiting(settled_by(request.user, period)).count()
    return render(request, "incentives/month_list.html", context | _surroundings(request.user, form, period))


def _surroundings(user, form, period):
    """Where a person goes from a month: to pools and budgets, and to other months of what is asked for."""
    asked = urlencode(form.asked)
    return {
        "year": period // 100,
        "way": LABELS.values(),
        "sees_budgets": bool(access_of(user).unit_ids("bonus.view")),
        "pool_units": list(units_of(user)),
        "months": month_links(period, lambda month: f"{reverse('incentives:month', args=[month])}?{asked}".rstrip("?")),
    }


def _asked(user, data, period):
    """(the form, the rows that it asks for, the units to choose from); all rows for a form that is wrong."""
    teams = list(access_of(user).teams("bonus.view", period).select_related("unit"))
    units = list({team.unit_id: team.unit for team in teams}.values())
    form = MonthForm(data, units=Unit.objects.filter(pk__in=[unit.pk for unit in units]))
    rows = progress_of(teams, [period])
    return form, narrowed(rows, form.cleaned_data) if form.is_valid() else rows, units


def _with_budgets(user, sums, period):
    """[(UnitSums, Spending or None)]: a unit's budget is only for those who have a role in it."""
    reach = set(access_of(user).unit_ids("bonus.view"))
    seen = [row.unit.pk for row in sums if row.unit.pk in reach]
    found = spending_of(seen, period // 100) if seen else {}
    return [(row, found.get(row.unit.pk)) for row in sums]


@require_POST
def export(request, period):
    """The month as asked for, as a workbook; leaves a trail, for it names money."""
    require(request.user, "bonus.view")
    form, rows, _ = _asked(request.user, request.POST, period)
    if not form.is_valid() or not rows:
        messages.error(request, first_errors(form) or "没有符合条件的班组，没有东西可以导出。")
        return redirect("incentives:month", period)
    teams = [row.team for row in rows]
    heads = {row.team.pk: row.heads for row in rows_of(teams, period, brought_in(teams, period), {}, {})}
    facts = {"period": period, "teams": len(rows)} | form.asked
    audit.record("pools.exported", teams[0].unit, actor=request.user, unit=teams[0].unit, after=facts)
    return workbook_response(workbook_of(*sheets_of(rows, period, heads)), f"{periods.label(period)}奖金总额")
