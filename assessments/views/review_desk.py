"""What whoever runs a review does: asks reviewers by hand or by lot, takes one off, keeps what a panel found, reads the summary."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.reviews import AssignForm, DrawForm, PanelForm, SummaryFilterForm
from assessments.honours import review_access as reach
from assessments.honours import review_lists as lists
from assessments.honours import summary as sums
from assessments.honours.assignments import experts
from assessments.honours.content import review_words
from assessments.honours.marks import way_of
from assessments.models import Application, Round
from assessments.services import assignments
from teams import audit
from teams.actions import carried_out, carry_out_with_reason, first_errors, made
from teams.downloads import workbook_response


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request, round_id):
    """Who reviews what in a round; a post draws the reviewers that are lacking."""
    found = reach.round_to_assign(request.user, round_id)
    form = DrawForm(request.POST if request.method == "POST" else None, round_=found)
    if form.is_valid():
        count = made(form, assignments.draw_missing, found, form.cleaned_data["chosen"], actor=request.user)
        if count:
            messages.success(request, f"抽出 {count} 份评审任务，评委在“今日”里会看到。")
            return redirect("assessments:review-desk", found.pk)
    return render(request, "assessments/review_desk.html", _round_page(request, found, form))


def _round_page(request, found, form):
    is_open = found.state == Round.State.REVIEWING
    return {
        "round": found,
        "form": form,
        "desk": lists.desk(request.user, found),
        "experts": experts(found) if is_open else (),
        "ticked": {str(value) for value in form["ticked"].value() or []},
        "is_open": is_open,
        "said": list(review_words(found.frozen.get("review", {}))),
    }


@require_safe
def application(request, application_id):
    """All about the review of one application: who is asked, marks by alias, what a panel found."""
    found = reach.application_to_assign(request.user, application_id)
    return render(request, "assessments/review_application.html", _application_page(found))


def _application_page(found, **forms):
    way = way_of(found.round.frozen["review"])
    done, rows, wholes = lists.marked(found)
    return {
        "application": found,
        "round": found.round,
        "is_blind": way.is_blind,
        "is_open": (found.state, found.round.state) == (Application.State.REVIEWING, Round.State.REVIEWING),
        "asked": lists.asked(found),
        "row": next(row for row in sums.rows(found.round) if row.application.pk == found.pk),
        "done": done,
        "rows": rows,
        "wholes": wholes,
        "panels": found.panels.select_related("entered_by"),
        "assigning": AssignForm(round_=found.round),
        "panel": PanelForm(initial={"date": timezone.localdate()}),
    } | forms


@require_POST
def assign(request, application_id):
    found = reach.application_to_assign(request.user, application_id)
    form = AssignForm(request.POST, round_=found.round)
    aside = _assigned(form, found, request.user) if form.is_valid() else None
    if aside is None:
        return render(request, "assessments/review_application.html", _application_page(found, assigning=form))
    for who, words in aside.items():
        messages.error(request, f"{who.name}{words}，不能评这份，已记为回避。")
    count = len(form.cleaned_data["people"]) - len(aside)
    if count:
        messages.success(request, f"已请 {count} 位评委。")
    return redirect("assessments:review-application", found.pk)


def _assigned(form, found, actor):
    return made(form, assignments.assign, found, form.cleaned_data["people"], actor=actor)


@require_POST
def excuse(request, review_id):
    found = reach.review_to_excuse(request.user, review_id)
    back = ("assessments:review-application", [found.application_id])
    return carry_out_with_reason(request, "已换下，请另请评委。", back, assignments.excuse, found)


@require_POST
def panel(request, application_id):
    found = reach.application_to_assign(request.user, application_id)
    form = PanelForm(request.POST)
    if form.is_valid() and carried_out(form, assignments.record_panel, found, actor=request.user, **form.cleaned_data):
        messages.success(request, "已记下，不能再改。")
        return redirect("assessments:review-application", found.pk)
    return render(request, "assessments/review_application.html", _application_page(found, panel=form))


@require_safe
def summary(request, round_id):
    """评审汇总表: every application with the totals by alias, the mean, the place and what lacks."""
    found = reach.round_to_assign(request.user, round_id)
    form = SummaryFilterForm(request.GET, auto_id=False)
    rows = lists.summarised(request.user, found, **form.cleaned_data) if form.is_valid() else []
    context = {"round": found, "form": form, "errors": first_errors(form), "rows": rows, "aliases": lists.aliases(rows)}
    context |= {"said": list(review_words(found.frozen.get("review", {}))), "about_aliases": lists.ABOUT_ALIASES}
    context |= {"is_narrowed": any(form.data.get(name) for name in form.fields)}
    return render(request, "assessments/review_summary.html", context)


@require_POST
@transaction.atomic
def export(request, round_id):
    """The summary as a workbook, reviewers by alias; leaves a trail."""
    found = reach.round_to_assign(request.user, round_id)
    rows = lists.summarised(request.user, found)
    told = {"unit": found.programme.unit, "after": {"rows": len(rows)}}
    audit.record("review.exported", found, actor=request.user, **told)
    return workbook_response(lists.workbook(found, rows), f"{found}评审汇总表")
