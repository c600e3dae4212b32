"""What a unit's teams got and spent in a month, as the ledger has it: one row a team, one query a figure."""

from dataclasses import dataclass

from django.db.models import Sum

from incentives.models import Distribution, DistributionLine, Expense, Pool, SpecialAward
from teams import periods
from teams.access import subtree_ids
from teams.downloads import Figure, Sheet
from teams.figures import yuan_text
from teams.models import Team

COLUMNS = (
    ("pool", "下达"),
    ("shared", "分到个人"),
    ("beside", "奖罚津贴"),
    ("reserve", "留存"),
    ("expenses", "费用支出"),
    ("awards", "专项奖励"),
    ("reversed", "冲销"),
)
"""The figures of a team's month and what people call them."""


@dataclass(frozen=True)
class Row:
    """A team (None: all of them) and its fen in the order of COLUMNS."""

    team: Team | None
    figures: list

    @property
    def cells(self):
        """[(what people call the figure, fen)]"""
        return [(label, fen) for (_, label), fen in zip(COLUMNS, self.figures, strict=True)]


def teams_of(unit, period):
    """The teams of a unit and below that existed in a month."""
    first, last = periods.first_day(period), periods.last_day(period)
    found = Team.objects.filter(unit__in=subtree_ids(unit)).in_period(first, last)
    return list(found.select_related("unit"))


def rows_of(teams, period):
    """([Row of each team], the Row of all); eight queries, however many teams."""
    figures = _figures([team.pk for team in teams], period)
    rows = [Row(team, [figures[name].get(team.pk, 0) for name, _ in COLUMNS]) for team in teams]
    return rows, Row(None, [sum(column) for column in zip(*(row.figures for row in rows), strict=True)])


def _figures(teams, period):
    """{name of COLUMNS: {team id: fen}}; expenses and awards count in the month in which they were posted or reversed."""
    month = {"team__in": teams, "period": period}
    posted = Distribution.objects.filter(**month, state__in=Distribution.IN_LEDGER)
    lines = DistributionLine.objects.filter(distribution__in=posted)
    amount, reserve = _sums(posted, "amount"), _sums(posted, "reserve")
    shared = {team: fen - reserve[team] for team, fen in amount.items()}
    payable = _sums(lines, "payable", "distribution__team")
    booked = {"team__in": teams, "posting__period": period}
    undone = {"team__in": teams, "posting__reversed_by__period": period}
    back = [_sums(model.objects.filter(**undone), "amount") for model in (Expense, SpecialAward)]
    return {
        "pool": _sums(Pool.objects.filter(**month), "amount"),
        "shared": shared,
        "beside": {team: fen - shared[team] for team, fen in payable.items()},
        "reserve": reserve,
        "expenses": _sums(Expense.objects.filter(**booked), "amount"),
        "awards": _sums(SpecialAward.objects.filter(**booked), "amount"),
        "reversed": {team: sum(found.get(team, 0) for found in back) for team in set().union(*back)},
    }


def _sums(rows, field, by="team"):
    return dict(rows.order_by().values(by).annotate(fen=Sum(field)).values_list(by, "fen"))


def sheet_of(unit, period, rows, total):
    """The table as a sheet of a workbook."""
    table = [[str(row.team.unit), row.team.name, *_amounts(row)] for row in rows]
    table.append(["合计", "", *_amounts(total)])
    headers = ["单位", "班组", *(f"{name}（元）" for _, name in COLUMNS)]
    return Sheet("班组收支", headers, table, title=f"{unit}{periods.label(period)}班组收支")


def _amounts(row):
    return [Figure(yuan_text(fen), money=True) for fen in row.figures]
