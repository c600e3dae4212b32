"""Correcting what an objection to a board of scores or attendance was right about: the entry is made, then linked."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.award_room import words_about
from assessments.correcting import CAPABILITY, HOW, entries_for, left_out
from assessments.services.corrections import link_sheet
from bulletins.models import Bulletin, Objection
from bulletins.views.entries import entry_page
from teams import periods
from teams.access import team_for


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, objection_id):
    objection = get_object_or_404(Objection.objects.select_related("bulletin__team__unit"), pk=objection_id)
    bulletin = objection.bulletin
    if bulletin.kind not in CAPABILITY or bulletin.team is None:
        raise Http404
    team_for(request.user, bulletin.team_id, CAPABILITY[bulletin.kind])
    return entry_page(request, objection, entries=entries_for(objection), linking=link_sheet, **_said(objection))


def _said(objection):
    bulletin, is_open = objection.bulletin, objection.state == Objection.State.UPHELD
    said = {"how": HOW[bulletin.kind], "ways": [_where_made(bulletin)], "left_out": is_open and left_out(objection)}
    if is_open and bulletin.kind == Bulletin.Kind.SCORES:
        said["warning"] = words_about(bulletin.team, periods.last_day(bulletin.period))
    return said


def _where_made(bulletin):
    """(label, address) of the page on which the entry is made."""
    if bulletin.kind == Bulletin.Kind.SCORES:
        day = periods.last_day(bulletin.period)
        return "登记迟到的检查", f"{reverse('assessments:inspect', args=[bulletin.team_id])}?late=on&date={day}"
    return "考勤更正", reverse("teams:corrections", args=[bulletin.team_id, bulletin.period])
