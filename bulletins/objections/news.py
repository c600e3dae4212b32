"""What the home page tells people about objections: what they have to answer, and what was answered to them."""

import datetime

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Objection
from bulletins.objections.access import held_by
from bulletins.objections.lateness import left_text
from bulletins.objections.lists import waiting_for

State = Objection.State
TITLES = {State.FILED: "受理异议", State.ACCEPTED: "答复异议", State.UPHELD: "更正异议"}
ENDS = {
    State.UPHELD: ("wait", "应当更正"),
    State.KEPT: ("ok", "维持"),
    State.REFUSED: ("warn", "不予受理"),
    State.CORRECTED: ("ok", "已更正"),
}
SINGLE = 3
"""Up to so many stand one by one; more of them in one line that leads to the list."""
TOLD_FOR = datetime.timedelta(days=7)
"""How long people are told of an answer."""


def news_for(user):
    """(title, detail, address, kind of state, word) of each line for this person's home page."""
    yield from _waiting(waiting_for(user))
    yield from _answered(user)


def _waiting(turns):
    own, above = [row for row, is_above in turns if not is_above], [row for row, is_above in turns if is_above]
    if len(own) > SINGLE:
        late = sum(_is_late(row) for row in own)
        words = f"有 {len(own)} 条异议等您办" + (f"，{late} 条已逾期" if late else "")
        yield "异议", words, f"{reverse('bulletins:objections')}?mine=waiting", *_state(late)
    else:
        yield from (_turn(row) for row in own)
    for row in above:
        yield "下级逾期的异议", _detail(row), _address(row), "bad", "逾期"


def _turn(row):
    return TITLES[row.state], _detail(row), _address(row), *_state(_is_late(row))


def _state(is_late):
    return ("bad", "已逾期") if is_late else ("wait", "待办")


def _is_late(row):
    return row.due_on is not None and row.left < 0


def _detail(row):
    left = left_text(row)
    return f"{row.bulletin}：{row.label}" + (f"，{left}" if left else "")


def _address(row):
    return reverse("bulletins:objection", args=[row.pk])


def _answered(user):
    since = timezone.now() - TOLD_FOR
    rows = Objection.objects.filter(held_by(user), state__in=ENDS, decided_at__gte=since).exclude(decided_by=user)
    for row in rows.select_related("bulletin").distinct().order_by(F("decided_at").desc()):
        yield "异议已答复", f"{row.bulletin}：{row.label}", _address(row), *ENDS[row.state]
