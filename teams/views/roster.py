"""Roster import: upload, progress, preview, confirm or discard."""

import io

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import periods, tasks
from teams.access import access_of, require, unit_for
from teams.actions import carry_out
from teams.downloads import workbook_response
from teams.errors import TeamError
from teams.forms import SearchForm
from teams.forms.roster import RosterForm
from teams.models import ImportBatch, Membership
from teams.roster_diff import founded, groups_of, warnings_of
from teams.roster_problems import problem_workbook
from teams.roster_template import roster_template
from teams.selectors import page_of
from teams.services import imports, roster
from teams.workbooks import read_workbook

WORKING = (ImportBatch.State.READING, ImportBatch.State.APPLYING)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    require(request.user, "people.manage")
    units = access_of(request.user).units("people.manage").filter(parent__isnull=True)
    initial = {"effective_on": _usual_day(request.user)}
    form = RosterForm(request.POST or None, request.FILES or None, units=units, initial=initial)
    batch = _received(request, form) if request.method == "POST" and form.is_valid() else None
    if batch:
        return redirect("teams:roster-preview", batch.pk)
    uploads = ImportBatch.objects.filter(kind=ImportBatch.Kind.ROSTER, unit__in=units).defer("content", "rows")
    context = {"form": form, "recent": uploads.select_related("uploaded_by", "unit")[:10]}
    return render(request, "teams/roster_upload.html", context)


def _usual_day(user):
    """Today; for a plant that begins, with nobody in a team yet, the first of the month, so that all of it has members."""
    units = access_of(user).unit_ids("people.manage")
    begun = Membership.objects.filter(team__unit__in=units).exists()
    return timezone.localdate() if begun else periods.first_day(periods.current_period())


def _received(request, form):
    """The batch that keeps the uploaded file for a worker; what stands in the way becomes an error of the form."""
    wanted = form.cleaned_data
    day = wanted["effective_on"]
    try:
        batch = imports.receive(wanted["file"], root=wanted["unit"], effective_on=day, actor=request.user)
    except TeamError as error:
        form.add_error("file", str(error))
        return None
    tasks.wake(batch.pk)
    return batch


@require_safe
def template(request):
    """An empty roster to fill in."""
    require(request.user, "people.manage")
    return workbook_response(roster_template(), "花名册模板")


def _batch(request, pk):
    uploads = ImportBatch.objects.filter(kind=ImportBatch.Kind.ROSTER).defer("content", "rows")
    batch = get_object_or_404(uploads, pk=pk)
    unit_for(request.user, batch.unit_id, "people.manage")
    return batch


@require_safe
def preview(request, batch_id):
    batch = _batch(request, batch_id)
    if batch.state == ImportBatch.State.PREVIEWED:
        return render(request, "teams/roster_preview.html", _preview_context(request, batch))
    return render(request, "teams/roster_state.html", _progress_context(batch))


@require_safe
def progress(request, batch_id):
    """The live part of the page while a worker is busy; asks to reload the page when it is done."""
    context = _progress_context(_batch(request, batch_id))
    response = render(request, "teams/_roster_progress.html", context)
    if not context["working"]:
        response["HX-Refresh"] = "true"
    return response


def _progress_context(batch):
    working = batch.state in WORKING
    return {"batch": batch, "working": working, "forgotten": working and imports.is_forgotten(batch)}


def _preview_context(request, batch):
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    plan = roster.staged_plan(batch)
    groups = groups_of(plan, words)
    wanted = next((group for group in groups if group.key == request.GET.get("group")), None)
    shown = wanted or next((group for group in groups if group.lines), groups[0])
    leaving = "leave" in request.GET and plan.may_let_go
    page = page_of(shown.lines, request)
    units, teams = founded(plan)
    return {
        "batch": batch,
        "plan": plan,
        "groups": groups,
        "shown": shown,
        "page": page,
        "q": words,
        "leaving": leaving,
        "new_units": units,
        "new_teams": teams,
        "warnings": list(warnings_of(plan)),
        "held": roster.held_sentence(plan),
    }


@require_safe
def problems(request, batch_id):
    """The rows that are wrong, or all of them, as they were uploaded and with the reasons, to be corrected."""
    batch = _batch(request, batch_id)
    if batch.state != ImportBatch.State.PREVIEWED:
        messages.error(request, "这份花名册不在核对中，原来的内容已经不保存了。")
        return redirect("teams:roster-preview", batch.pk)
    sheets = read_workbook(io.BytesIO(batch.content))
    content = problem_workbook(sheets, roster.staged_plan(batch).bad, every="all" in request.GET)
    return workbook_response(content, f"花名册待改正 {timezone.localdate()}")


@require_POST
def apply(request, batch_id):
    batch = _batch(request, batch_id)
    try:
        wishes = {"without_bad_rows": "without_bad_rows" in request.POST, "absent": request.POST.get("absent", "")[:16]}
        imports.request_apply(batch, actor=request.user, **wishes)
        tasks.wake(batch.pk)
    except TeamError as error:
        messages.error(request, str(error))
    return redirect("teams:roster-preview", batch.pk)


@require_POST
def discard(request, batch_id):
    batch = _batch(request, batch_id)
    return carry_out(
        request, "这份文件已放弃，没有导入任何内容。", ("teams:roster-upload", []), roster.discard_batch, batch
    )
