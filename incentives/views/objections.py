"""Correcting what an objection to a table of bonuses, expenses or points was right about: the entry is made, then linked."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from bulletins.models import Bulletin, Objection
from bulletins.views.entries import entry_page
from incentives.correcting import CAPABILITY, HOW, entries_for, is_corrected_here, making, worth_of
from teams.access import team_for, unit_for


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, objection_id):
    objection = get_object_or_404(
        Objection.objects.select_related("bulletin__unit", "bulletin__team__unit"), pk=objection_id
    )
    bulletin = objection.bulletin
    if not is_corrected_here(bulletin):
        raise Http404
    reach, pk = (team_for, bulletin.team_id) if bulletin.team_id else (unit_for, bulletin.unit_id)
    reach(request.user, pk, CAPABILITY[bulletin.kind])
    ways = making(request.user, objection)
    worth = worth_of(objection) if bulletin.kind == Bulletin.Kind.BONUS else None
    made = {"entries": entries_for(objection), "how": HOW[bulletin.kind], "ways": ways}
    return entry_page(request, objection, **made, worth=worth)
