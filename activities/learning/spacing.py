"""Which practice card comes next: pure arithmetic on what a person has said about each."""

import datetime
from dataclasses import dataclass

KNOWN, UNSURE, UNKNOWN = "known", "unsure", "unknown"
DAY = datetime.timedelta(days=1)
REST = {UNKNOWN: datetime.timedelta(minutes=10), UNSURE: DAY}
"""How long a card rests after the answer; one that is known rests the longer, the more often in a row it was."""
REST_OF_KNOWN = (3 * DAY, 7 * DAY, 30 * DAY)
FIRST = {UNKNOWN: 0, UNSURE: 1, None: 2, KNOWN: 3}
"""Of the cards that have rested: unknown, unsure, never seen, known."""


@dataclass(frozen=True)
class Seen:
    """What a person last said about a card and when; `streak` is how often in a row it was known. Never seen: None."""

    card: int
    result: str | None = None
    at: datetime.datetime | None = None
    streak: int = 0


def due_at(seen):
    """When the card has rested enough; None for one never seen."""
    if seen.at is None:
        return None
    if seen.result == KNOWN:
        return seen.at + REST_OF_KNOWN[min(max(seen.streak, 1), len(REST_OF_KNOWN)) - 1]
    return seen.at + REST[seen.result]


def is_due(seen, now):
    """Whether the card is to be asked now."""
    return seen.at is None or due_at(seen) <= now


def next_card(cards, now):
    """The Seen to ask next: of those due by FIRST, then longest ago, then by id; with none due the one due soonest.

    None without cards.
    """
    ready = [seen for seen in cards if is_due(seen, now)]
    if ready:
        return min(ready, key=lambda seen: (FIRST[seen.result], seen.at.timestamp() if seen.at else 0, seen.card))
    return min(cards, key=lambda seen: (due_at(seen), seen.card), default=None)


def seen_by_card(cards, answers):
    """[Seen] of card ids, from (card id, result, moment) in the order of time."""
    last = {card: Seen(card) for card in cards}
    for card, result, at in answers:
        if card in last:
            streak = last[card].streak + 1 if result == KNOWN else 0
            last[card] = Seen(card, result, at, streak)
    return list(last.values())
