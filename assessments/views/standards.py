"""Standards: what they say, installing a shipped one, putting it in force."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import selectors
from assessments.forms import MonthForm
from assessments.models import StandardVersion
from assessments.services import standards
from teams import periods
from teams.access import access_of, lines_of, unit_for
from teams.actions import carry_out, first_errors
from teams.figures import whole_number
from teams.models import Team


@require_safe
def standard_list(request):
    versions = StandardVersion.objects.select_related("standard__unit").filter(standard__unit__in=_reach(request.user))
    return render(
        request,
        "assessments/standard_list.html",
        {
            "versions": versions,
            "presets": standards.presets() if access_of(request.user).has("standard.manage") else {},
            "units": access_of(request.user).units("standard.manage"),
        },
    )


def _reach(user):
    """Units whose standards a person may read: the own ones and all above them, for standards hold downwards."""
    access = access_of(user)
    own = set(access.unit_ids("team.view"))
    own |= set(Team.objects.filter(pk__in=access.team_roles).values_list("unit_id", flat=True))
    return lines_of(own)


def _version(request, pk):
    version = get_object_or_404(StandardVersion.objects.select_related("standard__unit"), pk=pk)
    if version.standard.unit_id not in _reach(request.user):
        raise Http404
    return version


@require_safe
def standard_detail(request, version_id):
    version = _version(request, version_id)
    categories = list(version.categories.prefetch_related("criteria"))
    for category in categories:
        category.points = sum(criterion.points for criterion in category.criteria.all())
    return render(
        request,
        "assessments/standard_detail.html",
        {
            "version": version,
            "categories": categories,
            "total": sum(category.points for category in categories),
            "count": sum(len(category.criteria.all()) for category in categories),
            "can_manage": access_of(request.user).on_unit("standard.manage", version.standard.unit_id),
            "form": MonthForm(initial={"period": _proposed(version)}),
        },
    )


def _proposed(version):
    """The month that a draft is offered to start in: this one, or the next where a version holds already."""
    current = periods.current_period()
    draft = version.state == StandardVersion.State.DRAFT
    held = draft and selectors.version_for(version.standard.unit, current) is not None
    return f"{periods.first_day(periods.shift(current, 1) if held else current):%Y-%m}"


@require_POST
def install(request, key):
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "standard.manage")
    if key not in standards.presets():
        raise Http404
    version = standards.install_preset(key, unit, actor=request.user)
    messages.success(request, "标准已装为草案。核对无误后，选定月份执行。")
    return redirect("assessments:standard", version.pk)


@require_POST
def put_in_force(request, version_id):
    version = _version(request, version_id)
    unit_for(request.user, version.standard.unit_id, "standard.manage")
    form, back = MonthForm(request.POST), ("assessments:standard", [version.pk])
    if not form.is_valid():
        messages.error(request, first_errors(form))
        return redirect(back[0], *back[1])
    period = form.cleaned_data["period"]
    done = f"从{periods.label(period)}起执行。"
    return carry_out(request, done, back, standards.put_in_force_by_hand, version, period)


@require_POST
def delete(request, version_id):
    version = _version(request, version_id)
    unit_for(request.user, version.standard.unit_id, "standard.manage")
    return carry_out(request, f"草案“{version}”已删除。", ("assessments:standards", []), standards.discard, version)
