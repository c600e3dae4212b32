"""The price list of piece work: everybody of the unit reads it, the manager keeps it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from incentives.clause_lists import readable_units
from incentives.forms.piecework import PieceItemForm
from incentives.models import PieceItem
from incentives.piecework.selectors import items_of
from incentives.services import piece_items
from teams.access import access_of, subtree_ids, unit_for
from teams.actions import carried_out, carry_out
from teams.models import Team, Unit
from teams.switches import unit_links


@require_safe
def item_list(request, unit_id):
    unit = get_object_or_404(Unit.objects.filter(pk__in=readable_units(access_of(request.user))), pk=unit_id)
    return _page(request, unit, _form(unit))


def _form(unit, data=None):
    teams = Team.objects.open().filter(unit__in=subtree_ids(unit)).order_by("unit__name", "name")
    return PieceItemForm(data, teams=teams)


def _page(request, unit, form):
    access = access_of(request.user)
    units = Unit.objects.open().filter(pk__in=readable_units(access)).order_by("pk")
    context = {
        "unit": unit,
        "form": form,
        "items": items_of(unit),
        "keeps": access.on_unit("piece.price", unit.pk),
        "switch": {"teams": unit_links("incentives:piece-items", unit, units)},
    }
    return render(request, "incentives/piece_items.html", context)


@require_POST
def add(request, unit_id):
    unit = unit_for(request.user, unit_id, "piece.price")
    form = _form(unit, request.POST)
    if form.is_valid() and carried_out(form, piece_items.add, unit, actor=request.user, **form.cleaned_data):
        messages.success(request, f"已加上“{form.cleaned_data['name']}”。")
        return redirect("incentives:piece-items", unit.pk)
    return _page(request, unit, form)


@require_POST
def install(request, unit_id):
    unit = unit_for(request.user, unit_id, "piece.price")
    back = ("incentives:piece-items", [unit.pk])
    return carry_out(request, "常用项目已装好，请逐条核对单价。", back, piece_items.install_preset, unit)


@require_POST
def end(request, item_id):
    item = get_object_or_404(PieceItem.objects.select_related("unit"), pk=item_id)
    unit = unit_for(request.user, item.unit_id, "piece.price")
    return carry_out(request, f"“{item}”已停用。", ("incentives:piece-items", [unit.pk]), piece_items.end, item)
