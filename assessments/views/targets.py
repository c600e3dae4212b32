"""The target grade of a team: how far it is, which items lose the points, and the way to measures."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import selectors, targets
from teams import periods
from teams.access import access_of, team_for
from teams.figures import short_text
from teams.switches import team_month_switch


@require_safe
def target(request, team_id, period):
    team = team_for(request.user, team_id, "team.view")
    score = selectors.team_score(team, period)
    teams = access_of(request.user).teams("team.view").select_related("unit")
    context = {
        "team": team,
        "period": period,
        "score": score,
        "is_over": bool(score) and score.close.state in selectors.SETTLED,
        "goal": targets.goal_to_measure(request.user, team),
        "may_set": access_of(request.user).on_team("goal.manage", team),
        "switch": team_month_switch("assessments:target", team, period, teams),
    }
    return render(
        request,
        "assessments/target.html",
        context | (_gap(request, team, score) if score else {"why_none": selectors.why_no_score(team.unit, period)}),
    )


def _gap(request, team, score):
    """The target that was asked for, what is missing to it, and the items by which points are lost."""
    options = targets.targets_of(score.close.version)
    chosen = targets.chosen_in(options, score.score, request.GET.get("grade", ""))
    missing = max(chosen.least - score.score, 0) if chosen else 0
    return {
        "options": options,
        "chosen": chosen,
        "missing": missing,
        "losses": targets.losses_in(score.lines, missing),
        "goal_address": chosen and _goal_address(team, chosen, score),
    }


def _goal_address(team, chosen, score):
    """The form of a goal with the target filled in."""
    first = {"title": f"{periods.label(score.period)}以后稳定在{chosen.name}", "figure": "score", "measure": "月度得分"}
    first |= {"measured_in": "分", "target": short_text(chosen.least), "baseline": short_text(score.score)}
    return f"{reverse('activities:goal-team', args=[team.pk])}?{urlencode(first)}"
