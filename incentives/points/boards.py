"""The tables of 党员贡献度积分 as pages and workbooks show them: a month, running or closed, and a year."""

from dataclasses import dataclass

from django.utils import timezone

from incentives.models import PointMonth
from incentives.points import selectors
from teams import periods
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text, signed_text

FIELDS = selectors.FIELDS


@dataclass(frozen=True)
class MonthTable:
    """A branch's month: the PointMonth when it is closed, else None, and rows as PointMonth has them with `sums`."""

    closed: PointMonth | None
    rows: list

    @property
    def fields(self):
        return FIELDS.labels


def month_table(scheme, period):
    """The frozen table of a closed month, else the running one."""
    closed = PointMonth.objects.filter(scheme=scheme, period=period).select_related("closed_by").first()
    rows = closed.rows if closed else selectors.computed_rows(scheme, period)
    return MonthTable(closed, [row | {"sums": _sums(row)} for row in rows])


def _sums(row):
    """(label, signed points or an empty text) of every field."""
    return [
        (field.label, signed_text(row["fields"].get(field, 0)) if row["fields"].get(field) else "") for field in FIELDS
    ]


def month_sheet(scheme, period):
    """The table of a month as a worksheet."""
    table, name = month_table(scheme, period), periods.label(period)
    told = f"{timezone.localdate(table.closed.closed_at)} 结算" if table.closed else "还没有结算，数字会变"
    headers = ["名次", "姓名", "工号", "班组", "基础分", *FIELDS.labels, "合计"]
    rows = [
        [Figure(str(row["rank"])), row["name"], row["number"], row["team"], _figure(row["base"])]
        + [_figure(row["fields"].get(field, 0)) for field in FIELDS]
        + [_figure(row["total"])]
        for row in table.rows
    ]
    return Sheet("积分月表", headers, rows, title=f"{scheme.unit}{name}党员安全生产贡献度积分", before=[[told]])


def year_sheet(scheme):
    """The table of a year as a worksheet."""
    closed, standings = selectors.year_of(scheme)
    headers = ["名次", "姓名", "工号", "班组", *(f"{month % 100}月" for month in closed), "月均", "等级", "是否谈话"]
    rows = [
        [Figure(str(row.rank)), row.row["name"], row.row["number"], row.row["team"]]
        + [_figure(row.by_period[month]) if month in row.by_period else "" for month in closed]
        + [_figure(row.mean), row.grade, "谈话" if row.talk else ""]
        for row in standings
    ]
    told = f"已结算 {len(closed)} 个月，按已结算各月的平均分评定"
    title = f"{scheme.unit}{scheme.year}年党员安全生产贡献度积分年度评定"
    return Sheet("年度评定", headers, rows, title=title, before=[[told]])


def _figure(points):
    return Figure(decimal_text(points))
