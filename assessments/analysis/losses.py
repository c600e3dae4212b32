"""Where points are lost, when, and whether it got better: sums over losses, pure but for the reads at the end.

Points are those that the check records name, before the monthly close caps them at what an item holds: only so can they be
added up over weeks and teams.
"""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.db.models.functions import TruncWeek

from assessments.models import Check, Finding
from assessments.scoring import divide_half_up
from assessments.selectors import checks_made
from teams import periods

MOST_MONTHS = 24
"""A longer span is no analysis but an archive."""
HOTTEST = 4
"""Cells of the heat table have a warmth from 0 (nothing lost) to this."""
WEEK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """A line of a standard (小项), the same in every version that has its code and its name."""

    code: str
    name: str
    category: str = field(compare=False)

    def __str__(self):
        return f"{self.code} {self.name}"


@dataclass(frozen=True)
class Loss:
    """What one team lost by one item in one week (its Monday): points in hundredths above zero, in `count` findings."""

    team: int
    week: datetime.date
    item: Item
    points: int
    count: int


@dataclass(frozen=True)
class Span:
    """Whole months from `first` to `last`; of a month that is not over, the days up to `today`."""

    first: int
    last: int
    today: datetime.date

    @property
    def start(self):
        return periods.first_day(self.first)

    @property
    def end(self):
        """The last day that can have losses."""
        return max(self.start, min(periods.last_day(self.last), self.today))

    @property
    def weeks(self):
        """The Mondays of all weeks that the span touches."""
        monday = self.start - DAY * self.start.weekday()
        return [monday + WEEK * number for number in range((self.end - monday).days // 7 + 1)]

    def around(self, day):
        """Two spans of equal length, before a day and from it on, as pairs (first date, last date); None when none fit."""
        length = min((day - self.start).days, (self.end - day).days + 1)
        if length < 1:
            return None
        return (day - DAY * length, day - DAY), (day, day + DAY * (length - 1))


def is_span(first, last):
    """Whether two months are a span that is analysed: in order and not too long."""
    return first <= last <= periods.shift(first, MOST_MONTHS - 1)


# -- Sums --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A sum of losses: `share` is its part of all loss in hundredths of a percent, `average` that of the teams compared."""

    key: object
    points: int
    count: int
    share: int
    teams: int
    average: int = 0


def total(losses):
    """All points of the losses, in hundredths."""
    return sum(loss.points for loss in losses)


def rows_by(losses, key, compared=(), teams=1):
    """One Row for each value of `key(loss)`, the greatest loss first.

    `compared` are the losses of `teams` teams, whose average a team beside them gives each Row its `average`.
    """
    groups, everything, others = _groups(losses, key), total(losses), _groups(compared, key)
    rows = [_row(name, group, everything, divide_half_up(total(others[name]), teams)) for name, group in groups.items()]
    return sorted(rows, key=lambda row: (-row.points, str(row.key)))


def _groups(losses, key):
    groups = defaultdict(list)
    for loss in losses:
        groups[key(loss)].append(loss)
    return groups


def _row(key, group, everything, average):
    points = total(group)
    share = divide_half_up(points * 10000, everything)
    return Row(key, points, sum(loss.count for loss in group), share, len({loss.team for loss in group}), average)


def item_of(loss):
    return loss.item


def category_of(loss):
    return loss.item.category


def team_of(loss):
    return loss.team


@dataclass(frozen=True)
class Cell:
    """A cell of the heat table: a category, points in hundredths, and a warmth from 0 to HOTTEST."""

    category: str
    points: int
    warmth: int


def heat(losses, categories, teams):
    """{team: one Cell a category}; the warmest cell of the table is the greatest loss."""
    sums = Counter()
    for loss in losses:
        sums[loss.team, loss.item.category] += loss.points
    most = max(sums.values(), default=0)

    def cell(team, category):
        points = sums[team, category]
        return Cell(category, points, -(-points * HOTTEST // most) if most else 0)

    return {team: [cell(team, category) for category in categories] for team in teams}


@dataclass(frozen=True)
class Week:
    """A week of the trend: what was lost, in how many findings, and on average in each of the teams compared."""

    monday: datetime.date
    points: int
    count: int
    average: int

    @property
    def number(self):
        """The week's number by ISO 8601."""
        return self.monday.isocalendar().week

    @property
    def sunday(self):
        return self.monday + WEEK - DAY


def weeks_with(losses, weeks):
    """The Mondays of a span, after those before it in which something happened that was entered late and counts in it."""
    return [*sorted({loss.week for loss in losses if loss.week < weeks[0]}), *weeks]


def trend(losses, weeks, compared, teams):
    """One Week for each Monday, those without a loss too; `compared` and `teams` as for rows_by."""
    own, others = _groups(losses, lambda loss: loss.week), _groups(compared, lambda loss: loss.week)
    return [
        Week(
            monday,
            total(own[monday]),
            sum(loss.count for loss in own[monday]),
            divide_half_up(total(others[monday]), teams),
        )
        for monday in weeks
    ]


@dataclass(frozen=True)
class Change:
    """An item before and after a day: points per team and week, in hundredths."""

    item: Item
    before: int
    after: int

    @property
    def difference(self):
        return self.after - self.before

    @property
    def moved(self):
        return abs(self.difference)


def changes(before, after, days, teams):
    """(sum of all, one Change an item) of two spans of `days` days each; the greatest improvement first."""

    def rates(losses):
        sums = {item: total(group) for item, group in _groups(losses, item_of).items()}
        return {item: per_team_week(points, days, teams) for item, points in sums.items()}

    old, new = rates(before), rates(after)
    found = [Change(item, old.get(item, 0), new.get(item, 0)) for item in {*old, *new}]
    everything = Change(None, per_team_week(total(before), days, teams), per_team_week(total(after), days, teams))
    return everything, sorted(found, key=lambda change: (change.difference, change.item.code, change.item.name))


def per_team_week(points, days, teams):
    """Points of so many teams in so many days as points per team and week, rounded half up."""
    return divide_half_up(points * 7, days * max(teams, 1))


# -- Reads -------------------------------------------------------------------------------------------------------------


def _counting(rows, teams, first, last):
    """Those of the teams that count in the months of two dates, a late one too, whose own date lies before them."""
    return rows.valid().filter(
        team__in=teams, period__gte=periods.period_of(first), period__lte=periods.period_of(last)
    )


def deductions(teams, first, last, kind=""):
    """Valid deductions that count in the months from one date to another, of one kind of check or of all."""
    found = _counting(Finding.objects, teams, first, last).filter(points__lt=0)
    return found.filter(on_sheet__kind=kind) if kind else found


def losses_of(teams, first, last, kind="", days=None):
    """The Losses that count in the months from one date to another, of all days or of (first day, last day); one query."""
    found = deductions(teams, first, last, kind)
    sums = (
        (found.filter(date__range=days) if days else found)
        .annotate(week=TruncWeek("date"))
        .values("team_id", "week", "criterion__code", "criterion__name", "criterion__category__name")
        .annotate(lost=Sum("points"), count=Count("pk"))
        .order_by()
    )
    columns = ("team_id", "week", "criterion__code", "criterion__name", "criterion__category__name", "lost", "count")
    return [
        Loss(team, week, Item(code, name, category), -lost, count)
        for team, week, code, name, category, lost, count in sums.values_list(*columns)
    ]


def sheets_of(teams, first, last, kind=""):
    """Sheets of the teams that count in the months from one date to another, without those that correct an objection."""
    sheets = checks_made(_counting(Check.objects, teams, first, last))
    return sheets.filter(kind=kind) if kind else sheets
