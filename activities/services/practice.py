"""Practice cards: written, mended, retired, brought in by workbook; and what people say when they practise."""

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.learning.card_sheet import cards_in
from activities.models import Practice, PracticeCard
from teams import audit
from teams.models import Unit

STALE = "这张卡刚刚停用了，请刷新页面再看。"


@transaction.atomic
def write_card(unit, *, question, answer, trade, actor):
    """Write a card of a unit; returns it. Raises ActivityError when the unit has this question already."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    _require_new(unit, question)
    card = PracticeCard.objects.create(unit=unit, question=question, answer=answer, trade=trade, written_by=actor)
    audit.record("practice_card.written", card, actor=actor, unit=unit, after={"trade": trade})
    return card


@transaction.atomic
def change_card(card, *, question, answer, trade, actor):
    """Put the words of a card in use right; the trail keeps those before."""
    Unit.objects.select_for_update().get(pk=card.unit_id)
    _require_new(card.unit, question, but=card)
    after = {"question": question, "answer": answer, "trade": trade}
    before = {name: getattr(card, name) for name in after}
    if before == after:
        raise ActivityError("内容没有变，不用保存。")
    if not PracticeCard.objects.filter(pk=card.pk, retired_on__isnull=True, **before).update(**after):
        raise StaleState("这张卡刚刚被别人改过或停用了，请刷新页面再看。")
    audit.record("practice_card.changed", card, actor=actor, unit=card.unit, before=before, after=after)


@transaction.atomic
def retire_card(card, *, actor):
    """The card is not asked any more; what people said about it stays."""
    cards = PracticeCard.objects.filter(pk=card.pk, retired_on__isnull=True)
    if not cards.update(retired_on=timezone.localdate()):
        raise StaleState(STALE)
    audit.record("practice_card.retired", card, actor=actor, unit=card.unit)


@transaction.atomic
def import_cards(unit, sheets, *, actor):
    """Take over the cards of a workbook (see teams.workbooks.read_workbook), all or none; returns how many."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    known = _in_use(unit).values_list("question", flat=True)
    cards = cards_in(sheets, known)
    PracticeCard.objects.bulk_create(PracticeCard(unit=unit, written_by=actor, **vars(card)) for card in cards)
    audit.record("practice_card.imported", unit, actor=actor, unit=unit, after={"count": len(cards)})
    return len(cards)


@transaction.atomic
def answer(card, result, *, unit, actor):
    """Keep what a person says about a card after seeing the answer; `unit` is the person's own, for the trail."""
    if PracticeCard.objects.filter(pk=card.pk, retired_on__isnull=False).exists():
        raise StaleState(STALE)
    Practice.objects.create(card=card, user=actor, result=result)
    audit.record("practice.answered", card, actor=actor, unit=unit, after={"result": result})


def _in_use(unit):
    return PracticeCard.objects.filter(unit=unit, retired_on__isnull=True)


def _require_new(unit, question, but=None):
    if _in_use(unit).filter(question=question).exclude(pk=but and but.pk).exists():
        raise ActivityError("这道题本单位已经有了，不用再写。")
