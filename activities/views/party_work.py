"""Promises with their quarterly checks, mechanisms with their progress, and all Party records as a workbook."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from activities.forms import party as forms
from activities.models import Commitment, Mechanism
from activities.party import reads, sheets
from activities.party.access import PARTY, branch_for, branch_to_keep
from activities.services import commitments
from activities.views.party import unit_context
from teams import audit
from teams.access import access_of
from teams.actions import carried_out, carry_out, first_errors, turned_back
from teams.downloads import workbook_of, workbook_response
from teams.selectors import page_of

YEARS = range(2000, 2101)


def _year(year):
    if year not in YEARS:
        raise Http404
    return year


@require_http_methods(["GET", "HEAD", "POST"])
def promises(request, unit_id, year):
    """Promises of a year; who keeps the pages writes down anybody's, another Party member the own one."""
    unit, year = branch_for(request.user, unit_id), _year(year)
    own = None if access_of(request.user).on_unit("party.keep", unit.pk) else request.user
    may_promise = own is None or own.political_status in PARTY
    if request.method == "POST" and not may_promise:
        raise PermissionDenied
    first = {"text": request.GET.get("text", "")[:200]}
    form = forms.PromiseForm(request.POST or None, unit=unit, own=own, initial=first)
    if form.is_valid() and _promised(form, unit, year, request.user):
        messages.success(request, "承诺已写下，每季度由支委检查一次。")
        return redirect("activities:party-commitments", unit.pk, year)
    context = {"form": form, "year": year, "may_promise": may_promise} | _listed(request, unit, year)
    context |= unit_context(request, unit, "party-commitments", year)
    return render(request, "activities/party_commitments.html", context)


def _promised(form, unit, year, actor):
    user, text = form.cleaned_data["user"], form.cleaned_data["text"]
    return carried_out(form, commitments.promise, unit, user, year=year, text=text, actor=actor)


def _listed(request, unit, year):
    search = forms.PromiseFilterForm(request.GET, auto_id=False)
    rows = reads.promises_of(unit, year, **search.cleaned_data) if search.is_valid() else Commitment.objects.none()
    page, begun = page_of(rows, request), reads.quarters_begun(year, timezone.localdate())
    for row in page.object_list:
        row.quarters = reads.quarters_of(row)
        row.open = [
            quarter for quarter in begun if row.quarters[quarter - 1] is None and row.user_id != request.user.pk
        ]
    return {"search": search, "errors": first_errors(search), "page": page}


@require_POST
def promise_check(request, commitment_id):
    found = get_object_or_404(Commitment.objects.select_related("unit", "user"), pk=commitment_id)
    branch_to_keep(request.user, found.unit_id)
    if found.user_id == request.user.pk:
        raise PermissionDenied
    form, back = forms.CheckForm(request.POST), ("activities:party-commitments", [found.unit_id, found.year])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, "检查结果已记下。", back, commitments.check_promise, found, **form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
def mechanisms(request, unit_id, year):
    unit = branch_for(request.user, unit_id) if request.method != "POST" else branch_to_keep(request.user, unit_id)
    form, today = forms.MechanismForm(request.POST or None), timezone.localdate()
    if form.is_valid() and _set_up(form, unit, _year(year), request.user):
        messages.success(request, "已建立，点名称登记进展。")
        return redirect("activities:party-mechanisms", unit.pk, year)
    context = {"form": form, "year": _year(year), "rows": reads.mechanisms_of(unit, year, today)}
    context |= unit_context(request, unit, "party-mechanisms", year)
    return render(request, "activities/party_mechanisms.html", context)


def _set_up(form, unit, year, actor):
    typed = form.cleaned_data
    if typed["preset"] != "own":
        return carried_out(form, commitments.install, unit, typed["preset"], year=year, actor=actor)
    facts = {"name": typed["name"], "items": typed["items"]}
    return carried_out(form, commitments.set_up, unit, **facts, year=year, actor=actor)


def _mechanism(request, pk):
    """The mechanism and its unit, for whoever reads it or, to change it, keeps it."""
    found = get_object_or_404(Mechanism.objects.select_related("unit"), pk=pk)
    allowed = branch_for if request.method != "POST" else branch_to_keep
    return found, allowed(request.user, found.unit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def mechanism(request, mechanism_id):
    """The items of a mechanism with their progress; a POST writes a step down."""
    found, unit = _mechanism(request, mechanism_id)
    form = forms.StepForm(request.POST or None, mechanism=found)
    if form.is_valid() and carried_out(form, commitments.step, found, **form.cleaned_data, actor=request.user):
        messages.success(request, "进展已记下。")
        return redirect("activities:party-mechanism", found.pk)
    steps = found.steps.select_related("actor")
    items = reads.items_of(found, steps, timezone.localdate())
    context = {"mechanism": found, "items": items, "mean": reads.mean(items), "form": form}
    context |= {"item_form": forms.ItemForm(initial={"name": request.GET.get("item", "")[:60]})}
    context |= unit_context(request, unit, "party-mechanisms", found.year)
    return render(request, "activities/party_mechanism.html", context)


@require_POST
def mechanism_item(request, mechanism_id):
    found, _ = _mechanism(request, mechanism_id)
    form, back = forms.ItemForm(request.POST), ("activities:party-mechanism", [found.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, "已加上。", back, commitments.add_item, found, **form.cleaned_data)


@require_POST
@transaction.atomic
def export(request, unit_id):
    """Everything of a unit's Party pages of this year, a sheet a page; leaves a trail."""
    unit = branch_for(request.user, unit_id)
    content = workbook_of(*sheets.sheets_of(unit, timezone.localdate()))
    audit.record("party.exported", unit, actor=request.user, unit=unit)
    return workbook_response(content, f"{unit}党建台账")
