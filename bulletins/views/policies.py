"""The page on which a manager says how the unit posts."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.forms import PolicyForm
from bulletins.policies import policy_for, stamp_of
from bulletins.services import policies
from teams.access import access_of, require, unit_for
from teams.actions import carried_out, carry_out


@require_safe
def current(request):
    """The policy of the first unit for which the person sets one."""
    require(request.user, "board.policy")
    unit = access_of(request.user).units("board.policy").first()
    if unit is None:
        raise Http404
    return redirect("bulletins:policy", unit.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request, unit_id):
    unit = unit_for(request.user, unit_id, "board.policy")
    held = policy_for(unit)
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=held, initial={"seen": stamp_of(held)})
    if form.is_valid() and _is_set(request, form, unit):
        return redirect("bulletins:policy", unit.pk)
    context = {"unit": unit, "held": held, "own": held.pk and held.unit_id == unit.pk, "form": form}
    context["switch"] = _switch(request.user, unit)
    return render(request, "bulletins/policy.html", context)


def _is_set(request, form, unit):
    seen = form.cleaned_data["seen"]
    if not carried_out(form, policies.set_policy, unit, form.chosen(), actor=request.user, seen=seen):
        return False
    messages.success(request, "张榜规定已保存，以后张榜的照此办理；已经张榜的不变。")
    return True


def _switch(user, unit):
    units = access_of(user).units("board.policy")
    return {
        "teams": [
            {"label": other.name, "url": reverse("bulletins:policy", args=[other.pk]), "active": other.pk == unit.pk}
            for other in units
        ]
    }


@require_POST
def drop(request, unit_id):
    unit = unit_for(request.user, unit_id, "board.policy")
    back, seen = ("bulletins:policy", [unit.pk]), request.POST.get("seen", "")
    return carry_out(request, "自己的规定已取消。", back, policies.drop_policy, unit, seen=seen)
