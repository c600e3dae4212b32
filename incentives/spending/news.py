"""What the home page says about expenses and special awards: what waits for a decision, was refused or given to one."""

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from incentives.models import Expense, SpecialAward
from teams import periods
from teams.figures import yuan_text

DAYS = 7
"""How long a refusal is told."""
TOLD_FOR = datetime.timedelta(days=14)
"""How long an award is told to whom it was given."""
MOST_LINES = 3
"""So many papers of one kind have a line each; more of them are one line that leads to their list."""
REASON = 40
"""So many letters of a reason are told."""


def news_for(user, access):
    """(title, detail, address, kind of state, word) of each item."""
    if access.has("expense.decide"):
        yield from _expenses_to_decide(user, access.teams("expense.decide"))
    if access.has("award.decide"):
        yield from _awards_to_decide(user, access.teams("award.decide"))
    if access.has("expense.enter"):
        yield from _refused(Expense, "费用没有批准", "incentives:expense", user)
    if access.has("award.propose"):
        yield from _refused(SpecialAward, "专项奖励没有批准", "incentives:award", user)
    yield from _given(user)


def _given(user):
    """What the person was awarded, be it for an idea or for anything else."""
    since = timezone.now() - TOLD_FOR
    rows = SpecialAward.objects.filter(user=user, state=SpecialAward.State.APPROVED, decided_at__gte=since)
    for row in rows.order_by("pk"):
        detail = f"{row.get_kind_display()}：{_short(row.reason)}，{yuan_text(row.amount)} 元"
        day = timezone.localdate(row.decided_at)
        yield "得了专项奖励", detail, reverse("incentives:award", args=[row.pk]), "ok", periods.day_text(day)


def _expenses_to_decide(user, teams):
    waiting = Expense.objects.filter(team__in=teams, state=Expense.State.PROPOSED).select_related("team")
    involved = Q(proposed_by=user) | Q(handler=user) | Q(paid_to=user, paid_to__isnull=False)
    rows = list(waiting.exclude(involved).order_by("pk"))
    if len(rows) > MOST_LINES:
        yield "审批班组费用", _together(rows), reverse("incentives:expenses-current"), "wait", "待审批"
        return
    for row in rows:
        detail = f"{row.team} {row.get_subject_display()}：{_short(row.reason)}，{yuan_text(row.amount)} 元"
        yield "审批班组费用", detail, reverse("incentives:expense", args=[row.pk]), "wait", "待审批"


def _awards_to_decide(user, teams):
    waiting = SpecialAward.objects.filter(team__in=teams, state=SpecialAward.State.PROPOSED)
    own = Q(proposed_by=user, proposed_by__isnull=False) | Q(user=user, user__isnull=False)
    rows = list(waiting.exclude(own).select_related("team", "user").order_by("pk"))
    if len(rows) > MOST_LINES:
        yield "批准专项奖励", _together(rows), f"{reverse('incentives:awards')}?state=proposed", "wait", "待批准"
        return
    for row in rows:
        detail = (
            f"{row.team}{row.user or ''} {row.get_kind_display()}：{_short(row.reason)}，{yuan_text(row.amount)} 元"
        )
        yield "批准专项奖励", detail, reverse("incentives:award", args=[row.pk]), "wait", "待批准"


def _together(rows):
    names = "、".join(dict.fromkeys(row.team.name for row in rows))
    return f"{len(rows)} 笔，共 {yuan_text(sum(row.amount for row in rows))} 元：{_short(names)}"


def _short(text):
    return Truncator(text).chars(REASON, truncate="…")


def _refused(model, title, name, user):
    since = timezone.now() - datetime.timedelta(days=DAYS)
    rows = model.objects.filter(proposed_by=user, state="refused", decided_at__gte=since)
    for row in rows.order_by("pk"):
        yield title, f"{_short(row.reason)}：{_short(row.answer)}", reverse(name, args=[row.pk]), "warn", "未批准"
