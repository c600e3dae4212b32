"""Pages that mix all floors: what waits for the signed-in person, the help, and the trail."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from teamhub import home as reading
from teamhub import manual
from teamhub.changes import changes_of, exported, kinds
from teamhub.own_data import sheets_about
from teamhub.topics import GROUPS, TOPICS
from teamhub.verbs import VERBS
from teams import audit, selectors
from teams.access import access_of, home_unit, require
from teams.actions import first_errors
from teams.downloads import Sheet, workbook, workbook_of, workbook_response
from teams.forms.trail import TrailForm
from teams.models import AuditEntry
from teams.services import trail as sealing

MOST_EXPORTED = 50_000
"""Entries in one workbook; a longer trail is exported day by day."""
MOST_ASKED = 60
"""Signs of a search in the help."""


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return redirect("bulletins:wall")
    return render(request, "teamhub/home.html", reading.page_of(request.user))


@login_not_required
@require_safe
def help_contents(request):
    """All topics of the help, or those in which the words of ?q= stand."""
    asked = request.GET.get("q", "").strip()[:MOST_ASKED]
    return render(request, "teamhub/help.html", {"asked": asked, "found": manual.found(asked), "groups": GROUPS})


@login_not_required
@require_safe
def help_topic(request, slug):
    topic = TOPICS.get(slug)
    if topic is None:
        raise Http404
    group = manual.group_of(topic)
    context = {"topic": topic, "text": manual.html_of(topic), "group": group, "beside": GROUPS[group]}
    return render(request, "teamhub/help_topic.html", context)


def _trail(request, filters):
    """The form of posted or asked filters and the entries that it lets through; none when a filter makes no sense."""
    require(request.user, "trail.read")
    form = TrailForm(filters)
    reach = access_of(request.user).unit_ids("trail.read")
    return form, selectors.trail(reach, form.cleaned_data) if form.is_valid() else AuditEntry.objects.none()


@require_safe
def trail(request):
    form, entries = _trail(request, request.GET)
    page = selectors.page_of(entries, request)
    context = {
        "form": form,
        "errors": first_errors(form),
        "page": page,
        "entries": [(entry, changes_of(entry)) for entry in page],
        "verbs": VERBS,
        "kinds": kinds(),
        "head": sealing.head(),
    }
    return render(request, "teamhub/trail.html", context)


@require_POST
def trail_export(request):
    """The entries of the filtered trail as a workbook; leaves a trail itself, for it holds what everybody did."""
    _, entries = _trail(request, request.POST)
    headers = ["时间", "姓名", "工号", "动作", "对象", "变更前", "变更后", "来源"]
    rows = [exported(entry) for entry in entries[:MOST_EXPORTED]]
    if len(rows) == MOST_EXPORTED:
        rows.append(["", "", "", f"只导出了最近 {MOST_EXPORTED} 条，更早的请按日期分段导出。"])
    facts = {"rows": len(rows)}
    audit.record("trail.exported", request.user, actor=request.user, unit=home_unit(request.user), after=facts)
    return workbook_response(workbook("留痕", headers, rows), f"留痕 {timezone.localdate()}")


@require_safe
def trail_verify(request):
    """Compute every seal of the trail again and tell the outcome; a page of its own, or the piece that the trail shows."""
    require(request.user, "trail.read")
    context = {"broken": sealing.first_broken(), "head": sealing.head(), "now": timezone.now()}
    return render(request, f"teamhub/{'_trail_verified' if request.htmx else 'trail_verify'}.html", context)


@require_POST
def own_data(request):
    """Everything the product holds about the signed-in person, as a workbook; leaves a trail, for it holds personal data."""
    sheets = [Sheet(*sheet) for sheet in sheets_about(request.user)]
    audit.record("own_data.exported", request.user, actor=request.user, unit=home_unit(request.user))
    return workbook_response(workbook_of(*sheets), f"我的资料 {timezone.localdate()}")
