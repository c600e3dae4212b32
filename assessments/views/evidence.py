"""Evidence: the lines of the standard with what stands for them, and picking records for one of them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.models import Activity
from assessments.evidence import lists
from assessments.forms.evidence import LinesForm, PickForm, RecordsForm
from assessments.services import evidence
from teams import audit
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out, first_errors
from teams.downloads import workbook_response
from teams.selectors import page_of


@require_safe
def line_list(request, team_id):
    team = team_for(request.user, team_id, "team.view")
    version, form = lists.version_of(team), LinesForm(request.GET, auto_id=False)
    rows = []
    if version and form.is_valid():
        asked = {"q": form.cleaned_data["q"], "lacking": bool(form.cleaned_data["show"])}
        rows = lists.rows_of(request.user, team, version, **asked)
    context = {"team": team, "version": version, "form": form, "rows": rows, "errors": first_errors(form)}
    context |= {"can_export": access_of(request.user).on_team("evidence.keep", team)}
    return render(request, "assessments/evidence_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def line(request, team_id, code):
    """What stands for one line, and the records that could: tick them and add them."""
    team = team_for(request.user, team_id, "evidence.keep" if request.method == "POST" else "team.view")
    criterion = _criterion(team, code)
    posted = request.POST if request.method == "POST" else None
    form = PickForm(posted, records=lists.records_of(request.user, team))
    if form.is_valid() and _picked(request, form, team, criterion):
        return redirect("assessments:evidence", team.pk, code)
    context = {"team": team, "criterion": criterion, "pick": form, "picked": lists.picked_ids(criterion, team)}
    context |= {"records": lists.standing_for(request.user, criterion, team)}
    context |= {"can_pick": access_of(request.user).on_team("evidence.keep", team)}
    return render(request, "assessments/evidence.html", context | _candidates(request, team, criterion))


def _criterion(team, code):
    criterion = lists.criterion_of(team, code)
    if criterion is None:
        raise Http404
    return criterion


def _picked(request, form, team, criterion):
    records = list(form.cleaned_data["records"])
    if not carried_out(form, evidence.pick, team, criterion, records, actor=request.user):
        return False
    messages.success(request, f"已加上 {len(records)} 条佐证。")
    return True


def _candidates(request, team, criterion):
    """The filter and the page of records that do not stand for the line yet."""
    form = RecordsForm(request.GET, records=lists.records_of(request.user, team))
    asked = form.cleaned_data if form.is_valid() else {}
    return {"form": form, "page": page_of(lists.candidates(request.user, criterion, team, **asked), request)}


@require_POST
def take_back(request, team_id, code, activity_id):
    team = team_for(request.user, team_id, "evidence.keep")
    criterion, activity = _criterion(team, code), get_object_or_404(Activity, pk=activity_id, team=team)
    back = ("assessments:evidence", [team.pk, code])
    return carry_out(request, "已取消，记录本身还在。", back, evidence.take_back, team, criterion, activity)


@require_POST
def export(request, team_id):
    team = team_for(request.user, team_id, "evidence.keep")
    version = lists.version_of(team)
    if version is None:
        raise Http404
    content = lists.workbook(request.user, team, version)
    audit.record("evidence.exported", team, actor=request.user, unit=team.unit)
    return workbook_response(content, f"{team}佐证清单 {timezone.localdate()}")
