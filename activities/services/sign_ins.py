"""Signing in to an activity by its QR code: the key in the code is open for a while, and a person signs once."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from activities.access import may_sign_in
from activities.errors import ActivityError, StaleState
from activities.models import Activity, ActivityKind, Participant
from teams import audit

OPEN_FOR = datetime.timedelta(hours=4)
OPEN_STATES = (Activity.State.DRAFT, Activity.State.KEPT)


@transaction.atomic
def open_sign_in(activity, *, actor):
    """Open signing in for some hours and return the key of the QR code; opened again it stays the same key."""
    if activity.kind.taking_part != ActivityKind.TakingPart.SIGNED:
        raise ActivityError("这种活动不签到。")
    rows = Activity.objects.filter(pk=activity.pk, state__in=OPEN_STATES)
    key = activity.sign_in_key or uuid.uuid4()
    if not rows.update(sign_in_key=key, sign_in_until=timezone.now() + OPEN_FOR):
        raise StaleState("这条记录已经作废或更正，不能再签到。")
    activity.refresh_from_db()
    audit.record("activity.sign_in_opened", activity, actor=actor, unit=activity.unit)
    return key


@transaction.atomic
def sign_in(key, *, user):
    """Note that a person is there; returns the Participant, the same one when signed in already.

    Raises ActivityError when the time is over or the person belongs to another team or unit.
    """
    activity = (
        Activity.objects.select_for_update(of=("self",))
        .select_related("kind", "unit", "team")
        .filter(sign_in_key=key)
        .first()
    )
    if activity is None:
        raise ActivityError("签到码不对，请重新扫码。")
    known = Participant.objects.filter(activity=activity, user=user).first()
    if known and known.how == Participant.How.SIGNED:
        return known
    if activity.sign_in_until < timezone.now() or activity.state not in OPEN_STATES:
        raise ActivityError("签到已经结束，请让记录人补点。")
    if not may_sign_in(user, activity):
        raise ActivityError("您不在这次活动的班组或单位里。要参加请让记录人点名。")
    participant, _ = Participant.objects.update_or_create(
        activity=activity, user=user, defaults={"how": Participant.How.SIGNED}
    )
    audit.record("activity.signed_in", activity, actor=user, unit=activity.unit, after={"name": user.name})
    return participant
