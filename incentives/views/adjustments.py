"""A team's month beside the pool: personal awards and deductions, and who takes no part."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from incentives import clause_lists, selectors
from incentives.correcting import filled_by, objection_asked, worth_of
from incentives.forms.adjustments import AdjustmentForm, EffectForm, ExclusionForm
from incentives.models import Adjustment, Distribution, Exclusion
from incentives.pay import adjustments_of, effect_of, exclusions_of
from incentives.services import adjustments, exclusions
from incentives.views.proposals import proposed
from teams import periods
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out, carry_out_with_reason
from teams.models import Membership, User
from teams.switches import team_month_switch


@require_http_methods(["GET", "HEAD", "POST"])
def month(request, team_id, period):
    team = team_for(request.user, team_id, "adjustment.propose" if request.method == "POST" else "bonus.view")
    asked = objection_asked(request.GET, team)
    form = _form(request.user, team, period, request.POST or None, request.FILES or None, objection=asked)
    if form.is_valid() and proposed(form, request, adjustments.propose, team, period, papers="evidence"):
        messages.success(
            request, f"已提出{form.cleaned_data['user']}的奖罚，等单位负责人审批（自己提的由另一位负责人批）。"
        )
        return redirect("incentives:adjustments", team.pk, period)
    return _page(request, team, period, form=form)


def _form(user, team, period, *data, objection=None):
    found = {"people": _people(user, team, period), "clauses": clause_lists.in_force(team.unit), "objection": objection}
    return AdjustmentForm(*data, **found, initial=objection and filled_by(objection))


def _members(team, period):
    there = Membership.objects.during(periods.first_day(period), periods.last_day(period)).filter(team=team)
    return User.objects.filter(pk__in=there.values("user")).order_by("employee_no"), there


def _people(user, team, period):
    """Whose awards the person may propose: nobody the own ones, only the manager those of a leader."""
    members, there = _members(team, period)
    if not access_of(user).on_team("adjustment.decide", team):
        members = members.exclude(pk__in=there.filter(role=Membership.Role.LEADER).values("user"))
    return members.exclude(pk=user.pk)


def _page(request, team, period, form=None, exclusion_form=None):
    access, found = access_of(request.user), selectors.distribution_of(team, period)
    asked = objection_asked(request.GET, team)
    proposes = access.on_team("adjustment.propose", team) and period <= periods.current_period()
    context = {
        "team": team,
        "period": period,
        "rows": adjustments_of(team, period),
        "exclusions": exclusions_of(team, period),
        "distribution": found,
        "is_open": found is None or found.state == Distribution.State.DRAFT,
        "proposes": proposes,
        "decides": access.on_team("adjustment.decide", team),
        "form": form or _form(request.user, team, period),
        "objection": asked,
        "worth": asked and worth_of(asked),
        "exclusion_form": exclusion_form or ExclusionForm(people=_members(team, period)[0], auto_id="out-%s"),
        "effect": _effect(request, team, period, found),
        "switch": team_month_switch(
            "incentives:adjustments", team, period, access.teams("bonus.view", period).select_related("unit")
        ),
    }
    return render(request, "incentives/adjustments.html", context)


def _effect(request, team, period, found):
    """What the line that is being typed does; None until it makes sense."""
    people, clauses = _people(request.user, team, period), clause_lists.in_force(team.unit)
    asked = objection_asked(request.GET, team)
    form = EffectForm(request.POST or request.GET, people=people, clauses=clauses, objection=asked)
    if "amount" not in form.data or not form.is_valid():
        return None
    user, clause, amount = form.cleaned_data["user"], form.cleaned_data["clause"], form.signed()
    shown = effect_of(found, user, amount) if found else None
    fits = clause.least <= abs(amount) <= clause.most
    return {"user": user, "amount": amount, "clause": clause, "shown": shown, "fits": fits}


STEPS = {
    "approve": ("adjustment.decide", adjustments.approve, "已批准，拟定分配时算进去。"),
    "withdraw": ("adjustment.propose", adjustments.withdraw, "已撤回。"),
}


def _found(pk):
    return get_object_or_404(Adjustment.objects.select_related("team__unit", "user", "clause", "objection"), pk=pk)


@require_POST
def step(request, adjustment_id, verb):
    if verb not in STEPS:
        raise Http404
    found, (capability, service, done) = _found(adjustment_id), STEPS[verb]
    team = team_for(request.user, found.team_id, capability)
    return carry_out(request, done, ("incentives:adjustments", [team.pk, found.period]), service, found)


@require_POST
def refuse(request, adjustment_id):
    return _with_reason(request, adjustment_id, adjustments.refuse, "没有批准，不算进分配。")


@require_POST
def revoke(request, adjustment_id):
    return _with_reason(request, adjustment_id, adjustments.revoke, "已撤销，不再算进分配。")


def _with_reason(request, adjustment_id, service, done):
    found = _found(adjustment_id)
    team = team_for(request.user, found.team_id, "adjustment.decide")
    return carry_out_with_reason(request, done, ("incentives:adjustments", [team.pk, found.period]), service, found)


@require_POST
def exclude(request, team_id, period):
    team = team_for(request.user, team_id, "adjustment.propose")
    form = ExclusionForm(request.POST, people=_members(team, period)[0], auto_id="out-%s")
    if form.is_valid():
        user, reason = form.cleaned_data["user"], form.cleaned_data["reason"]
        if carried_out(form, exclusions.exclude, team, period, user, reason, actor=request.user):
            messages.success(request, f"已登记：{user}不参加{periods.label(period)}的分配。")
            return redirect("incentives:adjustments", team.pk, period)
    return _page(request, team, period, exclusion_form=form)


@require_POST
def include(request, exclusion_id):
    found = get_object_or_404(Exclusion.objects.select_related("team__unit", "user"), pk=exclusion_id)
    team = team_for(request.user, found.team_id, "adjustment.propose")
    back = ("incentives:adjustments", [team.pk, found.period])
    return carry_out(request, f"{found.user}重新参加分配。", back, exclusions.include, found)
