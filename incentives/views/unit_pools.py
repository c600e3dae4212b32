"""A unit's pool: tried out on the page while one types, divided over the teams, taken apart, taken back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assessments import selectors as assessment
from incentives import selectors
from incentives.errors import IncentiveError
from incentives.forms.pools import UnitPoolForm
from incentives.pools import rows as pool_rows
from incentives.pools.division import divide_pool
from incentives.services import unit_pools
from incentives.spending.budgets import spending_of
from incentives.views.pools import units_of, warn_of_budgets
from teams import periods
from teams.access import unit_for
from teams.actions import carried_out, carry_out, first_errors
from teams.figures import decimal_text, yuan_text
from teams.switches import unit_month_switch


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, unit_id, period):
    """The form beside what it would give each team; trying stores nothing."""
    unit = unit_for(request.user, unit_id, "bonus.pool")
    found = pool_rows.unit_pool_of(unit, period)
    form = UnitPoolForm(request.POST or None, initial=_initial(found))
    setting = request.POST.get("do") == "set"
    if setting and form.is_valid() and _divided(request, form, unit, period):
        return redirect("incentives:month", period)
    context = {"unit": unit, "period": period, "form": form, "unit_pool": found, "setting": setting}
    context |= _preview(unit, period, form, found) | _surroundings(request.user, unit, period)
    return render(request, "incentives/unit_pool.html", context)


def _initial(found):
    return {"amount": decimal_text(found.amount), "basis": found.basis} if found else {"basis": "score"}


def _surroundings(user, unit, period):
    year = period // 100
    switch = unit_month_switch("incentives:unit-pool", unit, period, units_of(user))
    return {"year": year, "spending": spending_of([unit.pk], year)[unit.pk], "switch": switch}


def _divided(request, form, unit, period):
    """Divide as typed, if it is still what the page showed; says so, and which budgets run out."""
    said, seen = form.cleaned_data, request.POST.get("seen", "")
    facts = {"actor": request.user, "seen": seen, "reason": said["reason"]}
    done = carried_out(form, unit_pools.divide, unit, period, said["amount"], said["basis"], **facts)
    if done:
        whole = f"{unit}{periods.label(period)}单位总额 {yuan_text(said['amount'])} 元"
        messages.success(request, f"{whole}已分到各班组。")
        warn_of_budgets(request, unit, period)
    return done


def _preview(unit, period, form, found):
    """The rows of the division: as typed when that can be read, as it was stored when nothing is typed."""
    teams = list(assessment.teams_in(unit, period).select_related("unit"))
    inputs, pools = pool_rows.brought_in(teams, period), selectors.pools_of(teams, period)
    shown = pool_rows.stored_inputs(found) if found and not form.is_bound else inputs
    context = {"stale": shown != inputs, "seen": pool_rows.seen_of(shown, pools, found)}
    teams = [team for team in teams if team.pk in shown]
    parts, problem = _parts(form, found, shown, teams, period)
    rows = pool_rows.rows_of(teams, period, shown, parts or {})
    totals = {"heads": sum(row.heads for row in rows), "before": sum(row.before or 0 for row in rows)}
    return context | {"rows": rows, "problem": problem, "totals": totals, "amount": sum(r.amount or 0 for r in rows)}


def _parts(form, found, shown, teams, period):
    """({team id: Part} or None, why there are none): nothing is said about a form that nobody has filled in yet."""
    if not form.is_bound:
        return (divide_pool(found.amount, found.basis, shown) if found else None), ""
    form.is_valid()
    typed = form.cleaned_data
    if not {"amount", "basis"} <= set(typed):
        return None, first_errors(form)
    try:
        return unit_pools.divided(typed["amount"], typed["basis"], shown, teams, period), ""
    except IncentiveError as error:
        return None, str(error)


@require_POST
def release(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "bonus.pool")
    done = "单位总额已拆开，各班组的总额不变，可以逐个改。"
    return carry_out(request, done, ("incentives:pools", [unit.pk, period]), unit_pools.release, unit, period)


@require_POST
def withdraw(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "bonus.pool")
    done = "单位总额和各班组的总额都已收回。"
    return carry_out(request, done, ("incentives:unit-pool", [unit.pk, period]), unit_pools.withdraw, unit, period)
