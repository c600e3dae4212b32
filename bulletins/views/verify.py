"""Whether a sheet in hand is a board that was posted: for everybody, without signing in, and without people's figures."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bulletins import selectors
from bulletins.forms.verification import EXAMPLE, SerialForm
from bulletins.paper.sheets import SHORT_HASH
from bulletins.services.verification import last_verification
from bulletins.verification import is_intact


@login_not_required
@require_safe
def verify(request):
    """Ask for a serial."""
    form = SerialForm(request.GET or None)
    if form.is_valid():
        return redirect("bulletins:verified", form.cleaned_data["serial"].serial)
    return render(request, "bulletins/verify.html", {"form": form, "example": EXAMPLE})


@login_not_required
@require_safe
def verified(request, serial):
    """What was posted under a serial, to be compared with the sheet; the QR code of every sheet leads here."""
    form = SerialForm({"serial": serial})
    if not form.is_valid():
        return render(request, "bulletins/verify.html", {"form": form, "example": EXAMPLE}, status=404)
    return render(request, "bulletins/verified.html", _standing(form.cleaned_data["serial"]))


def _standing(bulletin):
    """What is told of a board; a note of correction may name people, so that only its day is told."""
    revisions = selectors.revisions(bulletin).defer("content")
    return {
        "bulletin": bulletin,
        "intact": is_intact(bulletin),
        "hash": bulletin.content_hash[:SHORT_HASH],
        "later": [other for other in reversed(revisions) if other.revision > bulletin.revision],
        "earlier": [other for other in reversed(revisions) if other.revision < bulletin.revision],
        "runs": bulletin.notice_ends_on >= timezone.localdate(),
        "closing": getattr(bulletin, "closing", None),
        "head": selectors.latest_head(bulletin.unit_id),
        "proof": last_verification(),
    }
