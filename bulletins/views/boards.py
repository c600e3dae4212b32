"""The board wall and single boards; open to everybody, showing each viewer no more than the audience allows."""

from functools import lru_cache

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bulletins import selectors
from bulletins.board_page import board_with, page_of_board
from bulletins.forms import WallForm
from bulletins.models import Bulletin
from bulletins.page_cache import is_shared, shared_page, stamp_of
from bulletins.services.receipts import export_noted, read_by
from bulletins.sheets import csv_text, workbook
from bulletins.tables import seen_by
from bulletins.watermarks import watermark
from teams.downloads import csv_response, workbook_response
from teams.selectors import page_of


@login_not_required
@require_safe
def wall(request):
    periods = selectors.periods_posted()
    form = WallForm(request.GET or None, periods=periods)
    filtered = bool(set(request.GET) - {"page"})
    boards = selectors.wall(form.cleaned_data) if form.is_valid() else Bulletin.objects.none()
    if not filtered:
        boards = selectors.first_look(request.user)
    page = page_of(boards, request)
    context = {"form": form, "page": page, "units": selectors.by_team(page), "filtered": filtered}
    context["today"] = timezone.localdate()
    return render(request, "bulletins/wall.html", context)


@login_not_required
@require_safe
def board(request, serial):
    if not is_shared(request):
        return _page(request, serial)
    stamp = stamp_of(serial)
    if stamp is None:
        raise Http404
    return shared_page(request, stamp, lambda: _page(request, serial))


def _page(request, serial):
    bulletin = board_with(serial)
    if bulletin is None:
        raise Http404
    if request.user.is_authenticated and request.method == "GET":
        read_by(bulletin, request.user)
    context = page_of_board(bulletin, request.user) | _where_verified(request, bulletin)
    if request.user.is_authenticated and context["board"]["personal"]:
        context["watermark"] = watermark(request.user)
    return render(request, "bulletins/board.html", context)


def _where_verified(request, bulletin):
    address = request.build_absolute_uri(reverse("bulletins:verified", args=[bulletin.serial]))
    return {"address": address, "qr": _qr(address)}


@lru_cache(maxsize=500)
def _qr(address):
    return segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="white")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def download(request, serial):
    """What the viewer may see of the board as a workbook, or with `as=csv` as lines; other people's figures leave a trail."""
    bulletin = get_object_or_404(Bulletin.objects.select_related("unit", "team"), serial=serial)
    seen = seen_by(bulletin.content, selectors.viewer_of(request.user, bulletin))
    if seen["others"] and request.method != "POST":
        messages.info(request, "这张榜上有别人的数据，下载要留痕：请点页面上的“下载”。")
        return redirect("bulletins:board", serial)
    if seen["others"]:
        export_noted(bulletin, actor=request.user)
    return _file(bulletin, seen, request.POST.get("as") or request.GET.get("as"))


def _file(bulletin, seen, kind):
    name = bulletin.title + (f"第{bulletin.revision}版" if bulletin.revision > 1 else "")
    if kind == "csv":
        return csv_response(csv_text(bulletin, seen), name)
    return workbook_response(workbook(bulletin, seen), name)
