"""From finding to closure: the lists, one rectification with its next step, and what the person named says to a finding."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.access import sheet_for
from assessments.forms.rectifications import AssignForm, ExtendForm, FilterForm, ReportForm, StatementForm
from assessments.models import Finding, Rectification
from assessments.rectifications import lists
from assessments.rectifications.access import open_steps, reads_sheet, rectification_for, rectification_to
from assessments.services import rectifications
from teams import audit, selectors
from teams.access import home_unit
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, turned_back
from teams.downloads import workbook, workbook_response
from teams.photos import storing_photos

State = Rectification.State
MOST_EXPORTED = 20_000
"""Rectifications in one workbook; more are exported team by team."""


def _listed(user, data):
    """The tab, its rows, those that the filters let through, and the filter form; no rows when a filter makes no sense."""
    form, tabs = FilterForm(data), lists.tabs_of(user)
    valid = form.is_valid()
    tab = form.cleaned_data.get("tab") or next(iter(tabs))
    if tab not in tabs:
        raise Http404
    rows = lists.rows_of(user, tab)
    return tab, rows, lists.narrowed(user, rows, form.cleaned_data) if valid else rows.none(), form


@require_safe
def rectification_list(request):
    tab, rows, found, form = _listed(request.user, request.GET)
    page = selectors.page_of(found, request)
    context = {
        "tab": tab,
        "tabs": lists.tabs_of(request.user),
        "form": form,
        "errors": first_errors(form),
        "page": page,
        "rows": lists.with_lateness(page),
        "told_after": lists.circle_of(request.user).after if tab == "units" else None,
        **lists.choices_in(rows),
    }
    return render(request, "assessments/rectification_list.html", context)


@require_POST
def export(request):
    """The filtered tab as a workbook; leaves a trail, for it names people."""
    tab, _, found, _ = _listed(request.user, request.POST)
    table = lists.exported(found[:MOST_EXPORTED])
    facts = {"unit": home_unit(request.user), "after": {"rows": len(table)}}
    audit.record("rectification.exported", request.user, actor=request.user, **facts)
    return workbook_response(
        workbook("整改", lists.HEADERS, table, lists.TOTALS), f"整改 {lists.TABS[tab]} {timezone.localdate()}"
    )


@require_safe
def detail(request, rectification_id):
    return _page(request, rectification_for(request.user, rectification_id))


def _page(request, found, **forms):
    """The page of a rectification with a form for each step that the person can take; `forms` were refused."""
    steps = open_steps(request.user, found)
    for step in forms.keys() - steps:
        messages.error(request, first_errors(forms[step]))
    fresh = {step: make(found) for step, make in FORMS.items() if step in steps}
    context = {"steps": steps, "reads_sheet": reads_sheet(request.user, found), **_story(found), **fresh, **forms}
    return render(request, "assessments/rectification_detail.html", context)


def _story(found):
    """What happened so far, for whoever may open the page."""
    history = lists.history_of(found)
    return {
        "rectification": lists.with_lateness([found])[0],
        "finding": found.finding,
        "check": found.finding.on_sheet,
        "statement": getattr(found.finding, "statement", None),
        "states": State.choices,
        "place": State.values.index(found.state),
        "history": history,
        "latest": next((photos for step, _, photos in reversed(history) if step.verb == "reported"), []),
    }


def _assign_form(found, data=None):
    return AssignForm(data, rectification=found, members=selectors.members_of(found.team))


FORMS = {"assign": _assign_form, "report": lambda found: ReportForm(), "extend": lambda found: ExtendForm()}


def _back(request, found, done):
    messages.success(request, done)
    return redirect("assessments:rectification", found.pk)


@require_POST
def assign(request, rectification_id):
    found = rectification_to(request.user, rectification_id, "assign")
    form = _assign_form(found, request.POST)
    if form.is_valid() and carried_out(form, rectifications.assign, found, actor=request.user, **form.cleaned_data):
        return _back(request, found, f"已分配给{found.assignee}，{found.due_on:%Y-%m-%d} 前整改。")
    return _page(request, rectification_for(request.user, rectification_id), assign=form)


@require_POST
def report(request, rectification_id):
    found = rectification_to(request.user, rectification_id, "report")
    form = ReportForm(request.POST, request.FILES)
    if form.is_valid() and carried_out(form, _report, found, form.cleaned_data, request.user):
        return _back(request, found, "已报告整改，等复核。")
    return _page(request, rectification_for(request.user, rectification_id), report=form)


def _report(found, said, actor):
    """The report with its photos, or neither."""
    with storing_photos(team=found.team, actor=actor) as store:
        photos = [store(upload) for upload in said["photos"]]
        rectifications.report(found, said["measure"], photos=photos, actor=actor)


@require_POST
def extend(request, rectification_id):
    found = rectification_to(request.user, rectification_id, "extend")
    form = ExtendForm(request.POST)
    if form.is_valid() and carried_out(form, rectifications.extend, found, actor=request.user, **form.cleaned_data):
        return _back(request, found, f"期限已延到 {found.due_on:%Y-%m-%d}。")
    return _page(request, rectification_for(request.user, rectification_id), extend=form)


@require_POST
def refuse(request, rectification_id):
    found = rectification_to(request.user, rectification_id, "refuse")
    back = ("assessments:rectification", [found.pk])
    return carry_out_with_reason(request, "已退回，请整改人重新整改。", back, rectifications.refuse, found)


@require_POST
def close(request, rectification_id):
    found = rectification_to(request.user, rectification_id, "close")
    back = ("assessments:rectification", [found.pk])
    return carry_out(request, "复核通过，已闭环。", back, rectifications.close, found)


@require_POST
def statement(request, finding_id):
    """What the person named by a finding says to it; nobody else does."""
    finding = get_object_or_404(Finding.objects.select_related("team__unit"), pk=finding_id)
    sheet_for(request.user, finding.on_sheet_id)
    if finding.person_id != request.user.pk:
        raise PermissionDenied
    form, back = StatementForm(request.POST), ("assessments:finding", [finding.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    text = form.cleaned_data["text"]
    return carry_out(request, "情况说明已记下。", back, rectifications.add_statement, finding, text)
