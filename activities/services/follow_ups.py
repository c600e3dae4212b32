"""What has to be done after an activity: done with a word on how it went, or dropped with a reason."""

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.models import ActivityKind, FollowUp
from activities.services.activities import UNNAMED
from teams import audit

State = FollowUp.State


def finish(follow_up, outcome, *, actor):
    """The owner or whoever recorded the activity says that it is done, and how it went."""
    _end(follow_up, State.DONE, actor, outcome)


def drop(follow_up, reason, *, actor):
    """It will not be done; why stays with it."""
    if not reason:
        raise ActivityError("不再办要写明原因。")
    _end(follow_up, State.DROPPED, actor, reason)


@transaction.atomic
def _end(follow_up, state, actor, outcome):
    rows = FollowUp.objects.filter(pk=follow_up.pk, state=State.OPEN)
    if not rows.update(state=state, outcome=outcome, ended_at=timezone.now(), ended_by=actor):
        raise StaleState("这件事已经办结了。")
    follow_up.refresh_from_db()
    secret = follow_up.activity.privacy == ActivityKind.Privacy.CONFIDENTIAL
    after = {} if secret else {"state": follow_up.get_state_display(), "outcome": outcome}
    audit.record(
        "follow_up.ended",
        follow_up,
        actor=actor,
        unit=follow_up.activity.unit,
        after=after,
        label=UNNAMED if secret else None,
    )
