"""Post coefficients of a team: proposals, decisions and their history."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out, carry_out_with_reason
from teams.forms.people import CoefficientForm
from teams.models import CoefficientChange
from teams.selectors import members_of
from teams.services import coefficients


@require_http_methods(["GET", "HEAD", "POST"])
def change_list(request, team_id):
    team = team_for(request.user, team_id, "coefficient.propose" if request.method == "POST" else "coefficient.view")
    form = CoefficientForm(request.POST or None, members=members_of(team))
    if request.method == "POST" and form.is_valid() and _proposed(request, form):
        return redirect("teams:coefficients", team.pk)
    access = access_of(request.user)
    context = {
        "team": team,
        "form": form,
        "changes": CoefficientChange.objects.filter(team=team).select_related("user", "proposed_by", "decided_by"),
        "can_propose": access.on_team("coefficient.propose", team),
        "can_decide": access.on_team("coefficient.decide", team),
    }
    return render(request, "teams/coefficients.html", context)


def _proposed(request, form):
    """Propose what the form says; whether that was possible."""
    wanted = form.cleaned_data
    more = {"effective_on": wanted["effective_on"], "reason": wanted["reason"], "actor": request.user}
    if not carried_out(form, coefficients.propose, wanted["member"], wanted["new"], **more):
        return False
    messages.success(request, "已提出，等单位负责人审批。")
    return True


STEPS = {
    "approve": ("coefficient.decide", coefficients.approve, "已批准，从生效日期起按新系数算。"),
    "withdraw": ("coefficient.propose", coefficients.withdraw, "已撤回。"),
}


@require_POST
def step(request, change_id, verb):
    change = get_object_or_404(CoefficientChange.objects.select_related("team__unit", "user"), pk=change_id)
    if verb not in STEPS:
        raise Http404
    capability, service, done = STEPS[verb]
    team = team_for(request.user, change.team_id, capability)
    return carry_out(request, done, ("teams:coefficients", [team.pk]), service, change)


@require_POST
def refuse(request, change_id):
    change = get_object_or_404(CoefficientChange.objects.select_related("team__unit", "user"), pk=change_id)
    team = team_for(request.user, change.team_id, "coefficient.decide")
    back = ("teams:coefficients", [team.pk])
    return carry_out_with_reason(request, "没有批准，系数不变。", back, coefficients.refuse, change)
