"""What of titles waits for whom: rechecks and rectifications for the union that decides, reminders for who bears a title."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.honours.own import own_rows
from assessments.honours.title_access import WHOLE
from assessments.honours.title_days import AHEAD, LAST_CALL
from assessments.honours.titles import to_recheck
from assessments.models import Recheck, Title
from teams.access import access_of

State = Title.State


def waiting_for(user):
    """(title, detail, address, kind of state, word) of each line for this person's home page; few queries."""
    today = timezone.localdate()
    yield from _to_decide(user, today)
    yield from _own(user, today)


def _to_decide(user, today):
    if not access_of(user).unit_ids("title.recheck"):
        return
    rechecks, mending = to_recheck(user)
    for row in rechecks.exclude(own_rows(user, "title__")):
        detail = f"{row.title.holder.name}“{row.title.name}”，{row.due_on} 前"
        yield "称号复评", detail, reverse("assessments:title-recheck", args=[row.pk]), *_urgency(row.due_on, today)
    for title in mending.exclude(own_rows(user)):
        detail = f"{title.holder.name}“{title.name}”，{title.rectify_until} 到期"
        yield "验收称号整改", detail, _page(title), *_urgency(title.rectify_until, today)


def _urgency(day, today):
    """(kind of state, word) of something that is due on a day."""
    left = (day - today).days
    if left < 0:
        return "bad", "已过期"
    return "warn" if left <= LAST_CALL.days else "wait", f"还有 {left} 天" if left else "今天到期"


def _own(user, today):
    """Who bears a title, or leads the team that does, is told what happens to it within the next two months."""
    mine = Q(user=user) | Q(team__in=access_of(user).duty_teams("application.file")) | Q(studio__leader=user)
    soon = Q(valid_to__lte=today + AHEAD) | Q(rechecks__result=Recheck.Result.OPEN) | Q(state=State.RECTIFYING)
    rows = WHOLE.filter(mine, soon, state__in=(State.VALID, State.RECTIFYING)).distinct()
    for title in rows.prefetch_related("rechecks").order_by("valid_to", "id"):
        yield _told(title, today)


def _told(title, today):
    named, due = f"{title.holder.name}“{title.name}”", [row for row in title.rechecks.all() if row.result == "open"]
    if title.state == State.RECTIFYING:
        detail, day, word = f"{named}，{title.rectify_until} 前整改好", title.rectify_until, "称号整改"
    elif due:
        detail, day, word = f"{named}，{due[0].due_on} 前复评，请把一年的记录补齐", due[0].due_on, "称号要复评"
    else:
        detail, day, word = f"{named}，有效期到 {title.valid_to}", title.valid_to, "称号快到期"
    return word, detail, _page(title), *_urgency(day, today)


def _page(title):
    return reverse("assessments:title", args=[title.pk])
