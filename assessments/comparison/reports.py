"""The comparison of a team with others: everything that its page and its workbook show, from a constant number of reads.

Of a team that the reader does not see, only what its posted score board tells everybody is shown: score and categories of
the months that hang. What all teams of a unit or all peers are on average names nobody, unless one of them can be worked out.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.db.models.functions import Abs

from assessments.analysis.losses import Item, deductions
from assessments.comparison.chart import bars_of, chart_of, mark
from assessments.comparison.figures import FEWEST, VETO, Figures, best, gaps, mean
from assessments.models import Category, MonthClose, TeamScore
from assessments.scoring import divide_half_up
from bulletins.models import Bulletin
from teams import periods
from teams.access import access_of
from teams.models import Membership, Team

HISTORY = 12
MOST_PEERS = 50
HEAVY = ("lines", "close__inputs")
"""Columns of a TeamScore that are large and not looked at here."""
LEGEND = {"own": "本班组", "average": "本单位平均", "best": "本单位第一", "company": "全公司第一", "other": "选的班组"}
"""The first is the team with the highest score of the month; another may be better in a category."""
POSTED_BEST = "已张榜的第一"
"""What the first of the company is called for those who do not see the whole of it."""
WITHHELD = {
    "average": "单位平均和单位最少没有列出：别的班组得分张榜以后才列；您看不到扣分的班组只有一个时也不列，以免推出它丢了多少。",
    "least": "单位最少没有列出：本单位各班组的得分都张榜以后才列。",
}
"""Why figures of the unit are missing from the list of gaps."""
NOTE = "小项丢分按检查记录合计，没有按小项满分封顶；作废的不算。"


def hung(user):
    """Condition on TeamScores: of a team that the person sees, or posted for everybody."""
    access = access_of(user)
    return Q(team__in=access.team_roles) | Q(team__unit__in=access.unit_ids("team.view")) | posted()


def posted():
    """Condition on TeamScores: their boards hang for everybody."""
    boards = Bulletin.objects.filter(kind=Bulletin.Kind.SCORES, team=OuterRef("team"), period=OuterRef("period"))
    return Q(Exists(boards))


@dataclass(frozen=True)
class Scope:
    """Who compares which team, and the month that the year of the comparison ends with."""

    user: object
    team: object
    period: int

    @property
    def months(self):
        """The periods of the history, the earliest first."""
        return [periods.shift(self.period, back) for back in range(1 - HISTORY, 1)]

    @cached_property
    def own(self):
        """{period: the team's TeamScore}; nothing is looked up for a month to come, of which nobody can say anything."""
        if self.period > periods.current_period():
            return {}
        rows = TeamScore.objects.filter(team=self.team, period__in=self.months).order_by("period")
        return {row.period: row for row in rows.select_related("close__version").defer(*HEAVY)}

    @property
    def standard(self):
        """The standard by which the team is measured now: of the month, else of the last month with a score; or None."""
        last = self.own.get(self.period) or next(reversed(self.own.values()), None)
        return last and last.close.version.standard_id

    @cached_property
    def unit(self):
        """The TeamScores of the unit in the team's months, the best of a month first."""
        return list(_read(TeamScore.objects.filter(close__in=[row.close_id for row in self.own.values()])))

    @cached_property
    def hidden(self):
        """{period: ids of the unit's teams whose figures the person may not see}; a month without is not in it."""
        rows = TeamScore.objects.filter(close__in=[row.close_id for row in self.own.values()])
        found = defaultdict(set)
        for period, team in rows.exclude(hung(self.user)).values_list("period", "team"):
            found[period].add(team)
        return found

    @cached_property
    def measured(self):
        """All TeamScores under the same standard."""
        return TeamScore.objects.filter(period__in=self.months, close__version__standard=self.standard)

    @cached_property
    def comparable(self):
        """TeamScores under the same standard that the person may see by name."""
        return self.measured.filter(hung(self.user))

    @cached_property
    def sees_all(self):
        """Whether the person may see whatever is closed under the standard: only then the best of it is that of all."""
        closed = self.measured.filter(close__state=MonthClose.State.CLOSED)
        return not closed.exclude(hung(self.user)).exists()

    @property
    def labels(self):
        """LEGEND as it is true for the person."""
        return LEGEND if self.sees_all else LEGEND | {"company": POSTED_BEST}

    @property
    def others(self):
        """Teams that the person may choose to compare with."""
        found = Team.objects.filter(pk__in=self.comparable.values("team")).exclude(pk=self.team.pk)
        return found.select_related("unit")


def report(scope, other=None, months=3):
    """All figures of the comparison as a mapping; the number of queries does not depend on teams or months."""
    history = _history(scope, other)
    month = history[-1]
    sides = [(key, label, month[key]) for key, label in scope.labels.items() if key != "other" or other]
    beside = {key: figures for key, _, figures in sides if key != "own"}
    return {
        "sides": sides,
        "legend": [(*side, mark(side[0], 0, 0)) for side in sides],
        "rows": _rows(month["own"], sides) if month["own"] else [],
        "month": month,
        "history": history,
        "months": [
            (month, [(label, month[key]) for key, label, _ in sides])
            for month in history[::-1]
            if any(month[key] for key, _, _ in sides)
        ],
        "chart": chart_of(history, [key for key, _, _ in sides]),
        "missing": _missing(scope),
        "bars": bars_of(month["own"], beside) if month["own"] else None,
        **_gap_list(scope, months, other),
    }


def _missing(scope):
    """{key of LEGEND: why it has no figure in the month}, for the person."""
    posted_first = "张榜以后才有"
    return {
        "average": posted_first,
        "best": posted_first if scope.hidden.get(scope.period) else f"都被{VETO}",
        "company": "关账以后才有" if scope.sees_all else posted_first,
        "other": "这个月没有得分",
    }


def _rows(own, sides):
    """[(category, [(label, rate or None)])] of the month."""
    return [(name, [(label, fig and fig.rates.get(name)) for _, label, fig in sides]) for name in own.rates]


# -- Scores ------------------------------------------------------------------------------------------------------------


def _history(scope, other):
    """A mapping a month: period, and the Figures or None of each key of LEGEND."""
    unit = scope.unit
    chosen = list(_read(scope.comparable.filter(team=other))) if other else []
    company = list(_read(_champions(scope)))
    names = _category_names([*unit, *chosen, *company])

    def figures(rows, period):
        return [_figures(row, names) for row in rows if row.period == period]

    return [
        {
            "period": period,
            "own": next(iter(figures([row for row in unit if row.team_id == scope.team.pk], period)), None),
            "average": _average_of_unit([row for row in unit if row.period == period], scope.hidden.get(period), names),
            "best": _best_of_unit([row for row in unit if row.period == period], scope.hidden.get(period), names),
            "company": next(iter(figures(company, period)), None),
            "other": next(iter(figures(chosen, period)), None),
        }
        for period in scope.months
    ]


def _read(rows):
    return rows.select_related("team__unit", "close").defer(*HEAVY).order_by("period", "-score", "team_id")


def _champions(scope):
    """The best TeamScores of all closed months under the standard; equals stand beside each other.

    Who does not see all of them gets the best of what hangs, as the label says.
    """
    rows = scope.measured.filter(close__state=MonthClose.State.CLOSED, vetoed=False)
    rows = rows if scope.sees_all else rows.filter(posted())
    top = rows.values("period").order_by("period").annotate(top=Max("score"))
    wanted = Q(pk__in=[])
    for found in top:
        wanted |= Q(period=found["period"], score=found["top"])
    return rows.filter(wanted)


def _average_of_unit(rows, hidden, names):
    """The mean of the unit; None while the person could work out from it the one team that is hidden."""
    return None if hidden and len(hidden) == 1 else mean([_figures(row, names) for row in rows])


def _best_of_unit(rows, hidden, names):
    """The best without a veto, when nobody's figures are hidden from the person; else None."""
    return None if hidden else best([_figures(row, names) for row in rows if not row.vetoed])


def _category_names(rows):
    """{(version id, number): name} of the categories that the scores count."""
    categories = Category.objects.filter(version__in={row.close.version_id for row in rows})
    return {(version, number): name for version, number, name in categories.values_list("version", "number", "name")}


def _figures(row, names):
    rates = {
        names[row.close.version_id, part["number"]]: divide_half_up(part["kept"] * 10000, part["applicable"])
        for part in row.categories
        if part["applicable"]
    }
    running = row.close.state != MonthClose.State.CLOSED
    veto = (row.veto_reason or VETO) if row.vetoed else ""
    return Figures(row.score, rates, f"{row.team.unit} · {row.team}", running, veto)


# -- Items -------------------------------------------------------------------------------------------------------------


def _gap_list(scope, months, other):
    """The gaps of the last months that have a score, `counted` of them, who the peers are, and beside which team, if any."""
    span = [period for period in scope.months[-months:] if period in scope.own]
    if not span:
        return {"gaps": [], "counted": 0, "peers": 0, "beside": None, "withheld": None, "withheld_note": ""}
    unit = {row.team_id for row in scope.unit if row.period in span}
    peers, withheld = _peers(scope, span), _withheld(scope, unit, span)
    beside = other if other and _sees(scope, other) else None
    lost = _lost({*unit, *peers, *([beside.pk] if beside else [])}, span)
    shown = [] if withheld == "average" else sorted(unit)
    found = gaps(lost, scope.team.pk, shown, list(peers), len(span), not withheld, beside and beside.pk)
    rows = [(gap, [peers[pk] for pk in gap.better if pk in peers and _sees(scope, peers[pk])]) for gap in found]
    return {
        "gaps": rows,
        "counted": len(span),
        "peers": len(peers),
        "beside": beside,
        "withheld": withheld,
        "withheld_note": WITHHELD.get(withheld, ""),
    }


def _withheld(scope, unit, span):
    """Which figures of the unit's items the person may not see: "average" (with the least), "least", or None for none.

    They are hidden wherever the unit's scores are. A board names no items: of the only team that the person does not see,
    the average would tell them even when its board hangs.
    """
    hidden = [len(scope.hidden[period]) for period in span if period in scope.hidden]
    access = access_of(scope.user)
    seen = Q(pk__in=access.team_roles) | Q(unit__in=access.unit_ids("team.view"))
    if 1 in hidden or Team.objects.filter(pk__in=unit).exclude(seen).count() == 1:
        return "average"
    return "least" if hidden else None


def _sees(scope, team):
    return access_of(scope.user).on_team("team.view", team)


def _peers(scope, span):
    """{id: Team} of the teams of the same trade and a similar size under the standard, the nearest in size first.

    Fewer than FEWEST are only used when the person sees all of them.
    """
    if not scope.team.trade:
        return {}
    heads = Membership.objects.open().filter(team=scope.team).count()
    range_ = (heads - max(2, heads * 3 // 10), heads + max(2, heads * 3 // 10))
    measured = TeamScore.objects.filter(period__in=span, close__version__standard=scope.standard).values("team")
    teams = Team.objects.filter(trade=scope.team.trade, pk__in=measured).exclude(pk=scope.team.pk)
    sized = teams.annotate(heads=Count("memberships", filter=Q(memberships__ended_on__isnull=True)))
    near = sized.filter(heads__range=range_).order_by(Abs(F("heads") - heads), "pk").select_related("unit")[:MOST_PEERS]
    found = {team.pk: team for team in near}
    return found if len(found) >= FEWEST or all(_sees(scope, team) for team in found.values()) else {}


def _lost(teams, span):
    """{(team id, Item): points lost in the months}, in hundredths above zero."""
    rows = deductions(teams, periods.first_day(span[0]), periods.last_day(span[-1])).filter(period__in=span)
    columns = ("team_id", "criterion__code", "criterion__name", "criterion__category__name")
    sums = rows.values(*columns).annotate(lost=Sum("points")).order_by("criterion__code", "team_id")
    return {
        (team, Item(code, name, kind)): -lost for team, code, name, kind, lost in sums.values_list(*columns, "lost")
    }
