"""Notices: the list of those that one may post and take back, and the form for a new one."""

import secrets

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bulletins.errors import BulletinError
from bulletins.forms import NoticeForm
from bulletins.models import Bulletin
from bulletins.preview import eyes_at, preview_by_hand
from bulletins.services import notices
from teams.access import access_of, require, team_for, unit_for
from teams.actions import carried_out, carry_out_with_reason
from teams.selectors import page_of


@require_safe
def notice_list(request):
    """What was posted by hand and now hangs for the teams and units on which the person posts them."""
    require(request.user, "board.notice")
    access = access_of(request.user)
    own = Q(team__in=access.teams("board.notice")) | Q(team=None, unit__in=access.units("board.notice"))
    by_hand = {"kind__in": notices.BY_HAND, "topic__startswith": notices.TOPIC}
    rows = Bulletin.objects.current().filter(own, **by_hand).select_related("unit", "team__unit")
    page = page_of(rows.select_related("published_by").order_by("-published_at"), request)
    return render(request, "bulletins/notice_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_notice(request):
    require(request.user, "board.notice")
    data = request.POST if request.method == "POST" else None
    form = NoticeForm(data, request.FILES or None, user=request.user, initial={"key": secrets.token_hex(6)})
    if request.POST.get("look"):
        return _looked(request, form)
    if form.is_valid() and carried_out(
        form, notices.post_notice, form.chosen_place, form.cleaned_data, actor=request.user
    ):
        messages.success(request, f"“{form.cleaned_data['title']}”已张榜。")
        return redirect("bulletins:notices")
    return render(request, "bulletins/notice_form.html", {"form": form})


def _looked(request, form):
    """The form once more with what would hang, through the eyes that were asked for; nothing is posted."""
    context = {"form": form}
    if form.is_valid():
        place = form.chosen_place
        all_eyes, eyes = eyes_at(place.get("team"), request.POST["look"], by_hand=True)
        try:
            context |= {"preview": preview_by_hand(place, form.cleaned_data, eyes), "all_eyes": all_eyes, "eyes": eyes}
            context["form"] = _again(request, form)
        except BulletinError as error:
            form.add_error(None, str(error))
    return render(request, "bulletins/notice_form.html", context)


def _again(request, form):
    """The valid form with the table that was read, for a browser sends no file a second time."""
    data = request.POST.copy()
    data["read"] = form.packed()
    return NoticeForm(data, user=request.user)


@require_POST
def withdraw(request, serial):
    bulletin = get_object_or_404(Bulletin.objects.select_related("unit", "team__unit"), serial=serial)
    if bulletin.kind != Bulletin.Kind.NOTICE:
        raise Http404
    if bulletin.team:
        team_for(request.user, bulletin.team_id, "board.notice")
    else:
        unit_for(request.user, bulletin.unit_id, "board.notice")
    done = f"“{bulletin.title}”已撤回，公告栏上另出一版说明。"
    return carry_out_with_reason(request, done, ("bulletins:notices", []), notices.withdraw_notice, bulletin)
