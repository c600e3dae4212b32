"""What a studio achieves and what it spends: results with their proof and who verifies them, money with its vouchers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms import studios as forms
from assessments.honours import studio_access as reach
from assessments.honours import studio_statement
from assessments.models import Studio, StudioResult
from assessments.services import studio_money, studio_results
from teams import audit
from teams.actions import carried_out, carry_out, carry_out_with_reason, turned_back
from teams.downloads import workbook_of, workbook_response
from teams.files import storing_files


@require_http_methods(["GET", "HEAD", "POST"])
def enter_result(request, studio_id):
    studio = reach.studio_to_keep(request.user, studio_id)
    first = {"date": timezone.localdate()}
    form = forms.ResultForm(request.POST or None, request.FILES or None, studio=studio, initial=first)
    if form.is_valid() and carried_out(form, _store_result, studio, form, request.user):
        messages.success(request, "成果已登记，等财务或单位负责人核实。")
        return redirect("assessments:studio", studio.pk)
    return render(request, "assessments/studio_result_form.html", {"studio": studio, "form": form})


def _store_result(studio, form, actor):
    facts = dict(form.cleaned_data)
    uploads = facts.pop("files")
    with storing_files(team=None, actor=actor) as store:
        studio_results.enter(studio, files=[store(upload) for upload in uploads], **facts, actor=actor)


@require_safe
def result(request, result_id):
    found = reach.result_seen(request.user, result_id)
    open_now = found.state == StudioResult.State.CLAIMED and found.studio.state != Studio.State.REVOKED
    verifies = open_now and reach.verifies(request.user, found)
    form = forms.VerifyForm(initial={"benefit": f"{found.claimed / 100:.2f}"}) if verifies else None
    context = {"result": found, "studio": found.studio, "files": found.files.all(), "form": form}
    return render(request, "assessments/studio_result.html", context)


@require_POST
def verify_result(request, result_id):
    found = reach.result_to_verify(request.user, result_id)
    form, back = forms.VerifyForm(request.POST), ("assessments:studio-result", [found.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    return carry_out(request, "成果已核实。", back, studio_results.verify, found, **form.cleaned_data)


@require_POST
def refuse_result(request, result_id):
    found = reach.result_to_verify(request.user, result_id)
    back = ("assessments:studio-result", [found.pk])
    return carry_out_with_reason(request, "已记为不认可。", back, studio_results.refuse, found)


@require_http_methods(["GET", "HEAD", "POST"])
def money(request, studio_id):
    """The statement; whoever keeps the studio enters spendings, whoever decides about it also grants."""
    studio = reach.studio_seen_inside(request.user, studio_id)
    if request.method == "POST" and not reach.keeps(request.user, studio):
        raise PermissionDenied
    form = _money_form(request, studio)
    if (
        form
        and form.is_valid()
        and carried_out(form, studio_money.enter, studio, **form.cleaned_data, actor=request.user)
    ):
        messages.success(request, "已记账。")
        return redirect("assessments:studio-money", studio.pk)
    return render(request, "assessments/studio_money.html", _statement(request.user, studio) | {"form": form})


def _money_form(request, studio):
    """The form of whoever may enter something; None for the others."""
    if not reach.keeps(request.user, studio) or (studio.state == Studio.State.REVOKED and request.method != "POST"):
        return None
    first = {"date": timezone.localdate()}
    return forms.MoneyForm(request.POST or None, grants=reach.runs(request.user, studio), initial=first)


def _statement(user, studio):
    rows = studio_statement.rows_of(studio)
    runs, keeps = reach.runs(user, studio), reach.keeps(user, studio)
    for row in rows:
        row.may_reverse = row.may_reverse and studio.ended_on is None and (runs if row.is_grant else keeps)
    sums, left = studio_statement.sums_of(rows), rows[-1].balance if rows else 0
    return {"studio": studio, "rows": rows, "sums": sums, "left": left}


@require_POST
def reverse_money(request, row_id):
    row = reach.money_to_reverse(request.user, row_id)
    back = ("assessments:studio-money", [row.studio_id])
    return carry_out_with_reason(request, "已冲销，两笔都留着。", back, studio_money.reverse, row)


@require_POST
@transaction.atomic
def money_export(request, studio_id):
    """The statement as a workbook; leaves a trail."""
    studio = reach.studio_seen_inside(request.user, studio_id)
    rows = studio_statement.rows_of(studio)
    told = {"unit": studio.unit, "after": {"rows": len(rows)}}
    audit.record("studio_money.exported", studio, actor=request.user, **told)
    return workbook_response(workbook_of(studio_statement.sheet_of(studio, rows)), f"{studio}经费明细")
