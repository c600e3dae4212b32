"""Displays of the units for which somebody sets them up, and the screen itself, which nobody signs in to."""

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.forms.displays import DisplayForm
from bulletins.models import Display
from bulletins.rotation import turn_of
from bulletins.services import displays
from teams.access import access_of, require, unit_for
from teams.actions import carried_out, carry_out
from teams.errors import TeamError
from teams.figures import whole_number
from teams.selectors import page_of


@require_safe
def display_list(request):
    """All displays in use in the units for which the person sets them up."""
    require(request.user, "display.manage")
    units = access_of(request.user).units("display.manage")
    found = Display.objects.in_use().filter(unit__in=units).select_related("unit").prefetch_related("teams")
    context = {"page": page_of(found, request), "units": units}
    return render(request, "bulletins/displays.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, unit_id):
    unit = unit_for(request.user, unit_id, "display.manage")
    form = DisplayForm(request.POST if request.method == "POST" else None, unit=unit, initial=DisplayForm.initial_of())
    if form.is_valid():
        added = _added(request, form, unit)
        if added:
            return render(request, "bulletins/display_address.html", added)
    return render(request, "bulletins/display_form.html", {"unit": unit, "form": form})


def _added(request, form, unit):
    """The new display and its address, which is shown in this answer and never again; None when it was refused."""
    try:
        display, token = displays.add_display(unit, actor=request.user, **form.cleaned_data)
    except TeamError as error:
        form.add_error(None, str(error))
        return None
    address = request.build_absolute_uri(reverse("bulletins:screen", args=[token]))
    return {"display": display, "address": address, "qr": _qr(address)}


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, display_id):
    display = _display_for(request.user, display_id)
    sent = request.POST if request.method == "POST" else None
    form = DisplayForm(sent, unit=display.unit, initial=DisplayForm.initial_of(display))
    if form.is_valid() and carried_out(form, displays.change_display, display, actor=request.user, **form.cleaned_data):
        messages.success(request, f"大屏“{form.cleaned_data['name']}”已保存，下一次换榜就照新的放。")
        return redirect("bulletins:displays")
    return render(request, "bulletins/display_form.html", {"unit": display.unit, "display": display, "form": form})


@require_POST
def revoke(request, display_id):
    display = _display_for(request.user, display_id)
    done = f"大屏“{display.name}”已停用，原来的地址不再显示内容。"
    return carry_out(request, done, ("bulletins:displays", []), displays.revoke_display, display)


def _display_for(user, display_id):
    display = get_object_or_404(Display.objects.select_related("unit"), pk=display_id)
    unit_for(user, display.unit_id, "display.manage")
    return display


@login_not_required
@never_cache
@require_safe
def screen(request, token):
    """What a TV shows now: public figures only, whoever is signed in. A revoked display is gone (410)."""
    display = Display.objects.with_token(token).select_related("unit").first()
    if display is None:
        raise Http404
    if display.revoked_at:
        return render(request, "bulletins/screen.html", {"display": display}, status=410)
    if request.method == "GET":
        displays.note_seen(display)
    turn = turn_of(display, *(whole_number(request.GET.get(name, "")) for name in ("board", "part")))
    return render(request, "bulletins/screen.html", {"display": display, "turn": turn, "qr": _board_qr(request, turn)})


def _board_qr(request, turn):
    return turn and _qr(request.build_absolute_uri(reverse("bulletins:board", args=[turn.bulletin.serial])))


def _qr(address):
    return segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="white")
