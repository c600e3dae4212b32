"""The statement of a studio's money: every row with the balance after it, sums by subject, the workbook."""

from collections import defaultdict

from assessments.models import StudioMoney
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text, yuan_text

HEADERS = ["日期", "科目", "用途", "凭证或文号", "收入（元）", "支出（元）", "余额（元）", "登记人", "登记时间"]


def rows_of(studio):
    """The studio's rows, oldest first, each with `balance` (fen) after it, `is_grant` and `may_reverse`: nobody has taken it back."""
    rows = list(studio.money.select_related("entered_by", "reverses", "reversed_by").order_by("id"))
    balance = 0
    for row in rows:
        balance += row.amount
        row.balance, row.spent = balance, -row.amount
        row.is_grant = row.kind in StudioMoney.GRANTS
        row.may_reverse = row.reverses_id is None and not hasattr(row, "reversed_by")
    return rows


def sums_of(rows):
    """[(subject, fen)] of what came in or was spent, in the order of the subjects, without those that are zero."""
    sums = defaultdict(int)
    for row in rows:
        sums[row.kind] += row.amount
    return [(label, sums[kind]) for kind, label in StudioMoney.Kind.choices if sums[kind]]


def sheet_of(studio, rows):
    """The statement as a sheet of a workbook."""
    table = [_line(row) for row in rows]
    left = rows[-1].balance if rows else 0
    after = [[f"余额 {yuan_text(left)} 元"], *([f"{label} {yuan_text(abs(fen))} 元"] for label, fen in sums_of(rows))]
    return Sheet("经费", HEADERS, table, title=f"{studio}经费明细", after=tuple(after))


def _line(row):
    came, went = (decimal_text(row.amount), "") if row.amount > 0 else ("", decimal_text(row.spent))
    figures = [Figure(text, money=True) if text else None for text in (came, went, decimal_text(row.balance))]
    return [
        row.date,
        row.get_kind_display(),
        row.text,
        row.voucher,
        *figures,
        row.entered_by,
        f"{row.entered_at:%Y-%m-%d}",
    ]
