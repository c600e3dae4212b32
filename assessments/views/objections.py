"""Correcting what an objection to a board of scores or attendance was right about: the entry is made, then linked."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.correcting import CAPABILITY, HOW, entries_for
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
    ways = [_where_made(bulletin)]
    return entry_page(request, objection, entries=entries_for(objection), how=HOW[bulletin.kind], ways=ways)


def _where_made(bulletin):
    """(label, address) of the page on which the entry is made."""
    if bulletin.kind == Bulletin.Kind.SCORES:
        day = periods.last_day(bulletin.period)
        return "登记迟到的检查", f"{reverse('assessments:inspect', args=[bulletin.team_id])}?late=on&date={day}"
    return "考勤更正", reverse("teams:corrections", args=[bulletin.team_id, bulletin.period])
