"""Serving stored photos and documents to those who may see the team, or a page that shows the photo to them."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from teams.access import team_for
from teams.models import Attachment
from teams.photos import shown_above


@require_safe
def photo(request, attachment_id):
    attachment = get_object_or_404(Attachment, pk=attachment_id)
    if not shown_above(request.user, attachment):
        team_for(request.user, attachment.team_id, "team.view")
    kept = {"content_type": attachment.content_type}
    if not attachment.is_photo:
        kept |= {"as_attachment": True, "filename": attachment.name}
    return FileResponse(attachment.file.open("rb"), **kept)
