"""Standards: what they say, installing a shipped one, putting it in force."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import selectors
from assessments.forms.checks import MonthForm
from assessments.forms.standards import ImportForm, marked, sums_of
from assessments.models import Criterion, StandardVersion
from assessments.services import standards
from assessments.standards.access import listed, managed, readable
from assessments.standards.content import award_points, base_points, content_of_preset, further_figures
from teams import periods
from teams.access import access_of, subtree_ids, unit_for
from teams.actions import carry_out, turned_back
from teams.figures import whole_number


@require_safe
def standard_list(request):
    versions = listed(request.user).select_related("standard__unit")
    manages = access_of(request.user).has("standard.manage")
    return render(
        request,
        "assessments/standard_list.html",
        {
            "versions": versions,
            "presets": _presets() if manages else [],
            "units": access_of(request.user).units("standard.manage"),
            "import_form": ImportForm(),
        },
    )


def _presets():
    """(key, preset, Content, sums) of what ships with the product."""
    contents = ((key, preset, content_of_preset(preset)) for key, preset in standards.presets().items())
    return [(key, preset, content, sums_of(content)) for key, preset, content in contents]


@require_safe
def standard_detail(request, version_id):
    version = readable(request.user, version_id)
    with_origin = Prefetch("criteria", Criterion.objects.select_related("origin"))
    categories = list(version.categories.prefetch_related(with_origin))
    for category in categories:
        category.lines = marked(category.criteria.all())
        category.points, category.awards = base_points(category.lines), award_points(category.lines)
    return render(
        request,
        "assessments/standard_detail.html",
        _sums(categories)
        | _deeds(request.user, version)
        | {"version": version, "categories": categories, "figures": further_figures(version)},
    )


def _sums(categories):
    lines = [line for category in categories for line in category.lines]
    return {
        "total": base_points(lines),
        "awards": award_points(lines),
        "count": len(lines),
        "copied": any(line.origin_id for line in lines),
    }


def _deeds(user, version):
    """What this person may do with the version."""
    access, unit = access_of(user), version.standard.unit
    settled = version.state != StandardVersion.State.DRAFT
    below = set(access.unit_ids("standard.manage")) if settled else set()
    return {
        "can_manage": access.on_unit("standard.manage", unit.pk),
        "can_try": not settled and access.has("standard.try"),
        "lower_units": access.units("standard.manage").filter(pk__in=subtree_ids(unit) - {unit.pk}) if below else [],
        "form": MonthForm(initial={"period": _proposed(version)}),
    }


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
    version = managed(request.user, version_id)
    form, back = MonthForm(request.POST), ("assessments:standard", [version.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    period = form.cleaned_data["period"]
    done = f"从{periods.label(period)}起执行。"
    return carry_out(request, done, back, standards.put_in_force_by_hand, version, period)


@require_POST
def delete(request, version_id):
    version = managed(request.user, version_id)
    return carry_out(request, f"草案“{version}”已删除。", ("assessments:standards", []), standards.discard, version)
