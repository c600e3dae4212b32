"""The entries that can correct what an objection to a posted bonus or expense table was right about.

What is in the ledger stays: a bonus is put right by a personal award or deduction of an open month, an expense by its reversal.
"""

from django.urls import reverse

from bulletins.models import Bulletin, Objection
from bulletins.objections.entries import Entry
from incentives.models import Adjustment, Expense
from teams import periods
from teams.access import access_of
from teams.figures import signed_yuan_text, whole_number, yuan_text

CAPABILITY = {Bulletin.Kind.BONUS: "bonus.approve", Bulletin.Kind.EXPENSES: "expense.decide"}
"""Kind of board: who links the entry that corrects it."""
MAKING = {
    Bulletin.Kind.BONUS: ("adjustment.propose", "去提个人奖罚", "incentives:adjustments"),
    Bulletin.Kind.EXPENSES: ("expense.decide", "去冲销费用", "incentives:expenses"),
}
"""Kind of board: who makes the entry, in words, and the page of a team's month on which that is done."""
HOW = {
    Bulletin.Kind.BONUS: "奖金已经入账，不改。少发、多发的，提一笔本月的个人奖罚，由别的负责人批准后，算在本月的奖金里。",
    Bulletin.Kind.EXPENSES: "费用已经入账，不改。记错的冲销，再登记对的。",
}


def entries_for(objection):
    """The Entries of the team made since the objection was filed, the latest first."""
    return {Bulletin.Kind.BONUS: _adjustments, Bulletin.Kind.EXPENSES: _reversals}[objection.bulletin.kind](objection)


def _adjustments(objection):
    rows = Adjustment.objects.filter(
        team=objection.bulletin.team, state=Adjustment.State.APPROVED, proposed_at__gte=objection.filed_at
    )
    if objection.row_user_id:
        rows = rows.filter(user=objection.row_user_id)
    return [_adjustment(row) for row in rows.select_related("user").order_by("-id")]


def _adjustment(row):
    text = f"已用{periods.label(row.period)}的个人奖罚更正，算在那个月的奖金里"
    detail = f"{row.user} {signed_yuan_text(row.amount)} 元：{row.reason}"
    return Entry(
        f"adjustment-{row.pk}", text, detail, reverse("incentives:adjustments", args=[row.team_id, row.period])
    )


def _reversals(objection):
    rows = Expense.objects.filter(team=objection.bulletin.team, state=Expense.State.REVERSED)
    since = rows.filter(posting__reversed_by__posted_at__gte=objection.filed_at)
    return [_reversal(row) for row in since.order_by("-id")]


def _reversal(row):
    text = f"{row.date:%Y-%m-%d} 的费用已冲销"
    return Entry(
        f"expense-{row.pk}",
        text,
        f"{row.reason} {yuan_text(row.amount)} 元",
        reverse("incentives:expense", args=[row.pk]),
    )


def ways_for(user, objection):
    """[(label, address)] where this person makes or links the correction (see bulletins.objections.corrections)."""
    bulletin, access = objection.bulletin, access_of(user)
    if bulletin.kind not in CAPABILITY or not bulletin.team:
        return []
    links = access.on_team(CAPABILITY[bulletin.kind], bulletin.team)
    linking = [("按异议更正", reverse("incentives:objection-correct", args=[objection.pk]))] if links else []
    return linking + making(user, objection)


def making(user, objection):
    """[(label, address)] of the page on which this person makes the entry, with what the objection says filled in."""
    bulletin = objection.bulletin
    capability, label, page = MAKING[bulletin.kind]
    if not access_of(user).on_team(capability, bulletin.team):
        return []
    if bulletin.kind == Bulletin.Kind.EXPENSES:
        return [(label, reverse(page, args=[bulletin.team_id, bulletin.period]))]
    return [(label, f"{reverse(page, args=[bulletin.team_id, periods.current_period()])}?objection={objection.pk}")]


def asked_by_objection(query, team):
    """What the form of an adjustment shows first when it is opened from an upheld objection to a board of the team."""
    pk = whole_number(query.get("objection", ""))
    rows = Objection.objects.filter(
        pk=pk, state=Objection.State.UPHELD, bulletin__team=team, bulletin__kind=Bulletin.Kind.BONUS
    )
    found = rows.first() if pk else None
    return {"user": found.row_user_id, "reason": f"更正异议 {found.number}：{found.label}"} if found else None
