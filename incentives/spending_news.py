"""What the home page says about expenses and special awards: what waits for a decision, what of the own was refused."""

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from incentives.models import Expense, SpecialAward
from teams.figures import yuan_text

DAYS = 7
"""How long a refusal is told."""


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


def _expenses_to_decide(user, teams):
    waiting = Expense.objects.filter(team__in=teams, state=Expense.State.PROPOSED).select_related("team")
    others = waiting.exclude(Q(proposed_by=user) | Q(handler=user) | Q(paid_to=user, paid_to__isnull=False))
    for row in others.order_by("pk"):
        detail = f"{row.team} {row.get_subject_display()}：{row.reason}，{yuan_text(row.amount)} 元"
        yield "审批班组费用", detail, reverse("incentives:expense", args=[row.pk]), "wait", "待审批"


def _awards_to_decide(user, teams):
    waiting = SpecialAward.objects.filter(team__in=teams, state=SpecialAward.State.PROPOSED)
    own = Q(proposed_by=user, proposed_by__isnull=False) | Q(user=user, user__isnull=False)
    for row in waiting.exclude(own).select_related("team", "user").order_by("pk"):
        detail = f"{row.team}{row.user or ''} {row.get_kind_display()}：{row.reason}，{yuan_text(row.amount)} 元"
        yield "批准专项奖励", detail, reverse("incentives:award", args=[row.pk]), "wait", "待批准"


def _refused(model, title, name, user):
    since = timezone.now() - datetime.timedelta(days=DAYS)
    rows = model.objects.filter(proposed_by=user, state="refused", decided_at__gte=since)
    for row in rows.order_by("pk"):
        yield title, f"{row.reason}：{row.answer}", reverse(name, args=[row.pk]), "warn", "未批准"
