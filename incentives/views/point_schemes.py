"""Schemes of 党员贡献度积分: all in reach, one in words, the editor of a draft, publishing, copying to next year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.inputs import fingerprint
from incentives.forms.points import NewSchemeForm, SchemeForm
from incentives.models import PointScheme
from incentives.points import selectors
from incentives.services import point_schemes
from teams.access import access_of, require, unit_for
from teams.actions import carried_out, carry_out, turned_back
from teams.errors import TeamError


def scheme_for(user, pk):
    """The scheme with this id for those who read its tables; 403 for others of the unit, 404 for strangers."""
    scheme, access = get_object_or_404(PointScheme.objects.select_related("unit"), pk=pk), access_of(user)
    if selectors.reads(access, scheme):
        return scheme
    if access.on_unit("team.view", scheme.unit_id) or selectors.own_teams(access, scheme.unit).exists():
        raise PermissionDenied
    raise Http404


def scheme_to_keep(user, pk):
    """The scheme with this id, for those who keep the schemes of its unit."""
    scheme = get_object_or_404(PointScheme.objects.select_related("unit"), pk=pk)
    unit_for(user, scheme.unit_id, "points.manage")
    return scheme


@require_safe
def overview(request):
    access, today = access_of(request.user), timezone.localdate()
    units = access.units("points.manage")
    schemes = list(selectors.schemes_of(access))
    for scheme in schemes:
        scheme.shown_month = selectors.month_to_show(scheme, today)
    context = {"schemes": schemes, "form": NewSchemeForm(units=units) if units else None}
    return render(request, "incentives/points.html", context)


@require_POST
def new(request):
    """A draft from the shipped scheme, for one of the person's units."""
    require(request.user, "points.manage")
    form = NewSchemeForm(request.POST, units=access_of(request.user).units("points.manage"))
    if not form.is_valid():
        return turned_back(request, form, ("incentives:points", []))
    said = (form.cleaned_data["unit"], form.cleaned_data["year"], point_schemes.preset())
    return _drafted(request, ("incentives:points", []), point_schemes.draft, *said)


def _drafted(request, back, service, *args):
    """Call a service that makes a draft, and lead to its editor."""
    try:
        scheme = service(*args, actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
        return redirect(back[0], *back[1])
    messages.success(request, f"{scheme.unit} {scheme.year} 年的办法已起草，改好以后发布。")
    return redirect("incentives:point-scheme-edit", scheme.pk)


@require_safe
def detail(request, scheme_id):
    scheme = scheme_for(request.user, scheme_id)
    lines = list(scheme.indicators.all())
    groups = [(field, [line for line in lines if line.field == field]) for field in selectors.FIELDS]
    context = {
        "scheme": scheme,
        "groups": [(field, scheme.field_caps.get(field), rows) for field, rows in groups if rows],
        "keeps": access_of(request.user).on_unit("points.manage", scheme.unit_id),
        "month": selectors.month_to_show(scheme, timezone.localdate()),
        "is_used": selectors.is_used(scheme),
        "next_year": scheme.year + 1,
    }
    return render(request, "incentives/point_scheme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, scheme_id):
    scheme = scheme_to_keep(request.user, scheme_id)
    if scheme.published_at:
        messages.error(request, "办法已经发布，不能再改。没有登记过积分的可以先收回。")
        return redirect("incentives:point-scheme", scheme.pk)
    content = point_schemes.content_of(scheme)
    form = SchemeForm(request.POST or None, content=content)
    shown = request.POST.get("shown") or fingerprint(content)
    saving = request.method == "POST" and form.is_valid()
    if saving and carried_out(form, point_schemes.save, scheme, form.content(), shown, actor=request.user):
        messages.success(request, "草案已保存。")
        return redirect("incentives:point-scheme", scheme.pk)
    return render(request, "incentives/point_scheme_edit.html", {"scheme": scheme, "form": form, "shown": shown})


STEPS = {
    "publish": (point_schemes.publish, "办法已发布，可以登记积分了。"),
    "take-back": (point_schemes.take_back, "办法已收回，改好以后再发布。"),
}


@require_POST
def step(request, scheme_id, verb):
    scheme = scheme_to_keep(request.user, scheme_id)
    here = ("incentives:point-scheme", [scheme.pk])
    if verb == "copy":
        return _drafted(request, here, point_schemes.copy, scheme)
    if verb == "discard":
        return carry_out(request, f"草案“{scheme}”已删除。", ("incentives:points", []), point_schemes.discard, scheme)
    if verb not in STEPS:
        raise Http404
    service, done = STEPS[verb]
    return carry_out(request, done, here, service, scheme)
