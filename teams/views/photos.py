"""Serving stored photos and documents to those who may see the team, or a page that shows the photo to them."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from teams.access import access_of
from teams.models import Attachment
from teams.photos import shown_above


@require_safe
def photo(request, attachment_id):
    attachment = get_object_or_404(Attachment.objects.select_related("team"), pk=attachment_id)
    if not _may_see(request.user, attachment):
        raise Http404
    kept = {"content_type": attachment.content_type}
    if not attachment.is_photo:
        kept |= {"as_attachment": True, "filename": attachment.name}
    return FileResponse(attachment.file.open("rb"), **kept)


def _may_see(user, attachment):
    """Whoever sees the team is asked for first: what other pages show takes a query or more each."""
    team = attachment.team
    return bool(team and access_of(user).on_team("team.view", team)) or shown_above(user, attachment)
