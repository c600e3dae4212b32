"""班组长后备: the list with its figures, putting somebody on it, one person's training, the list as a workbook."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms import party as forms
from activities.models import Reserve
from activities.party import reserve_lists
from activities.party.access import reserve_for, reserve_to_keep, reserve_to_train, reserves_seen_by
from activities.services import reserves
from teams import audit
from teams.access import access_of, unit_for
from teams.actions import carried_out, carry_out, first_errors, turned_back
from teams.downloads import workbook, workbook_response
from teams.selectors import page_of


@require_safe
def reserve_list(request):
    """Those whom the person keeps or coaches, and the own row; with figures for those who keep."""
    form = forms.ReserveFilterForm(request.GET, seen=reserves_seen_by(request.user))
    rows = reserve_lists.listed(request.user, **form.cleaned_data) if form.is_valid() else Reserve.objects.none()
    page = page_of(rows, request)
    page.object_list = reserve_lists.with_teams(page.object_list)
    units = access_of(request.user).units("reserve.keep")
    context = {"form": form, "errors": first_errors(form), "page": page, "units": units}
    context["figures"] = reserve_lists.figures(request.user) if units else None
    return render(request, "activities/reserve_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enlist(request, unit_id):
    unit = unit_for(request.user, unit_id, "reserve.keep")
    form = forms.EnlistForm(request.POST or None, unit=unit)
    if form.is_valid() and _enlisted(form, unit, request.user):
        messages.success(request, "已入库。")
        return redirect("activities:reserves")
    return render(request, "activities/reserve_new.html", {"unit": unit, "form": form})


def _enlisted(form, unit, actor):
    facts = dict(form.cleaned_data)
    return carried_out(form, reserves.enlist, unit, facts.pop("user"), **facts, actor=actor)


@require_safe
def detail(request, reserve_id):
    found = reserve_for(request.user, reserve_id)
    keeps = access_of(request.user).on_unit("reserve.keep", found.unit_id)
    others = not found.ended_on and found.user_id != request.user.pk
    reserve_lists.with_teams([found])
    context = {"reserve": found, "steps": found.steps.select_related("actor").order_by("-id"), "keeps": keeps}
    if others and (keeps or found.coach_id == request.user.pk):
        context["form"] = forms.ReserveStepForm(reserve=found, keeps=keeps)
    if others and keeps:
        context["coach_form"] = forms.CoachForm(reserve=found, keeper=request.user)
    return render(request, "activities/reserve.html", context)


@require_POST
def step(request, reserve_id):
    found = reserve_to_train(request.user, reserve_id)
    keeps = access_of(request.user).on_unit("reserve.keep", found.unit_id)
    form = forms.ReserveStepForm(request.POST, reserve=found, keeps=keeps)
    if not form.is_valid():
        return turned_back(request, form, ("activities:reserve", [found.pk]))
    facts, back = form.cleaned_data, ("activities:reserve", [found.pk])
    return carry_out(request, "已记下。", back, reserves.step, found, facts["stage"], facts["text"])


@require_POST
def coach(request, reserve_id):
    found = reserve_to_keep(request.user, reserve_id)
    form = forms.CoachForm(request.POST, reserve=found, keeper=request.user)
    if not form.is_valid():
        return turned_back(request, form, ("activities:reserve", [found.pk]))
    back = ("activities:reserve", [found.pk])
    return carry_out(request, "培养人已定。", back, reserves.set_coach, found, form.cleaned_data["coach"])


HEADERS = ["单位", "姓名", "工号", "班组", "政治面貌", "阶段", "培养人", "入库日期", "出库日期"]


@require_POST
@transaction.atomic
def export(request):
    """The list as it is filtered; leaves a trail."""
    form = forms.ReserveFilterForm(request.POST, seen=reserves_seen_by(request.user))
    unit = access_of(request.user).units("reserve.keep").first()
    if unit is None:
        raise PermissionDenied
    rows = reserve_lists.listed(request.user, **form.cleaned_data) if form.is_valid() else Reserve.objects.none()
    lines = [_line(row) for row in reserve_lists.with_teams(rows)]
    audit.record("reserve.exported", unit, actor=request.user, unit=unit, after={"rows": len(lines)})
    return workbook_response(workbook("班组长后备", HEADERS, lines), "班组长后备")


def _line(row):
    who = [row.unit.name, row.user.name, row.user.employee_no, row.team.name if row.team else ""]
    stage = [row.user.get_political_status_display(), row.get_stage_display(), row.coach.name if row.coach else ""]
    return [*who, *stage, str(row.listed_on), str(row.ended_on or "")]
