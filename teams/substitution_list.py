"""Reads of substitutions: the month as a list with its withdrawals, how often each person covered, and as a sheet."""

from collections import Counter

from django.utils import timezone

from teams import periods
from teams.models import AuditEntry, Substitution

HEADERS = ["日期", "补位人", "补位人工号", "被补位人", "被补位人工号", "说明", "登记人", "登记时间", "撤销"]


def rows_of(team, period):
    """[Substitution] of a month, latest first; a withdrawn one has its `withdrawal`, the entry of the trail."""
    days = (periods.first_day(period), periods.last_day(period))
    rows = list(
        Substitution.objects.filter(team=team, date__range=days).select_related("user", "covered", "recorded_by")
    )
    withdrawals = _withdrawals(row.pk for row in rows if row.withdrawn_at)
    for row in rows:
        row.withdrawal = withdrawals.get(row.pk)
    return rows


def _withdrawals(pks):
    entries = AuditEntry.objects.filter(
        verb="substitution.withdrawn", object_type=Substitution._meta.label_lower, object_id__in=list(pks)
    )
    return {entry.object_id: entry for entry in entries.select_related("actor")}


def times(rows):
    """[(User, how often he or she covered)] without the withdrawn ones, most first."""
    return Counter(row.user for row in rows if not row.withdrawn_at).most_common()


def sheet_of(team, period):
    """The month as rows of a workbook, earliest first, in the order of HEADERS."""
    return [
        [
            row.date,
            row.user.name,
            row.user.employee_no,
            row.covered.name,
            row.covered.employee_no,
            row.note,
            row.recorded_by.name,
            f"{timezone.localtime(row.recorded_at):%Y-%m-%d %H:%M}",
            _withdrawn(row),
        ]
        for row in reversed(rows_of(team, period))
    ]


def _withdrawn(row):
    reason = row.withdrawal.after["reason"] if row.withdrawal else ""
    return f"{timezone.localtime(row.withdrawn_at):%Y-%m-%d} 撤销：{reason}" if row.withdrawn_at else ""
