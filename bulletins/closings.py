"""公示: how long the notice of a board still runs, what holds its end up, and which boards are over."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from bulletins.models import Bulletin, Closing, Objection
from teams.workdays import workdays_among

RUNNING, OVER, DISPUTED = "running", "over", "disputed"
STATES = {RUNNING: "公示中", OVER: "已结束", DISPUTED: "有异议"}
WITHOUT_CLOSING = {Bulletin.Kind.NOTICE}
"""Kinds that only tell something: nobody certifies that their time is over."""


@dataclass(frozen=True)
class Standing:
    """Where a board is in its time: `kind` as in includes/state.html, a word, and a sentence that says more."""

    kind: str
    word: str
    detail: str = ""


def _same_board():
    """Filters for objections to any revision of the board of the outer query."""
    same = {f"bulletin__{name}": OuterRef(name) for name in ("unit", "kind", "period", "topic")}
    rows = Objection.objects.alias(subject=Coalesce("bulletin__team_id", 0))
    return rows.filter(**same, subject=Coalesce(OuterRef("team_id"), 0))


def disputed():
    """Expression over boards: whether an objection to one of its revisions is still open."""
    return Exists(_same_board().filter(state__in=Objection.OPEN))


def objections_open():
    """Expression over boards: how many objections to its revisions are still open."""
    return _number(_same_board().filter(state__in=Objection.OPEN))


def objections_raised():
    """Expression over boards: how many objections were ever raised to its revisions."""
    return _number(_same_board())


def _number(rows):
    counted = rows.order_by().values("bulletin__kind").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def in_state(boards, state):
    """Boards that are RUNNING, OVER or DISPUTED today; one with an open objection is both running and disputed."""
    today = timezone.localdate()
    if state == DISPUTED:
        return boards.filter(disputed())
    if state == OVER:
        return boards.filter(~disputed(), notice_ends_on__lt=today)
    return boards.filter(notice_ends_on__gte=today)


def due_on(day):
    """Current boards without a certificate whose notice ended before a date with nothing open, the oldest first."""
    over = Bulletin.objects.current().filter(~Q(kind__in=WITHOUT_CLOSING), notice_ends_on__lt=day)
    closed = Closing.objects.filter(bulletin=OuterRef("pk"))
    return over.filter(~Exists(closed), ~disputed()).order_by("notice_ends_on", "pk")


def workdays_left(last_day):
    """How many working days are still to come until the last day of a notice, today not counted."""
    today = timezone.localdate()
    days = [today + datetime.timedelta(days=ahead) for ahead in range(1, (last_day - today).days + 1)]
    return sum(workdays_among(days).values()) if days else 0


def standing_of(bulletin, *, superseded, open_objections, closing):
    """The Standing of a board today; `superseded` says that a later revision hangs."""
    if closing:
        return Standing("ok", "公示已结束")
    if superseded:
        return Standing("none", "已有新的一版", "以新的一版为准。")
    if bulletin.notice_ends_on >= timezone.localdate():
        return _running(bulletin, open_objections)
    if bulletin.kind in WITHOUT_CLOSING:
        return Standing("none", "已到期")
    if open_objections:
        held_up = f"公示期已到，还有 {open_objections} 件异议没有办结，办结以后才出公示结束证明。"
        return Standing("warn", "等异议办结", held_up)
    return Standing("wait", "公示期已到", "没有未办结的异议，夜里自动出公示结束证明。")


def _running(bulletin, open_objections):
    left = workdays_left(bulletin.notice_ends_on)
    disputed = f"有 {open_objections} 件异议没有办结。" if open_objections else ""
    return Standing("wait", "公示中", (f"还有 {left} 个工作日。" if left else "今天是最后一天。") + disputed)
