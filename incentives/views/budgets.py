"""Budgets: what the units may hand out in a year, and how much of it they have."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from incentives.forms.pools import BudgetsForm
from incentives.services.budgets import set_budgets
from incentives.spending.budgets import spending_of
from teams import periods
from teams.access import access_of, require
from teams.actions import carried_out


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, year=None):
    """The budgets of a year of all units in reach; finance sets them, managers and the union read."""
    year = year or timezone.localdate().year
    if not periods.is_period(year * 100 + 1):
        raise Http404
    kept, spending = _reach(request, year)
    amounts = {unit.pk: spending[unit.pk].budget for unit in kept}
    form = BudgetsForm(request.POST or None, things=kept, amounts=amounts)
    if request.method == "POST" and form.is_valid() and _set(request, form, year):
        return redirect("incentives:budgets", year)
    return render(request, "incentives/budgets.html", _context(request.user, year, form, spending))


def _reach(request, year):
    """(units whose budgets the person sets, {unit id: Spending} of all that the person sees); 403 without any."""
    access = access_of(request.user)
    if request.method == "POST":
        require(request.user, "bonus.pool")
    if not access.unit_ids("bonus.view"):
        raise PermissionDenied
    return list(access.units("bonus.pool")), spending_of(access.unit_ids("bonus.view"), year)


def _set(request, form, year):
    changed = []

    def save():
        changed.append(set_budgets(form.amounts(), year, actor=request.user))

    done = carried_out(form, save)
    if done:
        messages.success(request, f"{year} 年奖金预算：{changed[0]} 个单位有改动。" if changed[0] else "没有改动。")
    return done


def _context(user, year, form, spending):
    kept = {unit.pk for unit in form.things}
    units = access_of(user).units("bonus.view").select_related("parent")
    rows = [(unit, spending[unit.pk], form.entry(unit) if unit.pk in kept else None) for unit in units]
    today = timezone.localdate().year
    years = sorted({year, *range(today - 2, today + 2)}, reverse=True)
    links = [{"label": f"{y}年", "url": reverse("incentives:budgets", args=[y]), "active": y == year} for y in years]
    return {"year": year, "form": form, "rows": rows, "kept": kept, "months": links}
