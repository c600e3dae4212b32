"""Pools: what the teams of a unit have to divide in a month."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments import selectors as assessment
from incentives import selectors
from incentives.forms import PoolsForm
from incentives.services import pools
from teams import periods
from teams.access import access_of, unit_for
from teams.errors import TeamError
from teams.switches import unit_month_switch


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "bonus.pool")
    teams = list(assessment.teams_in(unit, period).select_related("unit"))
    form = PoolsForm(request.POST or None, teams=teams, pools=selectors.pools_of(teams, period))
    if request.method == "POST" and form.is_valid() and _set_pools(request, form, period):
        return redirect("incentives:month", period)
    units = access_of(request.user).units("bonus.pool").filter(teams__isnull=False).distinct()
    context = {"unit": unit, "period": period, "form": form}
    context["switch"] = unit_month_switch("incentives:pools", unit, period, units)
    return render(request, "incentives/pools.html", context)


def _set_pools(request, form, period):
    """All pools of the form or none of them; says how many really changed."""
    try:
        given, withdrawn = pools.set_pools(form.amounts(), period, actor=request.user)
    except TeamError as error:
        form.add_error(None, str(error))
        return False
    counts = {"已下达": given, "收回": withdrawn, "无变化": len(form.teams) - given - withdrawn}
    said = "，".join(
        f"{word} {number} 个{'班组' if word == '已下达' else ''}" for word, number in counts.items() if number
    )
    messages.success(request, f"{periods.label(period)}奖金总额：{said}。")
    return True
