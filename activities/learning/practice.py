"""Reads of practice cards: those that a person meets, the next one, how well somebody or a team knows them."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Max
from django.utils import timezone

from activities.learning.reach import present, unit_ids, units_to
from activities.learning.spacing import KNOWN, is_due, next_card, seen_by_card
from activities.models import Practice, PracticeCard
from teams.access import lines_of
from teams.models import Membership, User
from teams.selectors import with_words

RECENT = datetime.timedelta(days=30)


def cards_for(user):
    """Cards in use of the units in sight."""
    return PracticeCard.objects.filter(unit__in=unit_ids(user), retired_on__isnull=True)


def listed(user, *, q="", trade="", unit=None, retired=False):
    """Cards of the units in sight, newest first, narrowed; retired ones only when asked for."""
    rows = PracticeCard.objects.filter(unit__in=unit_ids(user), retired_on__isnull=not retired)
    if trade:
        rows = rows.filter(trade=trade)
    if unit:
        rows = rows.filter(unit=unit)
    rows = with_words(rows, q, "question__icontains", "answer__icontains", "trade__icontains")
    return rows.select_related("unit", "written_by").order_by("-id")


def trades(user):
    """Trades that the cards in sight name."""
    named = cards_for(user).exclude(trade="").order_by("trade")
    return list(named.values_list("trade", flat=True).distinct())


def units_to_write(user):
    """Open units for which the person writes cards."""
    return units_to(user, "practice.write")


def own_trade(user):
    """The trade of the own team, as far as cards name it; empty without."""
    member = Membership.objects.open().filter(user=user).select_related("team").first()
    trade = member.team.trade if member else ""
    return trade if trade in trades(user) else ""


@dataclass(frozen=True)
class Turn:
    """What the practice page shows: the card to answer now, and how far the person has come."""

    card: PracticeCard | None
    is_due: bool
    due: int
    standing: dict


def turn_of(user, trade=""):
    """The Turn of a person among the cards in sight; of a trade those and the ones for everybody."""
    cards = cards_for(user)
    cards = cards.filter(trade__in=["", trade]) if trade else cards
    seen = _seen(user, list(cards.values_list("pk", flat=True)))
    now = timezone.now()
    chosen = next_card(seen, now)
    card = PracticeCard.objects.get(pk=chosen.card) if chosen else None
    due = [row for row in seen if is_due(row, now)]
    return Turn(card, bool(due), len(due), standing_of(seen))


def _seen(user, ids):
    answers = Practice.objects.filter(user=user, card__in=ids).order_by("id").values_list("card_id", "result", "at")
    return seen_by_card(ids, answers)


def standing_of(seen):
    """{result or "new": how many cards} by the last answer."""
    counts = Counter(row.result or "new" for row in seen)
    return {key: counts[key] for key in (*Practice.Result.values, "new")}


@dataclass
class Standing:
    """How one member of a team practises; `known` cards by the last answer, of `cards` in use."""

    user: User
    cards: int
    known: int = 0
    answered: int = 0
    recent: int = 0
    last_at: object = None
    results: Counter = field(default_factory=Counter)


def of_team(team):
    """[Standing] of the present members of a team by the cards of its unit's line."""
    ids = set(_cards_of(team).values_list("pk", flat=True))
    members = [member.user for member in present([team])]
    answers = defaultdict(list)
    rows = Practice.objects.filter(user__in=members, card__in=ids).order_by("id")
    for user, card, result, at in rows.values_list("user_id", "card_id", "result", "at"):
        answers[user].append((card, result, at))
    return [_standing(user, ids, answers[user.pk]) for user in members]


def _cards_of(team):
    return PracticeCard.objects.filter(unit__in=lines_of({team.unit_id}), retired_on__isnull=True)


def _standing(user, ids, answers):
    since = timezone.now() - RECENT
    results = Counter(row.result for row in seen_by_card(ids, answers) if row.result)
    return Standing(
        user,
        len(ids),
        known=results[KNOWN],
        answered=sum(results.values()),
        recent=sum(at >= since for _, _, at in answers),
        last_at=answers[-1][2] if answers else None,
        results=results,
    )


def hardest(team, most=10):
    """Cards that members of a team last did not know, the most often missed first: (card, how many people)."""
    latest = Practice.objects.filter(user__in=[member.user_id for member in present([team])], card__in=_cards_of(team))
    last = latest.values("user", "card").annotate(last=Max("id")).values("last")
    missed = Practice.objects.filter(pk__in=last).exclude(result=KNOWN)
    counted = missed.values("card").annotate(people=Count("user")).order_by("-people", "card")[:most]
    cards = PracticeCard.objects.in_bulk([row["card"] for row in counted])
    return [(cards[row["card"]], row["people"]) for row in counted]


HEADERS = ["单位", "专业", "题目", "答案", "出题人", "停用日期"]


def exported(cards):
    """Rows of a workbook under HEADERS."""
    return [
        [card.unit.name, card.trade, card.question, card.answer, card.written_by.name, str(card.retired_on or "")]
        for card in cards
    ]
