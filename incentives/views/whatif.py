"""The trial of a standard on closed months: on the page, and as a workbook."""

from time import perf_counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.standards.access import readable
from incentives import whatif
from incentives.forms.distributions import TrialForm
from incentives.whatif_reports import apart_text, workbook_sheets
from teams import audit
from teams.access import access_of, subtree_ids
from teams.actions import first_errors
from teams.downloads import workbook_of, workbook_response
from teams.selectors import page_of


@require_safe
def what_if(request, version_id):
    """Who would have moved, by how much, had this version held in the last closed months."""
    version, closes, apart = _scope(request.user, version_id)
    form = TrialForm(request.GET, units=whatif.units_of(closes))
    began = perf_counter()
    chosen, size, trial = _tried(version, closes, form)
    moves = form.shown(trial.moves) if trial else []
    context = {
        "version": version,
        "form": form,
        "size": size,
        "trial": trial,
        "most": whatif.MOST_TEAMS,
        "apart": apart,
    }
    context |= {"unit": chosen, "page": page_of(moves, request), "seconds": f"{perf_counter() - began:.1f}"}
    return render(request, "incentives/what_if.html", context)


def _scope(user, version_id):
    """The version, the recent closes of the units on which the person may try it and it would hold, who is left out."""
    version = readable(user, version_id)
    units = subtree_ids(version.standard.unit) & set(access_of(user).unit_ids("standard.try"))
    if not units:
        raise PermissionDenied
    under = whatif.units_under(version, units)
    return version, whatif.recent_closes(under), apart_text(whatif.units_apart(units, under))


def _tried(version, closes, form):
    """(unit chosen or None, size, the Trial or None): none for a wrong form, and none for more than one can wait for."""
    if not form.is_valid():
        return None, 0, None
    unit = form.cleaned_data["unit"]
    closes = closes.filter(unit=unit) if unit else closes
    size = whatif.size_of(closes)
    return unit, size, whatif.trial(version, closes) if size <= whatif.MOST_TEAMS else None


@require_POST
def export(request, version_id):
    """The trial as a workbook; leaves a trail, for it names people and money."""
    version, closes, apart = _scope(request.user, version_id)
    form = TrialForm(request.POST, units=whatif.units_of(closes))
    unit, _, trial = _tried(version, closes, form)
    if trial is None:
        messages.error(request, first_errors(form) if form.errors else "班组太多，请先选一个单位再导出。")
        return redirect("incentives:what-if", version.pk)
    facts = {"months": list(trial.periods), "unit": str(unit or "")}
    audit.record("standard.trial_exported", version, actor=request.user, unit=version.standard.unit, after=facts)
    content = workbook_of(*workbook_sheets(trial, form.shown(trial.moves), apart))
    return workbook_response(content, f"{version}试算")
