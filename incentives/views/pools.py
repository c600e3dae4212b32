"""Pools: what the teams of a unit have to divide in a month, typed or read from a workbook."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import selectors as assessment
from incentives import selectors
from incentives.forms.pools import PoolsForm
from incentives.pools import rows as pool_rows
from incentives.pools import sheets as pool_sheets
from incentives.services import pools
from incentives.spending.budgets import spending_of, tight_budgets
from teams import periods
from teams.access import access_of, unit_for
from teams.actions import first_errors
from teams.downloads import workbook_response
from teams.errors import TeamError
from teams.figures import decimal_text, short_text, yuan_text
from teams.forms import WorkbookForm
from teams.switches import unit_month_switch
from teams.workbooks import read_workbook


def units_of(user):
    """Open units with teams of their own whose pools the person sets."""
    return access_of(user).units("bonus.pool").filter(teams__isnull=False).distinct()


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "bonus.pool")
    teams = _teams(unit, period)
    form = PoolsForm(request.POST or None, things=teams, amounts=_amounts(teams, period))
    if request.method == "POST" and form.is_valid() and _set_pools(request, form, unit, period):
        return redirect("incentives:month", period)
    context = {"unit": unit, "period": period, "form": form} | _table(unit, teams, period, form)
    context["switch"] = unit_month_switch("incentives:pools", unit, period, units_of(request.user))
    return render(request, "incentives/pools.html", context)


def _teams(unit, period):
    return list(assessment.teams_in(unit, period).select_related("unit"))


def _amounts(teams, period):
    return {team: pool.amount for team, pool in selectors.pools_of(teams, period).items()}


def _table(unit, teams, period, form):
    """The rows of the page with their fields, the sums below, and the unit's year."""
    unit_pool = pool_rows.unit_pool_of(unit, period)
    rows = pool_rows.rows_of(teams, period, pool_rows.brought_in(teams, period))
    return {
        "rows": [(row, *form.entry(row.team)) for row in rows],
        "unit_pool": unit_pool,
        "tied": {pool.team_id for pool in unit_pool.pools.all()} if unit_pool else set(),
        "total": sum(row.amount or 0 for row in rows),
        "total_before": sum(row.before or 0 for row in rows),
        "year": period // 100,
        "spending": spending_of([unit.pk], period // 100)[unit.pk],
    }


def _set_pools(request, form, unit, period):
    """All pools of the form or none of them; says how many really changed, and which budgets run out."""
    try:
        reason = form.cleaned_data["reason"]
        given, withdrawn = pools.set_pools(form.amounts(), period, actor=request.user, reason=reason)
    except TeamError as error:
        form.add_error(None, str(error))
        return False
    counts = {"已下达": given, "收回": withdrawn, "无变化": len(form.things) - given - withdrawn}
    said = "，".join(
        f"{word} {number} 个{'班组' if word == '已下达' else ''}" for word, number in counts.items() if number
    )
    messages.success(request, f"{periods.label(period)}奖金总额：{said}。")
    warn_of_budgets(request, unit, period)
    return True


def warn_of_budgets(request, unit, period):
    """Say which budgets of the unit and those above it are nearly used up, or overdrawn."""
    for unit_named, spending in tight_budgets(unit, period // 100):
        state = "超出" if spending.is_over else "还剩"
        used = f"{unit_named} {period // 100} 年奖金预算已用 {short_text(spending.percent)}%"
        messages.warning(request, f"{used}，{state} {yuan_text(spending.room)} 元。")


@require_safe
def template(request, unit_id, period):
    """A workbook with the unit's teams to fill in."""
    unit = unit_for(request.user, unit_id, "bonus.pool")
    teams = _teams(unit, period)
    rows = pool_rows.rows_of(teams, period, pool_rows.brought_in(teams, period))
    return workbook_response(pool_sheets.template(unit, period, rows), f"{unit}{periods.label(period)}奖金总额")


@require_POST
def import_sheet(request, unit_id, period):
    """What a workbook would change, or every cell of it that is wrong; nothing is stored before it is confirmed."""
    unit = unit_for(request.user, unit_id, "bonus.pool")
    upload = WorkbookForm(request.POST, request.FILES)
    teams = _teams(unit, period)
    try:
        if not upload.is_valid():
            raise TeamError(first_errors(upload))
        read = pool_sheets.read_pools(read_workbook(upload.cleaned_data["file"]), teams, period)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect("incentives:pools", unit.pk, period)
    context = {"unit": unit, "period": period, "filename": upload.cleaned_data["file"].name}
    return render(request, "incentives/pools_preview.html", context | _preview(teams, period, *read))


def _preview(teams, period, amounts, problems):
    """The changes, and a form that sends them on to the page where pools are typed."""
    form = PoolsForm(things=teams, amounts=_amounts(teams, period))
    rows = pool_rows.rows_of(teams, period, pool_rows.brought_in(teams, period))
    found = pool_sheets.changes(rows, amounts)
    new = {team.pk: decimal_text(amounts[team.pk]) if team.pk in amounts else form.shown[team.pk] for team in teams}
    return {
        "problems": problems,
        "changes": found,
        "unchanged": len(teams) - len(found),
        "fields": [(form.name_of(team), new[team.pk], f"was-{team.pk}", form.shown[team.pk]) for team in teams],
        "total": sum(amounts.get(row.team.pk, row.amount or 0) for row in rows),
    }
