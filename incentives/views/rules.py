"""Bonus rules: what they say, installing a shipped one, putting it in force."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.checks import MonthForm
from incentives import selectors
from incentives.rules.definition import formula, percent, read_rule
from incentives.services import rules
from incentives.views.rule_editing import managed
from teams import periods
from teams.access import access_of, require, unit_for
from teams.actions import carry_out, turned_back
from teams.figures import whole_number


@require_safe
def rule_list(request):
    require(request.user, "bonus.view")
    access = access_of(request.user)
    context = {
        "versions": [_with_parts(version) for version in selectors.rules_in_reach(access)],
        "presets": _presets() if access.has("bonus.pool") else [],
        "units": access.units("bonus.pool"),
    }
    return render(request, "incentives/rule_list.html", context)


def _with_parts(version):
    rule = read_rule(version.definition)
    version.parts, version.reserve = _parts(rule), rule.scheme.reserve
    return version


def _presets():
    """What ships with the product, as the page shows it."""
    for key, definition in rules.presets().items():
        rule = read_rule(definition)
        facts = {"reserve": rule.scheme.reserve, "needs_points": rule.uses("points"), "parts": _parts(rule)}
        yield facts | {"key": key, "name": definition["name"]}


def _parts(rule):
    return [
        {"name": rule.names[part.key], "percent": percent(rule, part), "formula": formula(rule, part)}
        for part in rule.parts
    ]


@require_POST
def install(request, key):
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "bonus.pool")
    if key not in rules.presets():
        raise Http404
    version = rules.install_preset(key, unit, actor=request.user)
    messages.success(request, "办法已装为草案。核对无误后，交民主管理会讨论。")
    return redirect("incentives:rule", version.pk)


@require_POST
def put_in_force(request, version_id):
    version = managed(request.user, version_id)
    form = MonthForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, ("incentives:rule", [version.pk]))
    period = form.cleaned_data["period"]
    done, back = f"从{periods.label(period)}起执行。", ("incentives:rule", [version.pk])
    return carry_out(request, done, back, rules.put_in_force_by_hand, version, period)


@require_POST
def delete(request, version_id):
    version = managed(request.user, version_id)
    return carry_out(request, f"草案“{version}”已删除。", ("incentives:rules", []), rules.discard, version)
