"""Notes of correction: attached to the board they are about, and where the policy says so the board hangs once more with them."""

import datetime

from django.utils import timezone

from bulletins.models import Bulletin, CorrectionNote
from bulletins.policies import notice_days, policy_for
from bulletins.services.publishing import hang
from bulletins.tables import Audience
from teams.models import Unit
from teams.workdays import last_day_of_notice


def note_correction(bulletin, text, *, actor):
    """Attach a note to a board; returns the further revision that hangs for it, or None. Call it inside a transaction.

    The further revision carries the note and has a notice of its own, where the policy begins a notice again after a
    correction and no corrected table hangs already.
    """
    Unit.objects.select_for_update().get(pk=bulletin.unit_id)
    CorrectionNote.objects.create(bulletin=bulletin, text=text, noted_by=actor)
    policy = policy_for(bulletin.unit)
    latest = _latest(bulletin)
    if not policy.restart_notice or _table(latest) != _table(bulletin):
        return None
    return hang(_once_more(latest, text, notice_days(policy, latest.kind)), actor)


def _latest(bulletin):
    same = {name: getattr(bulletin, name) for name in ("kind", "unit", "team", "period", "topic")}
    return Bulletin.objects.filter(**same).order_by("-revision").first()


def _table(bulletin):
    return {key: value for key, value in bulletin.content.items() if key != "corrections"}


def _once_more(latest, text, days):
    """The next revision of a board with one more note of correction, not stored yet."""
    today, revision = timezone.localdate(), latest.revision + 1
    same = {name: getattr(latest, name) for name in ("kind", "unit", "team", "period", "topic", "title")}
    note = {"text": f"{today} 更正：{text}", "audience": int(Audience.TEAM)}
    return Bulletin(
        **same,
        serial=f"{latest.serial.rpartition('-')[0]}-{revision}",
        revision=revision,
        content=latest.content | {"corrections": [*latest.content.get("corrections", ()), note]},
        notice_starts_on=today,
        notice_ends_on=max(last_day_of_notice(today + datetime.timedelta(days=1), days), latest.notice_ends_on),
    )
