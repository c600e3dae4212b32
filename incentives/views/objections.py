"""Correcting what an objection to a bonus or expense table was right about: the entry is made, then linked."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from bulletins.models import Objection
from bulletins.views.entries import entry_page
from incentives.correcting import CAPABILITY, HOW, entries_for, making
from teams.access import team_for


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, objection_id):
    objection = get_object_or_404(Objection.objects.select_related("bulletin__team__unit"), pk=objection_id)
    bulletin = objection.bulletin
    if bulletin.kind not in CAPABILITY or bulletin.team is None:
        raise Http404
    team_for(request.user, bulletin.team_id, CAPABILITY[bulletin.kind])
    ways = making(request.user, objection)
    return entry_page(request, objection, entries=entries_for(objection), how=HOW[bulletin.kind], ways=ways)
