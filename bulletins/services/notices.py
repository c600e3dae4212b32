"""What people post by hand: notices and, of a unit, lists of those proposed, named or ranked; through the same chain.

A notice is taken back only by a further revision that says so; a list hangs as long as the policy says.
"""

from django.db import transaction
from django.utils import timezone

from bulletins.errors import BulletinError, StaleState
from bulletins.models import Bulletin
from bulletins.policies import notice_days, policy_for
from bulletins.services.publishing import publish
from bulletins.tables import Board, Column, Note, Row
from teams import periods
from teams.models import Unit

NOTICE = Bulletin.Kind.NOTICE
BY_HAND = (NOTICE, Bulletin.Kind.NOMINATION, Bulletin.Kind.NAMING, Bulletin.Kind.CONTEST)
TOPIC = "notice:"
"""Begins the topic of what was posted by hand."""


@transaction.atomic
def post_notice(place, wish, *, actor):
    """Post a notice of a team or a unit; returns its Bulletin. Sent twice with the same key it hangs once.

    `place` is {"team": Team} or {"unit": Unit}; `wish` has key, title, text, audience and days (full working days), and may
    have kind (one of BY_HAND) and table (labels, lines of texts). Raises BulletinError for a list that would hang for too
    short a time.
    """
    topic, period, unit = topic_of(wish), periods.current_period(), _unit(place)
    Unit.objects.select_for_update().get(pk=unit.pk)
    if posted := Bulletin.objects.filter(kind__in=BY_HAND, topic=topic).first():
        return _require_same(posted, wish)
    return publish(board_by_hand(place, wish), period=period, topic=topic, actor=actor, days=wish["days"], **place)


def topic_of(wish):
    """The topic under which it hangs."""
    return f"{TOPIC}{wish['key']}"


def _unit(place):
    return place.get("unit") or place["team"].unit


def board_by_hand(place, wish):
    """The Board that post_notice hangs for the same; raises BulletinError for a list that would hang for too short a time."""
    _require_days(_unit(place), wish.get("kind", NOTICE), wish["days"])
    return _board(wish)


def _require_days(unit, kind, days):
    least = notice_days(policy_for(unit), kind)
    if kind != NOTICE and days < least:
        raise BulletinError(f"{Bulletin.Kind(kind).label}至少张贴 {least} 个工作日（见张榜规定），请改天数。")


def _board(wish):
    paragraphs = [line.strip() for line in wish["text"].splitlines() if line.strip()]
    labels, lines = wish.get("table") or ((), ())
    columns = [
        Column(f"c{place}", label, numeric=_is_numeric(lines, place), audience=wish["audience"])
        for place, label in enumerate(labels)
    ]
    rows = [Row(None, {column.key: text for column, text in zip(columns, line, strict=True)}) for line in lines]
    notes = [Note(line, wish["audience"]) for line in paragraphs]
    return Board(wish.get("kind", NOTICE), wish["title"], [], columns, rows, notes=notes)


def _is_numeric(lines, place):
    texts = [line[place].replace(",", "").replace(".", "", 1).lstrip("-") for line in lines if line[place]]
    return bool(texts) and all(text.isdigit() for text in texts)


def _require_same(posted, wish):
    content = _board(wish).content()
    if (posted.title, posted.content["notes"], posted.content["rows"]) != (
        *(wish["title"], content["notes"], content["rows"]),
    ):
        raise BulletinError("这条通知已经张榜，不能再改。要改请先撤回，再另发一条。")
    return posted


@transaction.atomic
def withdraw_notice(bulletin, reason, *, actor):
    """Post the revision that says that a notice no longer holds, to whom it was meant; the first stays readable.

    Raises StaleState when it is withdrawn already.
    """
    Unit.objects.select_for_update().get(pk=bulletin.unit_id)
    if is_withdrawn(bulletin):
        raise StaleState("这条通知已经撤回。")
    said = f"本通知（编号 {bulletin.serial}）于 {timezone.localdate()} 撤回，不再有效。原因：{reason}"
    board = Board(NOTICE, f"（已撤回）{bulletin.title}", [], [], [], notes=[Note(said, _audience(bulletin))])
    place = {"team": bulletin.team} if bulletin.team else {"unit": bulletin.unit}
    publish(board, period=bulletin.period, topic=bulletin.topic, actor=actor, days=1, **place)


def is_withdrawn(bulletin):
    """Whether a later revision says that a notice no longer holds."""
    return Bulletin.objects.filter(kind=NOTICE, topic=bulletin.topic).exclude(pk=bulletin.pk).exists()


def _audience(bulletin):
    return bulletin.content["notes"][0]["audience"]
