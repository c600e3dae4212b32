"""What a stage (month, quarter, half-year, year) of a team or a unit was like: the figures of the report, read at once.

Scores are those of the closes; a month that is not closed is listed as running and counts in no mean.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from activities.duties import KINDS
from activities.models import Duty
from activities.selectors import Tally, tally_by_kind
from assessments.analysis import losses as analysis
from assessments.analysis.reports import Scope
from assessments.models import Check, Finding, MonthClose, Rectification, TeamScore
from assessments.rectifications.lists import TO_DO
from assessments.scoring import divide_half_up
from teams import periods
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
        return [row for row in self.scores if not is_running(row)]

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
        """{Team: its TeamScores}, the highest mean of closed months first."""
        found = defaultdict(list)
        for row in self.scores:
            found[row.team].append(row)
        return dict(sorted(found.items(), key=lambda entry: (-(mean_score(entry[1]) or 0), entry[0].pk)))

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
        """[(what for, number, points)] of the valid awards, the greatest first."""
        rows = Finding.objects.valid().filter(team__in=self.scope.teams, period__in=self.stage.months, points__gt=0)
        sums = rows.values("criterion__code", "criterion__name").annotate(n=Count("pk"), sum=Sum("points"))
        sums = sums.values_list("criterion__code", "criterion__name", "n", "sum").order_by()
        found = [(f"{code} {name}" if code else "标准以外的加分", n, points) for code, name, n, points in sums]
        return sorted(found, key=lambda row: (-row[2], row[0]))

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


def mean_score(scores):
    """The mean of the TeamScores of closed months, half up; None when there is none."""
    closed = [row.score for row in scores if not is_running(row)]
    return divide_half_up(sum(closed), len(closed)) if closed else None
