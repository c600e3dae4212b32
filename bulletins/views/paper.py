"""Boards as a PDF for the wall: one board, or all of a team's month in one go; each viewer gets what they may see."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_list_or_404, get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from bulletins import selectors
from bulletins.models import Bulletin
from bulletins.paper.printing import SIZES, PaperRefused, pdf
from bulletins.paper.sheets import sheet_of
from bulletins.services.receipts import read_by
from bulletins.watermarks import watermark
from teams import periods
from teams.downloads import pdf_response
from teams.models import Team

BOARDS = Bulletin.objects.select_related("unit", "team", "closing").prefetch_related("corrections")


@login_not_required
@require_safe
def board(request, serial):
    """One board, `?size=a3` on large paper."""
    bulletin = get_object_or_404(BOARDS, serial=serial)
    revision = f"第{bulletin.revision}版" if bulletin.revision > 1 else ""
    return _print(request, [bulletin], f"{bulletin.title}{revision}")


@login_not_required
@require_safe
def month(request, team_id, period):
    """Every current board of a team's month in one document."""
    team = get_object_or_404(Team, pk=team_id)
    bulletins = get_list_or_404(BOARDS.current(), team=team, period=period)
    bulletins.sort(key=selectors.kind_order)
    return _print(request, bulletins, f"{team.name}{periods.label(period)}公告")


def _print(request, bulletins, title):
    """The PDF; or back to the first board with the reason why there is none."""
    sheets = [
        sheet_of(bulletin, selectors.viewer_of(request.user, bulletin), _address(request, bulletin))
        for bulletin in bulletins
    ]
    size = request.GET.get("size") if request.GET.get("size") in SIZES else SIZES[0]
    try:
        content = pdf(sheets, title=title, size=size, watermark=_watermark(request.user, sheets))
    except PaperRefused as error:
        messages.error(request, str(error))
        return redirect("bulletins:board", bulletins[0].serial)
    for bulletin, sheet in zip(bulletins, sheets, strict=True):
        if sheet["others"] and request.user.is_authenticated and request.method == "GET":
            read_by(bulletin, request.user)
    return pdf_response(content, title, is_download=False)


def _address(request, bulletin):
    return request.build_absolute_uri(reverse("bulletins:verified", args=[bulletin.serial]))


def _watermark(user, sheets):
    """Who printed people's figures, and when."""
    return watermark(user) if user.is_authenticated and any(sheet["personal"] for sheet in sheets) else ""
