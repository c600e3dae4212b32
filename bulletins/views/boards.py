"""The board wall and single boards; open to everybody, showing each viewer no more than the audience allows."""

import segno
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bulletins import selectors
from bulletins.forms import WallForm
from bulletins.models import Bulletin
from bulletins.services import digest
from bulletins.services.receipts import read_by
from bulletins.sheets import workbook
from bulletins.tables import seen_by
from bulletins.watermarks import watermark
from teams.downloads import workbook_response
from teams.selectors import page_of


@login_not_required
@require_safe
def wall(request):
    periods = selectors.periods_posted()
    form = WallForm(request.GET or None, periods=periods)
    filtered = bool(set(request.GET) - {"page"})
    boards = selectors.wall(form.cleaned_data) if form.is_valid() else Bulletin.objects.none()
    if not filtered:
        latest = {"period": periods[0]} if periods else {}
        form, boards = WallForm(initial=latest, periods=periods), selectors.wall(latest)
    page = page_of(boards, request)
    context = {"form": form, "page": page, "units": selectors.by_team(page), "filtered": filtered}
    return render(request, "bulletins/wall.html", context)


def _board_context(request, serial):
    bulletin = get_object_or_404(Bulletin.objects.select_related("unit", "team", "published_by"), serial=serial)
    address = request.build_absolute_uri(reverse("bulletins:board", args=[serial]))
    return {
        "bulletin": bulletin,
        "board": seen_by(bulletin.content, selectors.viewer_of(request.user, bulletin)),
        "intact": digest(bulletin) == bulletin.content_hash,
        "qr": segno.make(address, error="m").svg_data_uri(scale=3, border=2, light="white"),
        "address": address,
    }


@login_not_required
@require_safe
def board(request, serial):
    context = _board_context(request, serial)
    context["revisions"] = selectors.revisions(context["bulletin"])
    context["siblings"] = selectors.siblings(context["bulletin"])
    _note_reading(request, context)
    return render(request, "bulletins/board.html", context)


def _note_reading(request, context):
    """Who signed in has read the board; who sees people's figures gets the mark over them."""
    if not request.user.is_authenticated:
        return
    if request.method == "GET":
        read_by(context["bulletin"], request.user)
    if context["board"]["personal"]:
        context["watermark"] = watermark(request.user)


@login_not_required
@require_safe
def download(request, serial):
    """What the viewer may see of the board as a workbook."""
    context = _board_context(request, serial)
    bulletin = context["bulletin"]
    if context["board"]["others"] and request.user.is_authenticated:
        read_by(bulletin, request.user)
    revision = f"第{bulletin.revision}版" if bulletin.revision > 1 else ""
    return workbook_response(workbook(bulletin, context["board"]), f"{bulletin.title}{revision}")
