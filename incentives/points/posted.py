"""党员积分表 as it is posted: how many took part for everybody, each member's points for the people of the unit alone."""

from collections import Counter
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from assessments.boards import distinct_names, explained, people
from bulletins.models import Bulletin
from bulletins.tables import Audience, Bar, Board, Chart, Column, Fact, Note, Row
from incentives.points import arithmetic as points
from incentives.points import selectors
from teams import periods
from teams.figures import decimal_text, signed_text
from teams.models import User

FIELDS = selectors.FIELDS


def board_hanging(scheme, period):
    """The current Bulletin of a branch's month, or None."""
    boards = Bulletin.objects.filter(kind=Bulletin.Kind.POINTS, unit=scheme.unit_id, team=None, period=period)
    return boards.defer("content").order_by("-revision").first()


def points_board(month):
    """The Board of a PointMonth: its frozen rows, and what the confirmed entries behind them say."""
    scheme, rows, used = month.scheme, month.rows, _used(month.rows)
    entries = list(selectors.counted_entries(scheme, month.period))
    address = reverse("incentives:points-entries", args=[scheme.pk, month.period])
    return Board(
        kind=Bulletin.Kind.POINTS,
        title=f"{scheme.unit}{periods.label(month.period)}党员积分表",
        facts=_facts(month, entries, address),
        columns=_columns(used),
        rows=[
            Row(row["user"], _cells(row, name, used), f"{address}?person={row['user']}", "points.enter")
            for row, name in zip(rows, _names(rows), strict=True)
        ],
        notes=[
            f"依据：{scheme}。积分＝每月基础分＋各方面的分，最少 0 分；分数一样的名次一样。",
            *_late(entries, month.period),
            *_capped(rows, entries),
        ],
        chart=_chart(rows, used),
        parties={
            "proposers": people(month.closed_by_id, *(entry.proposed_by_id for entry in entries)),
            "checkers": people(*(entry.decided_by_id for entry in entries)),
        },
    )


def _facts(month, entries, address):
    mean = points.mean([row["total"] for row in month.rows])
    counts = [Fact("党员", f"{len(month.rows)} 人"), Fact("积分记录", f"{len(entries)} 条")]
    return [
        *explained(counts, address, "points.enter"),
        Fact("平均积分", decimal_text(mean), audience=Audience.UNIT),
        Fact("每月基础分", decimal_text(month.scheme.base)),
        Fact("结算", f"{timezone.localdate(month.closed_at)}"),
    ]


def _columns(used):
    """Name, team, rank, sum, base and those fields in which anything happened."""
    return [
        Column("name", "姓名", numeric=False),
        Column("team", "班组", numeric=False),
        Column("rank", "名次"),
        Column("score", "积分", unit="分"),
        Column("base", "基础分", unit="分"),
        *(Column(field.value, field.label, unit="分") for field in used),
    ]


def _used(rows):
    return [field for field in FIELDS if any(row["fields"].get(field) for row in rows)]


def _cells(row, name, used):
    said = {"name": name, "team": row["team"] or "已离开", "rank": f"第 {row['rank']} 名"}
    said |= {"score": decimal_text(row["total"]), "base": decimal_text(row["base"])}
    return said | {field.value: _sum(row["fields"].get(field, 0)) for field in used}


def _sum(found):
    return signed_text(found) if found else "0"


def _names(rows):
    named = [SimpleNamespace(user=User(name=row["name"], employee_no=row["number"])) for row in rows]
    return distinct_names(named)


def _late(entries, period):
    """One sentence for each entry about a day of an earlier month; it names a person."""
    first = periods.first_day(period)
    for entry in reversed(entries):
        if entry.date < first:
            given = f"{signed_text(entry.points)} 分，计入本月"
            yield Note(f"{entry.user.name} {entry.date} 的“{entry.indicator}” {given}。", Audience.UNIT)


def _capped(rows, entries):
    """One sentence for each sum that a cap of the month cut."""
    earned = Counter()
    for entry in entries:
        earned[entry.user_id, entry.indicator.field] += entry.points
    for row in rows:
        for field in FIELDS:
            found, counted = earned[row["user"], field], row["fields"].get(field, 0)
            if found != counted:
                said = f"{signed_text(found)} 分，按每月上限计 {signed_text(counted)} 分"
                yield Note(f"{row['name']}{field.label} {said}。", Audience.UNIT)


def _chart(rows, used):
    """What the members gained or lost in each field together; None where nothing was recorded."""
    sums = [(field.label, sum(row["fields"].get(field, 0) for row in rows)) for field in used]
    bars = [Bar(label, f"{_sum(found)} 分", max(found, 0)) for label, found in sums]
    return Chart("各方面加减分合计", bars, Audience.UNIT) if bars else None
