"""Money of studios: grants that came in and what was spent. Rows stay; a wrong one is taken back once by its opposite."""

import uuid

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.models import StudioMoney
from assessments.services.studios import held, require_past
from teams import audit
from teams.figures import yuan_text

MOST = 10**9
"""Ten million yuan in fen: no grant and no spending is higher."""


@transaction.atomic
def enter(studio, *, kind, amount, date, text, voucher, source, actor):
    """Enter a grant or a spending of `amount` fen (always above 0); returns the StudioMoney.

    `source` is a UUID made with the form: sent twice it is entered once. Raises AssessmentError for a day to come, without
    a voucher, and when more would be spent than there is.
    """
    found = held(studio)
    known = StudioMoney.objects.filter(source=source, studio=found).first()
    if known:
        return known
    require_past(date, "日期")
    if not 0 < amount <= MOST:
        raise AssessmentError(f"金额要大于 0，一笔最多 {yuan_text(MOST)} 元，请核对。")
    if not voucher:
        raise AssessmentError("没有凭证号或文号不能登记，请补上。")
    signed = amount if kind in StudioMoney.GRANTS else -amount
    _require_covered(found, signed)
    facts = {"kind": kind, "date": date, "text": text, "voucher": voucher, "source": source}
    row = StudioMoney.objects.create(studio=found, amount=signed, entered_by=actor, **facts)
    _record("studio_money.entered", row, actor)
    return row


@transaction.atomic
def reverse(row, reason, *, actor):
    """Take a row back by one of the opposite amount that names it; at most once. Returns the StudioMoney."""
    found = held(row.studio)
    if row.reverses_id:
        raise AssessmentError("冲销本身不能再冲销，请重新登记一笔。")
    if StudioMoney.objects.filter(reverses=row).exists():
        raise StaleState("这一笔已经冲销过了，请刷新页面再看。")
    _require_covered(found, -row.amount)
    facts = {"kind": row.kind, "date": timezone.localdate(), "text": f"冲销：{reason}"[:100], "voucher": row.voucher}
    back = StudioMoney.objects.create(
        studio=found, amount=-row.amount, reverses=row, source=uuid.uuid4(), entered_by=actor, **facts
    )
    _record("studio_money.reversed", back, actor)
    return back


def balance_of(studio):
    """Fen that the studio has left."""
    return StudioMoney.objects.filter(studio=studio).aggregate(sum=Sum("amount"))["sum"] or 0


def _require_covered(studio, amount):
    """The balance never falls below zero; the studio's row is locked while it is looked at."""
    left = balance_of(studio)
    if left + amount < 0:
        raise AssessmentError(f"余额只有 {yuan_text(left)} 元，不够 {yuan_text(-amount)} 元。请先登记拨款或核对金额。")


def _record(verb, row, actor):
    told = {"kind": row.get_kind_display(), "amount": yuan_text(row.amount), "text": row.text, "voucher": row.voucher}
    audit.record(verb, row, actor=actor, unit=row.studio.unit, after=told, label=f"{row.studio} {row}")
