"""Notes of correction: attached to the board they are about, and where the policy says so the board hangs once more with them."""

from bulletins.models import Bulletin, CorrectionNote
from bulletins.policies import notice_days, policy_for
from bulletins.services.publishing import Place, hang, notice_of, serial_after
from bulletins.tables import nearest
from teams.models import Unit


def note_correction(bulletin, text, *, actor):
    """Attach a note to a board; returns the further revision that hangs for it, or None. Call it inside a transaction.

    The further revision carries the note and has a notice of its own, where the policy begins a notice again after a
    correction and no corrected table hangs already.
    """
    Unit.objects.select_for_update().get(pk=bulletin.unit_id)
    CorrectionNote.objects.create(bulletin=bulletin, text=text, noted_by=actor)
    policy = policy_for(bulletin.unit)
    latest = Place(bulletin.unit, bulletin.team, bulletin.period, bulletin.topic).latest(bulletin.kind)
    if not policy.restart_notice or _table(latest) != _table(bulletin):
        return None
    return hang(_once_more(latest, text, policy), actor)


def _table(bulletin):
    return {key: value for key, value in bulletin.content.items() if key != "corrections"}


def _once_more(latest, text, policy):
    """The next revision of a board with one more note of correction, not stored yet."""
    starts_on, ends_on = notice_of(latest, policy, notice_days(policy, latest.kind))
    same = {name: getattr(latest, name) for name in ("kind", "unit", "team", "period", "topic", "title")}
    note = {"text": f"{starts_on} 更正：{text}", "audience": int(nearest(latest.team_id))}
    return Bulletin(
        **same,
        serial=serial_after(latest, latest.revision + 1),
        revision=latest.revision + 1,
        content=latest.content | {"corrections": [*latest.content.get("corrections", ()), note]},
        notice_starts_on=starts_on,
        notice_ends_on=ends_on,
    )
