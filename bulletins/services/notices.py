"""通知: what a unit or a team tells, posted through the same chain; taken back only by a further revision that says so."""

from django.db import transaction
from django.utils import timezone

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Bulletin
from bulletins.services.publishing import publish
from bulletins.tables import Board, Note
from teams import periods
from teams.models import Unit

NOTICE = Bulletin.Kind.NOTICE


@transaction.atomic
def post_notice(place, wish, *, actor):
    """Post a notice of a team or a unit; returns its Bulletin. Sent twice with the same key it hangs once.

    `place` is {"team": Team} or {"unit": Unit}, `wish` has key, title, text, audience and days (full working days).
    """
    topic, period = f"notice:{wish['key']}", periods.current_period()
    Unit.objects.select_for_update().get(pk=(place.get("unit") or place["team"].unit).pk)
    if posted := Bulletin.objects.filter(kind=NOTICE, topic=topic).first():
        return _require_same(posted, wish)
    return publish(_board(wish), period=period, topic=topic, actor=actor, days=wish["days"], **place)


def _board(wish):
    paragraphs = [line.strip() for line in wish["text"].splitlines() if line.strip()]
    return Board(NOTICE, wish["title"], [], [], [], notes=[Note(line, wish["audience"]) for line in paragraphs])


def _require_same(posted, wish):
    if (posted.title, posted.content["notes"]) != (wish["title"], _board(wish).content()["notes"]):
        raise BulletinError("这条通知已经张榜，不能再改。要改请先撤回，再另发一条。")
    return posted


@transaction.atomic
def withdraw_notice(bulletin, reason, *, actor):
    """Post the revision that says that a notice no longer holds, to whom it was meant; the first stays readable.

    Raises StaleState when it is withdrawn already.
    """
    Unit.objects.select_for_update().get(pk=bulletin.unit_id)
    if Bulletin.objects.filter(kind=NOTICE, topic=bulletin.topic).exclude(pk=bulletin.pk).exists():
        raise StaleState("这条通知已经撤回。")
    said = f"本通知（编号 {bulletin.serial}）于 {timezone.localdate()} 撤回，不再有效。原因：{reason}"
    board = Board(NOTICE, f"（已撤回）{bulletin.title}", [], [], [], notes=[Note(said, _audience(bulletin))])
    place = {"team": bulletin.team} if bulletin.team else {"unit": bulletin.unit}
    publish(board, period=bulletin.period, topic=bulletin.topic, actor=actor, days=1, **place)


def _audience(bulletin):
    return bulletin.content["notes"][0]["audience"]
