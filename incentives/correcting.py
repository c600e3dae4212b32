"""The entries that can correct what an objection to a posted table of bonuses, expenses or points was right about.

What is in the ledger stays: a bonus is put right by a personal award or deduction of an open month, an expense by its reversal.
Points of a closed month stay too: what was missing is entered late, what was too much is taken back, in a month still open.
"""

from django.db.models import F, Q
from django.urls import reverse

from bulletins.models import Bulletin, Objection
from bulletins.objections.entries import Entry
from incentives.models import Adjustment, Clause, Expense, PointEntry, PointScheme
from incentives.redoing import line_of, redone
from teams import periods
from teams.access import access_of
from teams.figures import decimal_text, signed_text, signed_yuan_text, whole_number, yuan_text

CAPABILITY = {
    Bulletin.Kind.BONUS: "bonus.approve",
    Bulletin.Kind.EXPENSES: "expense.decide",
    Bulletin.Kind.POINTS: "points.manage",
}
"""Kind of board: who links the entry that corrects it."""
MAKING = {
    Bulletin.Kind.BONUS: ("adjustment.propose", "去补发、扣回", "incentives:adjustments"),
    Bulletin.Kind.EXPENSES: ("expense.decide", "去冲销费用", "incentives:expenses"),
}
"""Kind of board: who makes the entry, in words, and the page of a team's month on which that is done."""
HOW = {
    Bulletin.Kind.BONUS: "奖金已经入账，不改。少发、多发的，在本月的个人奖罚里按异议补发或者扣回，不用条款；由别的负责人批准后，算在本月的奖金里。",
    Bulletin.Kind.EXPENSES: "费用已经入账，不改。记错的冲销，再登记对的。",
    Bulletin.Kind.POINTS: "积分已经结算，不改。漏记的补记；多记的用同一天、同一个指标、相反的分值冲减。由另一个人确认后，计入还没有结算的月份。",
}


def entries_for(objection):
    """The Entries of the team or the branch made since the objection was filed, the latest first."""
    found = {Bulletin.Kind.BONUS: _adjustments, Bulletin.Kind.EXPENSES: _reversals, Bulletin.Kind.POINTS: _points}
    return found[objection.bulletin.kind](objection)


def _adjustments(objection):
    rows = Adjustment.objects.filter(
        team=objection.bulletin.team, state=Adjustment.State.APPROVED, proposed_at__gte=objection.filed_at
    ).filter(Q(objection=objection) | Q(objection__isnull=True))
    if objection.row_user_id:
        rows = rows.filter(user=objection.row_user_id)
    return [_adjustment(row) for row in rows.select_related("user").order_by("-id")]


def _adjustment(row):
    text = f"已用{periods.label(row.period)}的个人奖罚更正，算在那个月的奖金里"
    detail = f"{row.user} {signed_yuan_text(row.amount)} 元：{row.reason}"
    return Entry(f"adjustment-{row.pk}", text, detail, address_of(row))


def address_of(adjustment):
    """Its row on the page of its month, which also names it to whoever looks for what corrected an objection."""
    month = reverse("incentives:adjustments", args=[adjustment.team_id, adjustment.period])
    return f"{month}#adjustment-{adjustment.pk}"


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


def _points(objection):
    """Entries about days of the month of the board or before it that count in a later one."""
    bulletin = objection.bulletin
    rows = PointEntry.objects.filter(
        indicator__scheme__unit=bulletin.unit_id,
        state=PointEntry.State.CONFIRMED,
        proposed_at__gte=objection.filed_at,
        period__gt=bulletin.period,
        date__lte=periods.last_day(bulletin.period),
    )
    if objection.row_user_id:
        rows = rows.filter(user=objection.row_user_id)
    return [_entry(row) for row in rows.select_related("user", "indicator").order_by("-id")]


def _entry(row):
    text = f"{row.date:%Y-%m-%d} 的积分已更正，计入{periods.label(row.period)}"
    detail = f"{row.user} {signed_text(row.points)} 分：{row.what}"
    return Entry(f"points-{row.pk}", text, detail, reverse("incentives:point-entry", args=[row.pk]))


def is_corrected_here(bulletin):
    """Whether a board is one of those that entries of this floor correct: of a team, or of a branch's points."""
    return bulletin.kind in CAPABILITY and (bulletin.team is None) == (bulletin.kind == Bulletin.Kind.POINTS)


def _may(user, capability, bulletin):
    access = access_of(user)
    return access.on_team(capability, bulletin.team) if bulletin.team else access.on_unit(capability, bulletin.unit_id)


def ways_for(user, objection):
    """[(label, address)] where this person makes or links the correction (see bulletins.objections.corrections)."""
    bulletin = objection.bulletin
    if not is_corrected_here(bulletin):
        return []
    links = _may(user, CAPABILITY[bulletin.kind], bulletin)
    linking = [("按异议更正", reverse("incentives:objection-correct", args=[objection.pk]))] if links else []
    return linking + making(user, objection)


def making(user, objection):
    """[(label, address)] of the page on which this person makes the entry, with what the objection says filled in."""
    bulletin = objection.bulletin
    if bulletin.kind == Bulletin.Kind.POINTS:
        return _making_points(user, objection)
    capability, label, page = MAKING[bulletin.kind]
    if not _may(user, capability, bulletin) or is_made(objection, objection.row_user_id):
        return []
    if bulletin.kind == Bulletin.Kind.EXPENSES:
        return [(label, reverse(page, args=[bulletin.team_id, bulletin.period]))]
    return [(label, f"{reverse(page, args=[bulletin.team_id, periods.current_period()])}?objection={objection.pk}")]


def is_made(objection, user_id):
    """Whether the entry that corrects somebody's bonus is there already, approved or waiting for it."""
    return Adjustment.objects.filter(objection=objection, user=user_id, state__in=Adjustment.LIVE).exists()


def objection_asked(query, team):
    """The upheld Objection to a bonus board of the team from which a form of adjustments is opened, or None."""
    pk = whole_number(query.get("objection", ""))
    rows = Objection.objects.filter(
        pk=pk, state=Objection.State.UPHELD, bulletin__team=team, bulletin__kind=Bulletin.Kind.BONUS
    )
    return rows.select_related("bulletin", "row_user").first() if pk else None


def filled_by(objection):
    """What the form of an adjustment shows first when it is opened from an objection."""
    found = redone(objection)
    money = _amount_of(found.difference) if found and found.difference else {}
    return {"user": objection.row_user_id, "reason": f"更正异议 {objection.number}：{objection.label}"} | money


def _amount_of(fen):
    return {"clause": Clause.Kind.AWARD if fen > 0 else Clause.Kind.DEDUCTION, "amount": decimal_text(abs(fen))}


def worth_of(objection):
    """{words, address}: what the objection is worth, and where an amount that cannot be computed is found by hand."""
    line, found = line_of(objection), redone(objection)
    if line is None:
        return {
            "words": "这条异议不是哪一个人的数，系统算不出金额。请按各人的“这个数怎么来的”算，一人提一笔。",
            "address": "",
        }
    by_hand = "系统算不出这个数值多少钱：异议里没有写应当是多少，或者写的不只是一个数。打开后面这一页，按那里的算式换上对的数，差多少填多少。"
    return {"words": str(found or by_hand), "address": reverse("incentives:explain", args=[line.pk])}


def _making_points(user, objection):
    bulletin = objection.bulletin
    scheme = _open_scheme(bulletin) if _may(user, "points.enter", bulletin) else None
    if scheme is None:
        return []
    return [("去登记积分", f"{reverse('incentives:points-enter', args=[scheme.pk])}?objection={objection.pk}")]


def _open_scheme(bulletin):
    """The scheme of the branch under which a deed of the board's month can still be entered, or None."""
    published = PointScheme.objects.filter(unit=bulletin.unit_id, published_at__isnull=False)
    since = published.filter(year__gte=bulletin.period // 100)
    return since.exclude(months__period=F("year") * 100 + 12).order_by("year").first()


def points_asked(query, scheme):
    """What the form of an entry of points shows first when it is opened from an upheld objection to a board of the branch."""
    pk = whole_number(query.get("objection", ""))
    upheld = {"state": Objection.State.UPHELD, "bulletin__kind": Bulletin.Kind.POINTS, "bulletin__unit": scheme.unit_id}
    found = Objection.objects.filter(pk=pk, **upheld).select_related("bulletin").first() if pk else None
    if found is None:
        return {}
    day = periods.last_day(found.bulletin.period)
    return {"person": found.row_user_id, "date": day, "what": f"更正异议 {found.number}：{found.label}"}
