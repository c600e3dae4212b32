"""Bonus rules: what they say, installing a shipped one, putting it in force."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.forms import MonthForm
from incentives import selectors
from incentives.models import BonusRuleVersion
from incentives.rules import formula, percent, read_rule
from incentives.services import rules
from teams import periods
from teams.access import access_of, require, unit_for
from teams.actions import carry_out, first_errors
from teams.figures import whole_number


@require_safe
def rule_list(request):
    require(request.user, "bonus.view")
    versions = list(selectors.rules_in_reach(access_of(request.user)))
    current = periods.current_period()
    held = selectors.units_held(versions, current)
    return render(
        request,
        "incentives/rule_list.html",
        {
            "versions": [_shown(version, current, held) for version in versions],
            "presets": rules.presets() if access_of(request.user).has("bonus.pool") else {},
            "units": access_of(request.user).units("bonus.pool"),
            "manageable": access_of(request.user).unit_ids("bonus.pool"),
        },
    )


def _shown(version, current, held):
    """The version with what its panel says; a draft proposes this month, or the next where a rule holds already."""
    rule = read_rule(version.definition)
    version.parts = [
        {"name": rule.names[part.key], "percent": percent(rule, part), "formula": formula(rule, part)}
        for part in rule.parts
    ]
    month = periods.shift(current, 1) if version.rule.unit_id in held else current
    version.month = f"{periods.first_day(month):%Y-%m}"
    version.hours_per_day = version.definition["hours_per_day"]
    version.worked_codes = rule.worked_codes
    return version


@require_POST
def install(request, key):
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "bonus.pool")
    if key not in rules.presets():
        raise Http404
    rules.install_preset(key, unit, actor=request.user)
    messages.success(request, "办法已装为草案。核对无误后，选定月份执行。")
    return redirect("incentives:rules")


@require_POST
def put_in_force(request, version_id):
    version = get_object_or_404(BonusRuleVersion.objects.select_related("rule__unit"), pk=version_id)
    unit_for(request.user, version.rule.unit_id, "bonus.pool")
    form = MonthForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_errors(form))
        return redirect("incentives:rules")
    period = form.cleaned_data["period"]
    done = f"从{periods.label(period)}起执行。"
    return carry_out(request, done, ("incentives:rules", []), rules.put_in_force_by_hand, version, period)


@require_POST
def delete(request, version_id):
    version = get_object_or_404(BonusRuleVersion.objects.select_related("rule__unit"), pk=version_id)
    unit_for(request.user, version.rule.unit_id, "bonus.pool")
    return carry_out(request, f"草案“{version}”已删除。", ("incentives:rules", []), rules.discard, version)
