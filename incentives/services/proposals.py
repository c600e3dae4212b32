"""How expenses, special awards and personal adjustments come into being: each form becomes one, however often it is sent."""

from django.db import IntegrityError, transaction

from incentives.errors import AlreadyProposed, IncentiveError

LATER = {"id", "state", "proposed_at", "decided_by", "decided_at", "answer", "posting"}
"""Columns that a form does not fill."""


def require_unsent(proposal, papers, photos):
    """Raise AlreadyProposed when its key has come before with the same content, IncentiveError when with another one.

    `photos` (Attachments) shall become its `papers` ("evidence"); the same photo has the same sha256.
    """
    model = type(proposal)
    sent = proposal.key and model.objects.filter(key=proposal.key).first()
    if not sent:
        return
    if _content(sent, getattr(sent, papers).all()) == _content(proposal, photos):
        raise AlreadyProposed(sent)
    raise IncentiveError(
        f"这一页刚才已经交过一条{model._meta.verbose_name}，这次填的和那次不一样，没有再存。"
        "要改，请先撤回那一条；要另报一条，请重新打开这一页再填。"
    )


def store(proposal, papers, photos):
    """Save a new proposal with its photos. Refuses as require_unsent when the same form was faster on another way."""
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        require_unsent(proposal, papers, photos)
        raise
    getattr(proposal, papers).set(photos)


def _content(proposal, photos):
    fields = [field.attname for field in proposal._meta.concrete_fields if field.name not in LATER]
    return [getattr(proposal, name) for name in fields], sorted(photo.sha256 for photo in photos)
