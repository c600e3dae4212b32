"""Roster import: upload, preview, confirm or discard."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams.access import access_of, require, unit_for
from teams.actions import carry_out
from teams.downloads import workbook_response
from teams.errors import TeamError
from teams.forms import RosterForm
from teams.models import ImportBatch
from teams.roster import told
from teams.roster_template import roster_template
from teams.services import roster


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    require(request.user, "people.manage")
    units = access_of(request.user).units("people.manage").filter(parent__isnull=True)
    form = RosterForm(
        request.POST or None, request.FILES or None, units=units, initial={"effective_on": roster.month_start()}
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            batch = roster.stage_roster(
                wanted["file"], root=wanted["unit"], effective_on=wanted["effective_on"], actor=request.user
            )
            return redirect("teams:roster-preview", batch.pk)
        except TeamError as error:
            form.add_error("file", str(error))
    recent = ImportBatch.objects.filter(kind=ImportBatch.Kind.ROSTER, unit__in=units).select_related(
        "uploaded_by", "unit"
    )[:10]
    return render(request, "teams/roster_upload.html", {"form": form, "recent": recent})


@require_safe
def template(request):
    """An empty roster to fill in."""
    require(request.user, "people.manage")
    return workbook_response(roster_template(), "花名册模板")


def _batch(request, pk):
    batch = get_object_or_404(ImportBatch, pk=pk, kind=ImportBatch.Kind.ROSTER)
    unit_for(request.user, batch.unit_id, "people.manage")
    return batch


@require_safe
def preview(request, batch_id):
    batch = _batch(request, batch_id)
    plan = roster.staged_plan(batch) if batch.state == ImportBatch.State.PREVIEWED else None
    changed = [(row, told(changes)) for row, changes in plan.changed] if plan else []
    return render(request, "teams/roster_preview.html", {"batch": batch, "plan": plan, "changed": changed})


@require_POST
def apply(request, batch_id):
    batch = _batch(request, batch_id)
    try:
        plan = roster.apply_roster(batch, actor=request.user, without_bad_rows="without_bad_rows" in request.POST)
    except TeamError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"已导入：新增 {len(plan.added)} 人，变动 {len(plan.changed)} 人。")
    return redirect("teams:roster-preview", batch.pk)


@require_POST
def discard(request, batch_id):
    batch = _batch(request, batch_id)
    return carry_out(
        request, "这份文件已放弃，没有导入任何内容。", ("teams:roster-upload", []), roster.discard_batch, batch
    )
