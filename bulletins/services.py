"""Posting boards: one append-only row each, chained by hash within its unit."""

import datetime
import hashlib
import json

from django.db import transaction
from django.utils import timezone

from bulletins.models import Bulletin
from teams import audit
from teams.models import Unit
from teams.workdays import last_day_of_notice

NOTICE_DAYS = 3
GENESIS = "0" * 64
LETTERS = {
    Bulletin.Kind.SCORES: "K",
    Bulletin.Kind.ATTENDANCE: "Q",
    Bulletin.Kind.BONUS: "J",
    Bulletin.Kind.EXPENSES: "F",
}


def publish(board, *, team, period, actor, notice_days=NOTICE_DAYS):
    """Post one Board for a team's month; returns its Bulletin. See publish_all."""
    return publish_all([board], team=team, period=period, actor=actor, notice_days=notice_days)[0]


@transaction.atomic
def publish_all(boards, *, team, period, actor, notice_days=NOTICE_DAYS):
    """Post Boards for a team's month in one deed; returns their Bulletins.

    Posting the same content again returns what already hangs there; other content becomes a further revision. The
    notice runs for `notice_days` full working days from tomorrow on.
    """
    Unit.objects.select_for_update().get(pk=team.unit_id)
    posted = [_post(board, team, period, actor, notice_days) for board in boards]
    new = [bulletin for bulletin, is_new in posted if is_new]
    if new:
        hashes = {bulletin.serial: bulletin.content_hash for bulletin in new}
        audit.record("board.published", new[0], actor=actor, unit=team.unit, after=hashes)
    return [bulletin for bulletin, _ in posted]


def _post(board, team, period, actor, notice_days):
    """The Bulletin of a board, and whether it is a new one."""
    latest = Bulletin.objects.filter(kind=board.kind, team=team, period=period).order_by("-revision").first()
    content = json.loads(json.dumps(board.content()))
    if latest and latest.content == content:
        return latest, False
    bulletin = _compose(board, content, team, period, latest, notice_days)
    bulletin.published_by = actor
    bulletin.content_hash = digest(bulletin)
    bulletin.save(force_insert=True)
    return bulletin, True


def _compose(board, content, team, period, latest, notice_days):
    revision = latest.revision + 1 if latest else 1
    today = timezone.localdate()
    return Bulletin(
        serial=f"{period}{LETTERS[board.kind]}{team.pk:04d}-{revision}",
        kind=board.kind,
        unit_id=team.unit_id,
        team=team,
        period=period,
        revision=revision,
        title=board.title,
        content=content,
        notice_starts_on=today,
        notice_ends_on=last_day_of_notice(today + datetime.timedelta(days=1), notice_days),
        published_at=timezone.now(),
        previous_hash=_head(team.unit_id),
    )


def _head(unit_id):
    return (
        Bulletin.objects.filter(unit=unit_id).order_by("-id").values_list("content_hash", flat=True).first() or GENESIS
    )


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
    }
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def first_broken(unit):
    """Walk a unit's chain: the first Bulletin whose hash or link is wrong, or None when every board is as posted."""
    previous = GENESIS
    for bulletin in Bulletin.objects.filter(unit=unit).order_by("id").iterator(chunk_size=200):
        if bulletin.previous_hash != previous or digest(bulletin) != bulletin.content_hash:
            return bulletin
        previous = bulletin.content_hash
    return None
