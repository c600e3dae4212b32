"""What every paper that one person proposes and another one decides shares: it is decided once.

A proposal has `state` (proposed, approved, refused, withdrawn), `proposed_by`, `user` (whom it is about), `decided_by` and
`decided_at`; its name in sentences is the verbose name of its model.
"""

from django.utils import timezone

from teams.errors import StaleState, TeamError


def require_somebody_else(proposal, actor):
    """Raise TeamError when the person proposed it, or is the one it is about."""
    if actor.pk in (proposal.proposed_by_id, proposal.user_id):
        raise TeamError(f"{_name(proposal)}要由提出人和本人以外的负责人审批。")


def require_proposer(proposal, actor):
    """Raise TeamError unless the person proposed it."""
    if proposal.proposed_by_id != actor.pk:
        raise TeamError("只有提出人能撤回。")


def decide(proposal, state, actor, **fields):
    """Compare-and-set from proposed to `state`; raises StaleState when it was decided already."""
    pending = type(proposal).objects.filter(pk=proposal.pk, state=type(proposal).State.PROPOSED)
    if not pending.update(state=state, decided_by=actor, decided_at=timezone.now(), **fields):
        raise StaleState(f"这条{_name(proposal)}已经办过了。")
    proposal.refresh_from_db()


def _name(proposal):
    return proposal._meta.verbose_name
