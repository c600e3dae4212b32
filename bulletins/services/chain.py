"""The chain of a unit's boards: every board carries the hash of the one before it."""

import datetime
import hashlib
import json

from bulletins.models import Bulletin

GENESIS = "0" * 64


def digest(bulletin):
    """The sha256 that a bulletin must carry: over its canonical JSON, which includes the hash before it."""
    body = {
        "serial": bulletin.serial,
        "kind": bulletin.kind,
        "unit": bulletin.unit_id,
        "team": bulletin.team_id,
        "period": bulletin.period,
        "revision": bulletin.revision,
        "title": bulletin.title,
        "content": bulletin.content,
        "notice": [bulletin.notice_starts_on.isoformat(), bulletin.notice_ends_on.isoformat()],
        "published_at": bulletin.published_at.astimezone(datetime.UTC).isoformat(),
        "published_by": bulletin.published_by_id,
        "previous": bulletin.previous_hash,
    } | ({"topic": bulletin.topic} if bulletin.topic else {})
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def head_of(unit_id):
    """The hash of the last board of a unit, GENESIS before the first."""
    boards = Bulletin.objects.filter(unit=unit_id).order_by("-id")
    return boards.values_list("content_hash", flat=True).first() or GENESIS
