"""The price list of awards and deductions: everybody of the unit reads it, the manager keeps it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incentives import clause_lists as lists
from incentives.forms.adjustments import ClauseForm, ClauseSearchForm, initial_of
from incentives.models import Clause
from incentives.services import clauses
from teams import audit
from teams.access import access_of, home_unit, unit_for
from teams.actions import carried_out, carry_out
from teams.downloads import workbook, workbook_response
from teams.models import Unit
from teams.switches import unit_links


@require_safe
def current(request):
    """The price list of the own unit."""
    unit = home_unit(request.user)
    if unit is None:
        raise Http404
    return redirect("incentives:clauses", unit.pk)


@require_safe
def clause_list(request, unit_id):
    return _page(request, _readable(request.user, unit_id), ClauseForm(auto_id="new-%s"))


def _readable(user, unit_id):
    return get_object_or_404(Unit.objects.filter(pk__in=lists.readable_units(access_of(user))), pk=unit_id)


def _page(request, unit, form):
    units = Unit.objects.open().filter(pk__in=lists.readable_units(access_of(request.user))).order_by("pk")
    search = ClauseSearchForm(request.GET)
    context = {
        "unit": unit,
        "form": form,
        "search": search,
        "clauses": search.narrowed(lists.clauses_for(unit)),
        "keeps": access_of(request.user).on_unit("clause.manage", unit.pk),
        "switch": {"teams": unit_links("incentives:clauses", unit, units)},
    }
    return render(request, "incentives/clauses.html", context)


@require_POST
def add(request, unit_id):
    unit = unit_for(request.user, unit_id, "clause.manage")
    form = ClauseForm(request.POST, auto_id="new-%s")
    if form.is_valid() and carried_out(form, clauses.add, unit, actor=request.user, **form.cleaned_data):
        messages.success(request, f"已加上“{form.cleaned_data['name']}”。")
        return redirect("incentives:clauses", unit.pk)
    return _page(request, unit, form)


@require_POST
def install(request, unit_id):
    unit = unit_for(request.user, unit_id, "clause.manage")
    back = ("incentives:clauses", [unit.pk])
    return carry_out(request, "常用条款已装好，请逐条核对金额。", back, clauses.install_preset, unit)


@require_POST
def export(request, unit_id):
    unit = _readable(request.user, unit_id)
    rows = lists.exported(lists.clauses_for(unit))
    audit.record("clause.exported", unit, actor=request.user, unit=unit, after={"rows": len(rows)})
    return workbook_response(workbook("奖罚条款", lists.HEADERS, rows), f"{unit}奖罚条款")


def _managed(user, clause_id):
    clause = get_object_or_404(Clause.objects.select_related("unit"), pk=clause_id)
    unit_for(user, clause.unit_id, "clause.manage")
    return clause


@require_POST
def end(request, clause_id):
    clause = _managed(request.user, clause_id)
    return carry_out(request, f"“{clause}”已停用。", ("incentives:clauses", [clause.unit_id]), clauses.end, clause)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request, clause_id):
    clause = _managed(request.user, clause_id)
    form = ClauseForm(request.POST or None, initial=initial_of(clause))
    posted = request.method == "POST" and form.is_valid()
    if posted and carried_out(form, clauses.replace, clause, actor=request.user, **form.cleaned_data):
        messages.success(request, f"“{clause}”已停用，新的一条已生效。")
        return redirect("incentives:clauses", clause.unit_id)
    return render(request, "incentives/clause_replace.html", {"clause": clause, "form": form})
