"""Kinds of activities: everybody reads what there is to record, an administrator adds and changes kinds without a programmer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.access import kinds_for, kinds_seen
from activities.fields import TYPES
from activities.forms.kinds import ROLES, KindFilterForm, KindForm
from activities.models import ActivityKind
from activities.rotation import is_rotating
from activities.services import kinds
from teams.access import access_of, require, unit_for
from teams.actions import carried_out, carry_out, first_errors
from teams.errors import TeamError
from teams.figures import whole_number
from teams.selectors import with_words


@require_safe
def kind_list(request):
    form = KindFilterForm(request.GET)
    rows = kinds_seen(request.user).select_related("unit") if form.is_valid() else ActivityKind.objects.none()
    retired = form.cleaned_data.get("state") == "retired"
    rows = with_words(
        rows.filter(retired_on__isnull=not retired),
        form.cleaned_data.get("q", ""),
        "name__icontains",
        "purpose__icontains",
    )
    rows = [_told(kind) for kind in rows]
    groups = [(label, [kind for kind in rows if kind.group == value]) for value, label in ActivityKind.Group.choices]
    context = {"groups": [group for group in groups if group[1]], "count": len(rows), "form": form}
    context |= {"errors": first_errors(form), "recordable": {kind.pk for kind in kinds_for(request.user)}}
    return render(request, "activities/kind_list.html", context | _to_install(request.user))


def _told(kind):
    """The kind with what its row says in words."""
    names = dict(ROLES)
    kind.recorder_names = "、".join(names.get(role, role) for role in kind.recorders)
    return kind


def _to_install(user):
    """Where the person keeps kinds, and how many of the shipped ones the topmost unit does not have yet."""
    units = _units(user)
    above = {unit.pk for unit in units}
    top = next((unit for unit in units if unit.parent_id not in above), None)
    return {"top": top, "new": len(kinds.new_presets(top)) if top else 0}


def _units(user):
    return list(access_of(user).units("kind.manage").order_by("id"))


@require_POST
def install(request):
    """Add the shipped kinds that a unit does not have yet."""
    require(request.user, "kind.manage")
    unit = unit_for(request.user, whole_number(request.POST.get("unit", "")), "kind.manage")
    try:
        count = kinds.install_presets(unit, actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"加好了 {count} 种，{unit}和下级单位现在就能记。")
    return redirect("activities:kinds")


@require_safe
def detail(request, kind_id):
    kind = _told(_kind(request.user, kind_id))
    rows = [field | {"type_name": TYPES[field["type"]].name} for field in kind.fields]
    may_record = kind.pk in {found.pk for found in kinds_for(request.user)}
    context = {"kind": kind, "rows": rows, "may_manage": _may_manage(request.user, kind), "may_record": may_record}
    context["rotates"] = is_rotating(kind)
    return render(request, "activities/kind.html", context)


def _kind(user, pk):
    return get_object_or_404(kinds_seen(user).select_related("unit", "created_by"), pk=pk)


def _may_manage(user, kind):
    return access_of(user).on_unit("kind.manage", kind.unit_id)


def _kind_to_manage(user, pk):
    kind = _kind(user, pk)
    if not _may_manage(user, kind):
        raise PermissionDenied
    return kind


@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """A kind of one's own, or one that begins as a copy."""
    require(request.user, "kind.manage")
    copied = request.GET.get("copy") and _copied(request)
    units = access_of(request.user).units("kind.manage").order_by("id")
    form = KindForm(*_posted(request), units=units, kind=copied or None)
    if _is_sent(request, form):
        unit = form.cleaned_data["unit"]
        if carried_out(form, kinds.add, unit, actor=request.user, **form.wanted):
            messages.success(request, f"“{form.cleaned_data['name']}”现在就能记。")
            return redirect("activities:kinds")
    return render(request, "activities/kind_form.html", {"form": form, "copied": copied, "types": _types()})


def _copied(request):
    kind = _kind(request.user, whole_number(request.GET["copy"]))
    kind.name = f"{kind.name[:38]}二"
    return kind


def _posted(request):
    return (request.POST,) if request.method == "POST" else ()


def _is_sent(request, form):
    """Whether the form is meant to be stored and can be; asking for more rows only shows it again."""
    return request.method == "POST" and "more" not in request.POST and form.is_valid()


def _types():
    return [(code, found.name) for code, found in TYPES.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, kind_id):
    kind = _kind_to_manage(request.user, kind_id)
    form = KindForm(*_posted(request), kind=kind)
    if _is_sent(request, form) and carried_out(form, kinds.change, kind, actor=request.user, **form.wanted):
        messages.success(request, "已改好。以后登记的按新的来，以前的记录不变。")
        return redirect("activities:kind", kind.pk)
    return render(request, "activities/kind_form.html", {"form": form, "kind": kind, "types": _types()})


STEPS = {
    "retire": (kinds.retire, "已停用，以前的记录还在。"),
    "restore": (kinds.restore, "已恢复，现在就能记。"),
}


@require_POST
def step(request, kind_id, step):
    if step not in STEPS:
        raise Http404
    kind = _kind_to_manage(request.user, kind_id)
    service, done = STEPS[step]
    return carry_out(request, done, ("activities:kind", [kind.pk]), service, kind)
