"""A team's month of work points as a workbook: a sheet of the members, a sheet of every record."""

from django.utils import timezone

from incentives.models import PieceRecord
from incentives.piecework.selectors import PEOPLE, month_table
from teams import periods
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text, short_text

RECORD_HEADERS = [
    *("日期", "工号", "姓名", "项目", "数量", "计量单位", "每个单位的工分", "工分", "说明", "计入月份"),
    *("状态", "登记人", "登记日期", "验收人", "验收日期", "作废原因"),
]


def month_sheets(team, period):
    """The Sheets of a team's month."""
    return [_members(team, period), _records(team, period)]


def _members(team, period):
    table = month_table(team, period)
    lines = [f"{item}（{item.measure}）" for item in table.items]
    rows = [
        [row.user.employee_no, row.user.name, Figure(str(len(row.dates)))]
        + [Figure(short_text(row.quantities[item.pk])) for item in table.items]
        + [Figure(decimal_text(row.points)), Figure(decimal_text(row.waiting))]
        for row in table.rows
    ]
    rows.append(
        ["", "合计", ""]
        + [Figure(short_text(table.done(item))) for item in table.items]
        + [Figure(decimal_text(table.points)), Figure(decimal_text(table.waiting))]
    )
    title = f"{team}{periods.label(period)}工分表"
    headers = ["工号", "姓名", "天数", *lines, "工分", "待验收"]
    signed = ["登记：", "", "验收：", "", "班组长："]
    return Sheet("工分表", headers, rows, title=title, after=[signed])


def _records(team, period):
    found = PieceRecord.objects.filter(team=team, period=period).select_related(*PEOPLE)
    return Sheet("工分记录", RECORD_HEADERS, [_row(record) for record in found])


def _row(record):
    done = [record.item.name, Figure(short_text(record.quantity)), record.item.measure]
    return [
        *(f"{record.date}", record.user.employee_no, record.user.name, *done),
        *(Figure(short_text(record.item.points)), Figure(decimal_text(record.points)), record.note),
        *(periods.label(record.period), record.get_state_display(), record.proposed_by.name, _day(record.proposed_at)),
        *(record.decided_by.name if record.decided_by else "", _day(record.decided_at), record.void_reason),
    ]


def _day(moment):
    return f"{timezone.localdate(moment)}" if moment else ""
