"""Distributions: draft, approve, post, publish."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments import selectors as assessment
from bulletins.selectors import boards_of
from incentives import selectors
from incentives.errors import StaleState
from incentives.explain import explain as explained
from incentives.models import Distribution, DistributionLine
from incentives.progress import CAPABILITY, next_after, progress_of
from incentives.rules import formula, percent, read_rule
from incentives.services import approvals, distributions, publishing
from teams import periods
from teams.access import access_of, require, team_for
from teams.actions import carry_out, carry_out_with_reason
from teams.switches import month_links, team_month_switch


@require_safe
def month_list(request, period=None):
    """Every team in reach with its pool and how far its distribution is."""
    require(request.user, "bonus.view")
    period = period or periods.shift(periods.current_period(), -1)
    teams = list(access_of(request.user).teams("bonus.view").select_related("unit"))
    rows = progress_of(teams, [period])
    return render(
        request,
        "incentives/month_list.html",
        {
            "period": period,
            "rows": rows,
            "total": sum(row.pool.amount for row in rows if row.pool),
            "pool_units": access_of(request.user).units("bonus.pool").filter(teams__isnull=False).distinct(),
            "months": month_links(period, lambda month: reverse("incentives:month", args=[month])),
        },
    )


@require_safe
def distribution(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.view")
    found = selectors.distribution_of(team, period)
    score = assessment.team_score(team, period)
    lines = list(found.lines.select_related("user")) if found else []
    context = {
        "team": team,
        "period": period,
        "pool": selectors.pools_of([team], period).get(team.pk),
        "distribution": found,
        "lines": lines,
        "levelled": any(line.levelled for line in lines),
        "parts": _parts(found) if found else [],
        "closed": bool(score) and score.close.state == "closed",
        "boards": boards_of(team, period),
        "own_draft": bool(found) and found.drafted_by_id == request.user.pk,
    }
    return render(request, "incentives/distribution.html", context | _surroundings(request.user, team, period))


def _surroundings(user, team, period):
    """What the person may do here, where the team stands, and where to go on."""
    access = access_of(user)
    teams = list(access.teams("bonus.view").select_related("unit"))
    rows = progress_of(teams if team in teams else [*teams, team], [period])
    progress = next((row for row in rows if row.team == team), None)
    return {
        "may": {step: access.on_team(capability, team) for step, capability in CAPABILITY.items()},
        "progress": progress,
        "onward": progress and next_after(progress, rows, user, access),
        "switch": team_month_switch("incentives:distribution", team, period, teams),
    }


def _parts(found):
    rule = read_rule(found.rule_version.definition)
    return [
        {
            "key": part.key,
            "name": rule.names[part.key],
            "formula": formula(rule, part),
            "percent": percent(rule, part),
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
    "approve": ("bonus.approve", approvals.approve, "分配已批准。"),
    "post": ("bonus.post", approvals.post, "奖金已入账。"),
}


@require_POST
def step(request, team_id, period, verb):
    if verb not in STEPS:
        raise Http404
    capability, service, done = STEPS[verb]
    team = team_for(request.user, team_id, capability)
    return carry_out(
        request, done, ("incentives:distribution", [team.pk, period]), _as_seen(request, service), team, period
    )


def _as_seen(request, service):
    """The service for the distribution of a team's month, and only for the one that the page showed."""

    def deed(team, period, *reason, actor):
        found = selectors.distribution_of(team, period)
        if found is None:
            raise StaleState("这份分配刚刚被撤掉了，等班组长重新拟定后再办。")
        service(found, *reason, actor=actor, seen=request.POST.get("seen", ""))

    return deed


@require_POST
def send_back(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.approve")
    back, service = ("incentives:distribution", [team.pk, period]), _as_seen(request, approvals.return_draft)
    return carry_out_with_reason(request, "已退回班组长，等他重新拟定。", back, service, team, period)


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
