"""Pages that mix all floors: what waits for the signed-in person, and the trail."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from teamhub import home as reading
from teamhub.changes import changes_of, exported
from teamhub.verbs import VERBS
from teams import selectors
from teams.access import access_of, require
from teams.actions import first_errors
from teams.downloads import workbook, workbook_response
from teams.forms import TrailForm
from teams.models import AuditEntry
from teams.services import trail as sealing

MOST_EXPORTED = 50_000
"""Entries in one workbook; a longer trail is exported day by day."""


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return redirect("bulletins:wall")
    return render(request, "teamhub/home.html", reading.page_of(request.user))


def _trail(request):
    """The filters of a trail page, its entries, and what is wrong with the filters."""
    require(request.user, "trail.read")
    filters = {name: request.GET.get(name, "").strip() for name in ("q", "verb", "day")}
    form = TrailForm(request.GET)
    reach = access_of(request.user).unit_ids("trail.read")
    entries = selectors.trail(reach, filters) if form.is_valid() else AuditEntry.objects.none()
    return filters, entries, first_errors(form)


@require_safe
def trail(request):
    filters, entries, errors = _trail(request)
    page = selectors.page_of(entries, request)
    context = {
        "errors": errors,
        "page": page,
        "entries": [(entry, changes_of(entry)) for entry in page],
        "filters": filters,
        "verbs": VERBS,
    }
    return render(request, "teamhub/trail.html", context)


@require_safe
def trail_export(request):
    """The entries of the filtered trail as a workbook."""
    _, entries, _ = _trail(request)
    headers = ["时间", "姓名", "工号", "动作", "对象", "变更前", "变更后", "来源"]
    rows = (exported(entry) for entry in entries[:MOST_EXPORTED])
    return workbook_response(workbook("留痕", headers, rows), f"留痕 {timezone.localdate()}")


@require_safe
def trail_verify(request):
    """Compute every seal of the trail again and tell the outcome."""
    require(request.user, "trail.read")
    context = {"broken": sealing.first_broken(), "head": sealing.head(), "now": timezone.now()}
    return render(request, "teamhub/trail_verify.html", context)
