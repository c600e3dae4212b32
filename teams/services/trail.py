"""Sealing the trail: runs of entries are hashed and chained, so that what is taken out or changed later shows."""

import datetime
import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone

from teams.models import AuditEntry, AuditSeal

GENESIS = "0" * 64
SETTLED_AFTER = datetime.timedelta(minutes=5)
"""Entries get their number before they are committed; by this age the transaction of a smaller number has ended."""
RUN = 2000


def seal(now=None):
    """Seal the next run of settled entries; returns the AuditSeal, or None when there is nothing to seal.

    Harmless to repeat and to run twice at once: a chain link can be forged onto only one seal.
    """
    latest = AuditSeal.objects.order_by("-id").first()
    last, previous = (latest.last, latest.digest) if latest else (0, GENESIS)
    settled = AuditEntry.objects.filter(pk__gt=last, at__lt=(now or timezone.now()) - SETTLED_AFTER)
    entries = list(settled.order_by("pk")[:RUN])
    if not entries:
        return None
    run = {"first": entries[0].pk, "last": entries[-1].pk, "count": len(entries)}
    try:
        with transaction.atomic():
            return AuditSeal.objects.create(**run, previous=previous, digest=digest(previous, entries))
    except IntegrityError:
        return None


def digest(previous, entries):
    """The sha256 over a run of entries and the digest before it."""
    body = json.dumps([previous, *(_kept(entry) for entry in entries)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _kept(entry):
    names = ("id", "actor_id", "verb", "object_type", "object_id", "label", "unit_id", "before", "after", "address")
    return {name: getattr(entry, name) for name in names} | {"at": entry.at.astimezone(datetime.UTC).isoformat()}


def first_broken():
    """Walk all seals: the first AuditSeal whose run of entries or link is no longer as sealed, or None."""
    previous, last = GENESIS, 0
    for found in AuditSeal.objects.order_by("id").iterator(chunk_size=100):
        entries = list(AuditEntry.objects.filter(pk__gt=last, pk__lte=found.last).order_by("pk"))
        whole = len(entries) == found.count and found.previous == previous
        if not whole or digest(previous, entries) != found.digest:
            return found
        previous, last = found.digest, found.last
    return None


def head():
    """The latest seal, to be written down outside the database; None before the first."""
    return AuditSeal.objects.order_by("-id").first()
