"""Signing in to an activity: the QR code that hangs on a screen, and the page it leads to."""

import segno
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.models import Activity, Participant
from activities.services import sign_ins
from activities.views.activities import activity_to_change
from teams.actions import carry_out
from teams.errors import TeamError


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request, activity_id):
    """The QR code by which people sign in, large enough for a screen in the workshop."""
    activity = activity_to_change(request.user, activity_id)
    if request.method == "POST":
        back = ("activities:sign-in-code", [activity.pk])
        return carry_out(request, "可以扫码签到了，四小时内有效。", back, sign_ins.open_sign_in, activity)
    context = {"activity": activity, "open": activity.sign_in_until and activity.sign_in_until > timezone.now()}
    return render(
        request, "activities/sign_in_code.html", context | (_code(request, activity) if context["open"] else {})
    )


def _code(request, activity):
    address = request.build_absolute_uri(reverse("activities:sign-in", args=[activity.sign_in_key]))
    return {"address": address, "qr": segno.make(address, error="m").svg_data_uri(scale=8, border=2, light="white")}


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request, key):
    """What a scanned code leads to: one button, and then that one is noted."""
    activity = get_object_or_404(Activity.objects.select_related("kind", "team", "unit"), sign_in_key=key)
    signed = Participant.objects.filter(activity=activity, user=request.user, how=Participant.How.SIGNED).first()
    context = {"activity": activity, "signed": signed}
    if request.method == "POST":
        try:
            context["signed"] = sign_ins.sign_in(key, user=request.user)
        except TeamError as error:
            context["refused"] = str(error)
    return render(request, "activities/sign_in.html", context)
