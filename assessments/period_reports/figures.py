"""What a stage (month, quarter, half-year, year) of a team or a unit was like: the figures of the report, read at once.

Scores are those of the closes; a month that is not closed is listed as running and counts in no mean.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from activities.duties import KINDS
from activities.models import Duty
from activities.selectors import Tally, tally_by_kind
from assessments.analysis import losses as analysis
from assessments.analysis.reports import Scope
from assessments.models import Check, MonthClose, Rectification, TeamScore
from assessments.period_reports.awards import awards_of
from assessments.period_reports.held import held_by
from assessments.rectifications.lists import TO_DO
from assessments.scoring import divide_half_up
from teams import periods
from teams.access import subtree_ids
from teams.attendance_sheet import WORKED
from teams.models import Attendance, Honour, Membership

State = Rectification.State
LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
LENGTH_NAMES = {"month": "月", "quarter": "季度", "half": "半年", "year": "年"}
NOT_DUE = {Attendance.Code.REST, Attendance.Code.SECONDED}
"""Days on which nobody was expected in the team: they count in no attendance rate."""


@dataclass(frozen=True)
class Stage:
    """A stretch of whole months that reports are written about; `first` is its first period."""

    length: str
    first: int

    @property
    def months(self):
        return [periods.shift(self.first, number) for number in range(LENGTHS[self.length])]

    @property
    def last(self):
        return self.months[-1]

    def __str__(self):
        year, month = divmod(self.first, 100)
        if self.length == "quarter":
            return f"{year}年第{'一二三四'[month // 3]}季度"
        return (
            f"{year}年" + {"month": f"{month}月", "half": "上半年" if month == 1 else "下半年", "year": ""}[self.length]
        )


def stage_of(length, period):
    """The Stage of this length that a month lies in."""
    number = period % 100 - 1
    return Stage(length, period - number % LENGTHS[length])


@dataclass(frozen=True)
class Rectified:
    """What became of the deductions of a stage that had to be put right. `days` is the mean from finding to closure in tenths."""

    found: int = 0
    closed: int = 0
    overdue: int = 0
    closed_late: int = 0
    days: int | None = None

    @property
    def percent(self):
        """Closed of those found, in hundredths of a percent; None when nothing was found."""
        return share(self.closed, self.found)


def share(part, whole):
    """A part of a whole in hundredths of a percent, half up; None of nothing."""
    return divide_half_up(part * 10000, whole) if whole else None


@dataclass(frozen=True)
class Report:
    """The figures of a stage. Everything is read when it is first asked for, and once."""

    subject: object
    unit: object
    stage: Stage
    today: object

    @cached_property
    def scope(self):
        return Scope(self.subject, self.unit, analysis.Span(self.stage.first, self.stage.last, self.today))

    @property
    def team(self):
        """The one team it is about, or None for a unit."""
        return self.scope.team

    # -- Scores

    @cached_property
    def scores(self):
        """The TeamScores of the stage, by month and then by score."""
        rows = TeamScore.objects.filter(team__in=self.scope.teams, period__in=self.stage.months)
        rows = rows.select_related("team__unit", "close__unit").defer("lines", "close__inputs")
        return list(rows.order_by("period", "-score", "team_id"))

    @property
    def closed(self):
        """Those of closed months."""
        return closed_of(self.scores)

    @cached_property
    def _teams(self):
        return list(self.scope.teams)

    def teams_in(self, period):
        """Its teams that existed in a month."""
        days = (periods.first_day(period), periods.last_day(period))
        return [team for team in self._teams if team.existed(*days)]

    def open_units(self, period):
        """Ids of the units whose month is not closed, with scores or without: of each team that has none for good."""
        closed = closed_of(self.in_month(period))
        teams, units = {row.team_id for row in closed}, {row.close.unit_id for row in closed}
        return {team.unit_id for team in self.teams_in(period) if team.pk not in teams} - units

    @cached_property
    def rivals(self):
        """{(close id, league): number of teams ranked together}."""
        rows = TeamScore.objects.filter(close__in={row.close_id for row in self.scores})
        sizes = rows.values("close", "league").order_by("close", "league").annotate(n=Count("pk"))
        return {(row["close"], row["league"]): row["n"] for row in sizes}

    def in_month(self, period):
        return [row for row in self.scores if row.period == period]

    @property
    def by_team(self):
        """{Team: its TeamScores} in the order of their places, then those without a place."""
        found = defaultdict(list)
        for row in self.scores:
            found[row.team].append(row)
        full = most_closed(found.values())
        return dict(
            sorted(found.items(), key=lambda row: (len(closed_of(row[1])) < full, *standing(row[1]), row[0].pk))
        )

    # -- Checks

    @cached_property
    def weak(self):
        """Rows of the analysis: points lost by item, the greatest first."""
        return analysis.rows_by(self._losses, analysis.item_of)

    @cached_property
    def _losses(self):
        return analysis.losses_of(self.scope.teams, *self._days)

    @property
    def _days(self):
        return self.scope.span.start, self.scope.span.end

    @cached_property
    def awards(self):
        """The Awards that count in the stage, those of checks and those of activities, the greatest first."""
        return awards_of(self.scope.teams, self.stage.months)

    @cached_property
    def sheets(self):
        """[(kind of check, sheets)] of the kinds that there were."""
        rows = analysis.sheets_of(self.scope.teams, *self._days).values("kind").order_by("kind")
        found = dict(rows.annotate(n=Count("pk")).values_list("kind", "n"))
        return [(label, found[kind]) for kind, label in Check.Kind.choices if kind in found]

    @cached_property
    def rectified(self):
        """The Rectified of the stage; what somebody reported and nobody has looked at yet is neither closed nor overdue."""
        rows = Rectification.objects.filter(team__in=self.scope.teams, finding__period__in=self.stage.months)
        columns = ("state", "due_on", "closed_at", "finding__date")
        found = list(rows.filter(finding__voided_at__isnull=True).values_list(*columns))
        closed = [(timezone.localdate(at), due, day) for state, due, at, day in found if state == State.CLOSED]
        days = [(at - day).days * 10 for at, _, day in closed]
        return Rectified(
            len(found),
            len(closed),
            sum(state in TO_DO and due < self.today for state, due, _, _ in found),
            sum(at > due for at, due, _ in closed),
            divide_half_up(max(sum(days), 0), len(days)) if days else None,
        )

    # -- The team's life

    @cached_property
    def held(self):
        """What was held in the stage, a Held a kind of activity; of a unit its own activities, too."""
        return held_by(self.scope.teams, [] if self.team else subtree_ids(self.unit), self.stage.months)

    @cached_property
    def codes(self):
        """[(attendance code, days)] of the codes that occur, in the order of the sheet."""
        rows = Attendance.objects.filter(team__in=self.scope.teams, period__in=self.stage.months)
        found = dict(rows.values("code").order_by("code").annotate(n=Count("pk")).values_list("code", "n"))
        return [(code, found[code]) for code in Attendance.Code if code in found]

    @property
    def attended(self):
        """(days worked, days on which somebody was expected)."""
        due = sum(days for code, days in self.codes if code not in NOT_DUE)
        return sum(days for code, days in self.codes if code in WORKED), due

    @cached_property
    def duties(self):
        """[(name, Tally)] of the kinds of duties that came due."""
        tallies = tally_by_kind(Duty.objects.filter(team__in=self.scope.teams, period__in=self.stage.months))
        return [(kind.name, tallies[code]) for code, kind in KINDS.items() if tallies.get(code, Tally()) != Tally()]

    @cached_property
    def honours(self):
        """Honours granted in the stage to the teams, and to people who were members of them on that day."""
        there = Membership.objects.filter(team__in=self.scope.teams, user=OuterRef("user"))
        there = there.filter(started_on__lte=OuterRef("granted_on"))
        there = there.exclude(ended_on__lt=OuterRef("granted_on"))
        days = (periods.first_day(self.stage.first), periods.last_day(self.stage.last))
        rows = Honour.objects.filter(withdrawn_on__isnull=True, granted_on__range=days)
        rows = rows.filter(Q(team__in=self.scope.teams) | Exists(there)).select_related("team", "user")
        return list(rows.order_by("granted_on", "pk"))


def is_running(score):
    """Whether a TeamScore can still change."""
    return score.close.state != MonthClose.State.CLOSED


def closed_of(scores):
    """Those TeamScores that cannot change any more."""
    return [row for row in scores if not is_running(row)]


def mean_score(scores):
    """The mean of the TeamScores of closed months, half up; None when there is none."""
    closed = [row.score for row in closed_of(scores)]
    return divide_half_up(sum(closed), len(closed)) if closed else None


def most_closed(teams):
    """The most closed months that one of the teams has; `teams` are lists of TeamScores. Only those who have them are ranked."""
    return max((len(closed_of(scores)) for scores in teams), default=0)


def standing(scores):
    """What sorts a team of a stage: no veto in a closed month, as in the rank of a month, then a high mean."""
    return any(row.vetoed for row in closed_of(scores)), -(mean_score(scores) or 0)
