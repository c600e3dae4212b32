"""Distributions: draft, approve, post, publish."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from assessments import selectors as assessment
from bulletins.models import Bulletin
from bulletins.objections.entrances import entrance_to
from bulletins.objections.lists import number_open
from bulletins.selectors import boards_of
from incentives import selectors
from incentives.errors import StaleState
from incentives.explain import explain as explained
from incentives.forms.sign_offs import SettleForm
from incentives.inputs import work_points
from incentives.models import Distribution, DistributionLine
from incentives.pay import columns_beside, exclusions_of
from incentives.piecework.selectors import items_for
from incentives.progress import CAPABILITY, next_after, progress_of
from incentives.remedies import righted_behind
from incentives.rules.definition import formula, percent, read_rule
from incentives.services import approvals, distributions, publishing
from incentives.step_line import step_line
from incentives.votes import votes_of, words_of
from teams.access import access_of, team_for
from teams.actions import carry_out, carry_out_with_reason, turned_back
from teams.switches import team_month_switch


@require_safe
def distribution(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.view")
    found, boards = selectors.distribution_of(team, period), boards_of(team, period)
    context = {
        "team": team,
        "period": period,
        "pool": selectors.pools_of([team], period).get(team.pk),
        "distribution": found,
        "boards": boards,
        **(_contents(found, request.user) if found else {}),
        **_surroundings(request.user, team, period),
    }
    context["steps"] = step_line(context["progress"], context.get("votes"), boards)
    return render(request, "incentives/distribution.html", context)


def _contents(found, user):
    words = words_of(found)
    lines = [word.line for word in words]
    return {
        "lines": lines,
        "words": words,
        "votes": votes_of([found.pk])[found.pk],
        "unsigned": any(word.line.user_id == user.pk and word.sign_off is None for word in words),
        "levelled": any(line.levelled for line in lines),
        "beside": columns_beside(found, lines),
        "points": work_points(found, lines),
        "exclusions": exclusions_of(found.team, found.period),
        "payable": sum(line.payable for line in lines),
        "parts": _parts(found),
        "own": user.pk in (found.drafted_by_id, found.proposed_by_id),
        "settle_form": SettleForm(),
    }


def _surroundings(user, team, period):
    """What the person may do here, where the team stands, and where to go on."""
    access = access_of(user)
    teams = list(access.teams("bonus.view", period).select_related("unit"))
    rows = progress_of(teams if team in teams else [*teams, team], [period])
    progress, score = next((row for row in rows if row.team == team), None), assessment.team_score(team, period)
    return {
        "closed": bool(score) and score.close.state == "closed",
        "may": {step: access.on_team(capability, team) for step, capability in CAPABILITY.items()},
        "progress": progress,
        "disputes": number_open(Bulletin.Kind.BONUS, period, [team]).get(team.pk, 0),
        "priced": items_for(team).exists(),
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
    return carry_out(request, "分配已拟好。看过各人的金额，再提交。", back, distributions.draft, team, period)


STEPS = {
    "propose": ("bonus.draft", approvals.propose, "分配已提交，组员看得到了。要会签的先会签，再由单位负责人批准。"),
    "withdraw": ("bonus.draft", approvals.withdraw, "分配已撤回，可以重新拟定，或者再提交。"),
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
        request, done, ("incentives:distribution", [team.pk, period]), as_seen(request, service), team, period
    )


def as_seen(request, service):
    """The service for the distribution of a team's month, and only for the one that the page showed."""

    def deed(team, period, *args, actor, **named):
        found = selectors.distribution_of(team, period)
        if found is None:
            raise StaleState("这份分配刚刚被撤掉了，等班组长重新拟定后再办。")
        service(found, *args, actor=actor, seen=request.POST.get("seen", ""), **named)

    return deed


@require_POST
def send_back(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.approve")
    back, service = ("incentives:distribution", [team.pk, period]), as_seen(request, approvals.return_draft)
    return carry_out_with_reason(request, "已退回班组长，等他重新拟定。", back, service, team, period)


@require_POST
def settle(request, team_id, period):
    team = team_for(request.user, team_id, "bonus.settle")
    back, form = ("incentives:distribution", [team.pk, period]), SettleForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, back)
    done = "已登记发放，各人应得的钱已经付清。"
    return carry_out(request, done, back, as_seen(request, approvals.settle), team, period, **form.cleaned_data)


@require_POST
def publish(request, team_id, period):
    team = team_for(request.user, team_id, "board.publish")
    back = ("incentives:distribution", [team.pk, period])
    done = "考核得分榜、考勤表、绩效奖金表已张榜公布。"
    return carry_out(request, done, back, publishing.publish_month, team, period)


@require_safe
def explain(request, line_id):
    """“这个数怎么来的”: for the person of a line that was proposed, and for those who handle the team's bonus."""
    line = get_object_or_404(
        DistributionLine.objects.select_related(
            "user", "distribution__team__unit", "distribution__rule_version", "distribution__close__version__standard"
        ),
        pk=line_id,
    )
    own = line.user_id == request.user.pk
    shown = line.distribution.state in Distribution.SHOWN
    if not (own and shown) and not access_of(request.user).on_team("bonus.view", line.distribution.team):
        raise Http404
    context = {
        "explanation": explained(line),
        "line": line,
        "own": own,
        "entrance": own and entrance_of(request.user, line),
        "righted": righted_behind(request.user, line),
    }
    return render(request, "incentives/explain.html", context)


def entrance_of(user, line):
    """How the person of a line objects to it."""
    found = line.distribution
    return entrance_to(user, Bulletin.Kind.BONUS, found.team, found.period, "amount")
