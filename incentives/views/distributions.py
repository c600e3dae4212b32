"""Pools and distributions: set, draft, approve, post, publish."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import selectors as assessment
from bulletins.selectors import boards_of
from incentives import selectors
from incentives.explain import explain as explained
from incentives.forms import PoolsForm
from incentives.models import Distribution, DistributionLine
from incentives.rules import formula, read_rule
from incentives.services import distributions, publishing
from teams import periods
from teams.access import access_of, require, team_for, unit_for
from teams.actions import carry_out, carry_out_with_reason
from teams.errors import TeamError
from teams.switches import month_links, team_month_switch, unit_month_switch


@require_safe
def month_list(request, period=None):
    """Every team in reach with its pool and how far its distribution is."""
    require(request.user, "bonus.view")
    period = period or periods.shift(periods.current_period(), -1)
    teams = list(access_of(request.user).teams("bonus.view").select_related("unit"))
    pools, found = selectors.pools_of(teams, period), selectors.distributions_of(teams, period)
    return render(
        request,
        "incentives/month_list.html",
        {
            "period": period,
            "rows": [(team, pools.get(team.pk), found.get(team.pk)) for team in teams],
            "total": sum(pool.amount for pool in pools.values()),
            "pool_units": access_of(request.user).units("bonus.pool").filter(teams__isnull=False).distinct(),
            "months": month_links(period, lambda month: reverse("incentives:month", args=[month])),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pools(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "bonus.pool")
    teams = list(assessment.teams_in(unit, period).select_related("unit"))
    form = PoolsForm(request.POST or None, teams=teams, pools=selectors.pools_of(teams, period))
    if request.method == "POST" and form.is_valid() and _set_pools(request, form, period):
        messages.success(request, f"{periods.label(period)}的奖金总额已下达。")
        return redirect("incentives:month", period)
    units = access_of(request.user).units("bonus.pool").filter(teams__isnull=False).distinct()
    context = {"unit": unit, "period": period, "form": form}
    context["switch"] = unit_month_switch("incentives:pools", unit, period, units)
    return render(request, "incentives/pools.html", context)


def _set_pools(request, form, period):
    """All pools of the form or none of them."""
    try:
        with transaction.atomic():
            for team, amount in form.amounts():
                distributions.set_pool(team, period, amount, actor=request.user)
    except TeamError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_safe
def distribution(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.view")
    access = access_of(request.user)
    found = selectors.distribution_of(team, period)
    score = assessment.team_score(team, period)
    return render(
        request,
        "incentives/distribution.html",
        {
            "team": team,
            "period": period,
            "pool": selectors.pools_of([team], period).get(team.pk),
            "distribution": found,
            "lines": found.lines.select_related("user") if found else [],
            "parts": _parts(found) if found else [],
            "closed": bool(score) and score.close.state == "closed",
            "unit_closing": team.unit,
            "boards": boards_of(team, period),
            "may": {verb: access.on_team(f"bonus.{verb}", team) for verb in ("draft", "approve", "post")}
            | {"publish": access.on_team("board.publish", team), "pool": access.on_team("bonus.pool", team)},
            "own_draft": bool(found) and found.drafted_by_id == request.user.pk,
            "switch": team_month_switch(
                "incentives:distribution", team, period, access.teams("bonus.view").select_related("unit")
            ),
        },
    )


def _parts(found):
    rule = read_rule(found.rule_version.definition)
    return [
        {
            "key": part.key,
            "name": rule.names[part.key],
            "formula": formula(rule, part),
            "share": part.share,
            "amount": found.parts[part.key],
        }
        for part in rule.parts
    ]


@require_POST
def draft(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.draft")
    back = ("incentives:distribution", [team.pk, period])
    return carry_out(request, "分配已拟好，等待单位负责人批准。", back, distributions.draft, team, period)


STEPS = {
    "approve": ("bonus.approve", distributions.approve, "分配已批准。"),
    "post": ("bonus.post", distributions.post, "奖金已入账。"),
}


@require_POST
def step(request, team_id, period, verb):
    if verb not in STEPS:
        raise Http404
    capability, service, done = STEPS[verb]
    team = team_for(request.user, team_id, capability)
    found = get_object_or_404(Distribution.objects.select_related("team__unit"), team=team, period=period)
    return carry_out(request, done, ("incentives:distribution", [team.pk, period]), service, found)


@require_POST
def send_back(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.approve")
    found = get_object_or_404(Distribution.objects.select_related("team__unit"), team=team, period=period)
    back = ("incentives:distribution", [team.pk, period])
    return carry_out_with_reason(request, "已退回班组长。", back, distributions.return_draft, found)


@require_POST
def publish(request, team_id, period):
    team = team_for(request.user, team_id, "board.publish")
    back = ("incentives:distribution", [team.pk, period])
    done = "考核得分榜、考勤表、绩效奖金表已张榜公布。"
    return carry_out(request, done, back, publishing.publish_month, team, period)


@require_safe
def explain(request, line_id):
    """“这个数怎么来的”: for the person of a posted line, and for those who handle the team's bonus."""
    line = get_object_or_404(
        DistributionLine.objects.select_related(
            "user", "distribution__team__unit", "distribution__rule_version", "distribution__close__version__standard"
        ),
        pk=line_id,
    )
    own = line.user_id == request.user.pk
    settled = line.distribution.state == Distribution.State.POSTED
    if not (own and settled) and not access_of(request.user).on_team("bonus.view", line.distribution.team):
        raise Http404
    return render(request, "incentives/explain.html", {"explanation": explained(line), "line": line, "own": own})
