"""What the home page tells people about objections: what they have to answer, how far their own ones are, what was answered."""

import datetime

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Objection
from bulletins.objections.access import held_by
from bulletins.objections.corrections import worths_for
from bulletins.objections.lateness import due_on, left_text
from bulletins.objections.lists import waiting_for
from teams import periods

State = Objection.State
TITLES = {State.FILED: "受理异议", State.ACCEPTED: "答复异议", State.UPHELD: "更正异议"}
ENDS = {
    State.UPHELD: ("ok", "应当更正"),
    State.KEPT: ("ok", "维持"),
    State.REFUSED: ("none", "不予受理"),
    State.CORRECTED: ("ok", "已更正"),
}
PENDING = {State.FILED: "受理", State.ACCEPTED: "答复"}
"""What somebody else does next with an objection that is under way."""
SINGLE = 3
"""Up to so many stand one by one; more of them in one line that leads to the list."""
TOLD_FOR = datetime.timedelta(days=7)
"""How long people are told of an answer, and of the correction."""


def news_for(user):
    """(title, detail, address, kind of state, word) of each line for this person's home page."""
    yield from _waiting(waiting_for(user))
    yield from _held(user)


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
    return _detail_of(row) + (f"，{left}" if left else "")


def _address(row):
    return reverse("bulletins:objection", args=[row.pk])


def _held(user):
    """What became of those that the person filed or supports: nothing of it is to be done."""
    since = timezone.now() - TOLD_FOR
    corrected = Q(state=State.CORRECTED, steps__state=State.CORRECTED, steps__at__gte=since)
    answered = (Q(state__in=ENDS, decided_at__gte=since) | corrected) & ~Q(decided_by=user)
    rows = Objection.objects.filter(held_by(user)).filter(answered | Q(state__in=PENDING))
    for row in (
        rows.select_related("bulletin")
        .defer("bulletin__content")
        .distinct()
        .order_by(F("decided_at").desc(nulls_first=True))
    ):
        yield _waits(row) if row.state in PENDING else _answered(user, row)


def _waits(row):
    step = PENDING[row.state]
    detail = f"{_detail_of(row)}，等{step}，{periods.day_text(due_on(row))}前{step}"
    return "您的异议", detail, _address(row), "none", row.get_state_display()


def _answered(user, row):
    """With what the correction brings, for the person whose figure it is."""
    worths = worths_for(user, row, own=True) if row.row_user_id == user.pk else []
    detail = "，".join([_detail_of(row), *(worth.text for worth in worths if worth.known)])
    return "异议已答复", detail, _address(row), *ENDS[row.state]


def _detail_of(row):
    return f"{row.bulletin}：{row.label}"
