"""Accounts and their statements, a unit's month of money, who got what in a year."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from incentives.forms.statements import AccountsForm, StatementForm
from incentives.services.verification import last_verification
from incentives.statements import accounts as statements
from incentives.statements import pay_year, unit_money
from incentives.statements.records import addresses_of
from teams import audit, periods
from teams.access import access_of, team_for, unit_for
from teams.downloads import workbook_of, workbook_response
from teams.selectors import page_of
from teams.switches import unit_month_switch


@require_safe
def account_list(request):
    """Every account that the person may read, with its balance; the own one first."""
    form, access = AccountsForm(request.GET), access_of(request.user)
    accounts = statements.narrowed(statements.readable(request.user), form.cleaned_data if form.is_valid() else {})
    page = page_of(statements.in_order(accounts, request.user), request)
    context = {"form": form, "page": page, "balances": statements.balances_of(page.object_list)}
    context |= {"period": periods.shift(periods.current_period(), -1), "year": periods.current_period() // 100}
    context |= {"units": access.units("bonus.view").filter(teams__isnull=False).distinct()[:MOST_LINKS]}
    context |= {"teams": access.teams("bonus.view").select_related("unit")[:MOST_LINKS]}
    context["verification"] = last_verification() if access.has("bonus.post") else None
    return render(request, "incentives/account_list.html", context)


MOST_LINKS = 12
"""A page of links to units and teams is no list of them; the others are reached by the switch."""


@require_safe
def account(request, account_id):
    found = statements.account_for(request.user, account_id)
    form = StatementForm(request.GET)
    entries = statements.entries_of(found, form.chosen)
    page = page_of(entries, request)
    context = {"account": found, "form": form, "page": page, "span": statements.span_of(form.chosen)}
    context |= {"lines": statements.lines_of(found, list(page)), "balance": statements.balances_of([found])[found.pk]}
    context["turnover"] = statements.turnover_of(found, entries)
    context["records"] = addresses_of(request.user, [entry.transaction for entry in page])
    return render(request, "incentives/account.html", context)


@require_POST
def export(request, account_id):
    """The statement as asked for, as a workbook; leaves a trail, for it names money."""
    found = statements.account_for(request.user, account_id)
    chosen = StatementForm(request.POST).chosen
    sheet = statements.sheet_of(found, statements.entries_of(found, chosen), chosen)
    facts = {name: value for name, value in chosen.items() if value}
    audit.record("statement.exported", found, actor=request.user, unit=statements.unit_of(found), after=facts)
    return workbook_response(workbook_of(sheet), f"{found}明细")


@require_safe
def unit_month(request, unit_id, period):
    """What the teams of a unit got and spent in a month."""
    unit = unit_for(request.user, unit_id, "bonus.view")
    rows, total = unit_money.rows_of(unit_money.teams_of(unit, period), period)
    units = access_of(request.user).units("bonus.view")
    context = {"unit": unit, "period": period, "rows": rows, "total": total, "columns": unit_money.COLUMNS}
    context["switch"] = unit_month_switch("incentives:unit-money", unit, period, units)
    return render(request, "incentives/unit_money.html", context)


@require_POST
def unit_month_export(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "bonus.view")
    rows, total = unit_money.rows_of(unit_money.teams_of(unit, period), period)
    audit.record("unit_money.exported", unit, actor=request.user, unit=unit, after={"period": period})
    sheet = unit_money.sheet_of(unit, period, rows, total)
    return workbook_response(workbook_of(sheet), f"{unit}{periods.label(period)}班组收支")


@require_safe
def year(request, team_id, year):
    """Who of a team got what in a year."""
    team = _team_in(request, team_id, year)
    found = pay_year.year_of(team, year)
    context = {"team": team, "year": year, "found": found, "bars": pay_year.bars_of(found)}
    context["switch"] = _switch(request.user, team, year)
    return render(request, "incentives/pay_year.html", context)


def _team_in(request, team_id, year):
    if not periods.is_period(year * 100 + 1):
        raise Http404
    return team_for(request.user, team_id, "bonus.view")


def _switch(user, team, year):
    """The teams in reach, and this year with the two before it."""
    now = periods.current_period() // 100
    teams = access_of(user).teams("bonus.view").select_related("unit")
    return {
        "teams": [
            {"label": f"{other.unit} · {other}", "url": _address(other, year), "active": other == team}
            for other in teams
        ],
        "months": [
            {"label": f"{one} 年", "url": _address(team, one), "active": one == year}
            for one in sorted({now, now - 1, now - 2, year}, reverse=True)
        ],
    }


def _address(team, year):
    return reverse("incentives:pay-year", args=[team.pk, year])


@require_POST
def year_export(request, team_id, year):
    team = _team_in(request, team_id, year)
    sheets = pay_year.sheets_of(team, year, pay_year.year_of(team, year))
    audit.record("pay_year.exported", team, actor=request.user, unit=team.unit, after={"year": year})
    return workbook_response(workbook_of(*sheets), f"{team}{year}年奖金分配")
