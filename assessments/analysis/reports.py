"""The analysis of a unit's teams or of one team: everything that its page and its workbook show, from a few reads."""

from dataclasses import dataclass
from functools import cached_property

from assessments.analysis import losses as analysis
from assessments.analysis.trend_chart import chart_of
from teams.access import subtree_ids
from teams.downloads import Figure, Sheet
from teams.figures import decimal_text
from teams.models import Team

MOST_TEAMS = 50
"""Teams that the page lists; the workbook has them all."""
NOTE = "扣分按检查记录合计，没有按小项满分封顶；作废的不算，迟到的记录算在计入的月份。"


@dataclass(frozen=True)
class Scope:
    """What is analysed: the teams of a unit and of all units below it, or one team beside the teams of its unit."""

    subject: object
    unit: object
    span: analysis.Span

    @property
    def team(self):
        """The one team, or None."""
        return self.subject if isinstance(self.subject, Team) else None

    @property
    def address(self):
        """The arguments of the addresses about it."""
        return ["teams" if self.team else "units", self.subject.pk, self.span.first, self.span.last]

    @cached_property
    def around(self):
        """The teams that are read: for one team those of its unit, for they are what it is compared with."""
        teams = Team.objects.in_period(self.span.start, self.span.end)
        if self.team:
            return (teams.filter(unit=self.unit) | Team.objects.filter(pk=self.team.pk)).select_related("unit")
        return teams.filter(unit__in=subtree_ids(self.unit)).select_related("unit")

    @property
    def teams(self):
        """The teams that are analysed."""
        return Team.objects.filter(pk=self.team.pk) if self.team else self.around


def report(scope, kind=""):
    """All tables of the analysis as a mapping; the number of queries does not depend on teams or losses."""
    around, span = list(scope.around), scope.span
    compared = analysis.losses_of(scope.around, span.start, span.end, kind)
    losses = [loss for loss in compared if not scope.team or loss.team == scope.team.pk]
    others = {"compared": compared, "teams": max(len(around), 1)} if scope.team else {}
    categories = analysis.rows_by(losses, analysis.category_of, **others)
    weeks = analysis.trend(losses, analysis.weeks_with(losses, span.weeks), compared, max(len(around), 1))
    teams = 1 if scope.team else len(around)
    days = (span.end - span.start).days + 1
    return {
        "items": analysis.rows_by(losses, analysis.item_of, **others),
        "categories": categories,
        "teams": [] if scope.team else _team_rows(around, losses, [row.key for row in categories]),
        "weeks": weeks,
        "chart": chart_of(weeks),
        "points": analysis.total(losses),
        "count": sum(loss.count for loss in losses),
        "rate": analysis.per_team_week(analysis.total(losses), days, teams),
        "sheets": analysis.sheets_of(scope.teams, span.start, span.end, kind).count(),
        "number": len(around),
    }


def _team_rows(teams, losses, categories):
    """(team, its Row or None, its heat cells), the greatest loss first and those without a loss last."""
    rows = {row.key: row for row in analysis.rows_by(losses, analysis.team_of)}
    cells = analysis.heat(losses, categories, [team.pk for team in teams])
    found = [(team, rows.get(team.pk), cells[team.pk]) for team in teams]
    return sorted(found, key=lambda entry: -entry[1].points if entry[1] else 0)


def comparison(scope, day, kind=""):
    """Before and after a day: the two spans, their sums and the Changes of the items; None when no whole day fits."""
    span, spans = scope.span, scope.span.around(day)
    if spans is None:
        return None
    before, after = (analysis.losses_of(scope.teams, span.start, span.end, kind, dates) for dates in spans)
    (first, last), new = spans
    days = (last - first).days + 1
    everything, items = analysis.changes(before, after, days, scope.teams.count())
    return {"before": (first, last), "after": new, "days": days, "all": everything, "items": items}


def workbook_sheets(scope, found):
    """The tables of a report as sheets of a workbook."""
    names = [row.key for row in found["categories"]]
    sums = ["扣分", "条数", "占比（%）"]
    sheets = [
        Sheet("薄弱小项", ["大项", "小项", *sums, "涉及班组"], [_item(row) for row in found["items"]], after=[[NOTE]]),
        Sheet("大项", ["大项", *sums], [[row.key, *_sums(row)] for row in found["categories"]]),
        Sheet("每周", ["周一", "周次", "扣分", "条数"], [_week(week) for week in found["weeks"]]),
    ]
    if not scope.team:
        rows = [_team(team, row, cells) for team, row, cells in found["teams"]]
        sheets.insert(1, Sheet("班组", ["单位", "班组", "扣分", "条数", *names], rows))
    return sheets


def _points(value):
    return Figure(decimal_text(value))


def _sums(row):
    return [_points(row.points), Figure(str(row.count)), Figure(decimal_text(row.share, 1))]


def _item(row):
    return [row.key.category, str(row.key), *_sums(row), Figure(str(row.teams))]


def _week(week):
    return [week.monday.isoformat(), f"第 {week.number} 周", _points(week.points), Figure(str(week.count))]


def _team(team, row, cells):
    count = Figure(str(row.count if row else 0))
    return [str(team.unit), str(team), _points(row.points if row else 0), count, *(_points(c.points) for c in cells)]
