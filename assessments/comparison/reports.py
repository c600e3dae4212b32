"""The comparison of a team with others: everything that its page and its workbook show, from a constant number of reads.

Of a team that the reader does not see, only what its posted score board tells everybody is shown: score and categories of
the months that hang. What all teams of a unit or all peers are on average names nobody.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.db.models.functions import Abs

from assessments.analysis.losses import Item, deductions
from assessments.comparison.chart import bars_of, chart_of
from assessments.comparison.figures import FEWEST, Figures, best, gaps, mean
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
LEGEND = {"own": "本班组", "average": "本单位平均", "best": "本单位最好", "company": "全公司最好", "other": "选的班组"}
NOTE = "小项丢分按检查记录合计，没有按小项满分封顶；作废的不算。"


def hung(user):
    """Condition on TeamScores: of a team that the person sees, or posted for everybody."""
    access = access_of(user)
    posted = Bulletin.objects.filter(kind=Bulletin.Kind.SCORES, team=OuterRef("team"), period=OuterRef("period"))
    return Q(team__in=access.team_roles) | Q(team__unit__in=access.unit_ids("team.view")) | Q(Exists(posted))


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
        """{period: the team's TeamScore}."""
        rows = TeamScore.objects.filter(team=self.team, period__in=self.months).order_by("period")
        return {row.period: row for row in rows.select_related("close__version").defer(*HEAVY)}

    @property
    def standard(self):
        """The standard by which the team is measured now: of the month, else of the last month with a score; or None."""
        last = self.own.get(self.period) or next(reversed(self.own.values()), None)
        return last and last.close.version.standard_id

    @cached_property
    def comparable(self):
        """TeamScores under the same standard that the person may see by name."""
        rows = TeamScore.objects.filter(period__in=self.months, close__version__standard=self.standard)
        return rows.filter(hung(self.user))

    @property
    def others(self):
        """Teams that the person may choose to compare with."""
        found = Team.objects.filter(pk__in=self.comparable.values("team")).exclude(pk=self.team.pk)
        return found.select_related("unit")


def report(scope, other=None, months=3):
    """All figures of the comparison as a mapping; the number of queries does not depend on teams or months."""
    history = _history(scope, other)
    month = history[-1]
    sides = [(key, label, month[key]) for key, label in LEGEND.items() if key != "other" or other]
    beside = {key: figures for key, _, figures in sides if key != "own"}
    return {
        "sides": sides,
        "rows": _rows(month["own"], sides) if month["own"] else [],
        "month": month,
        "history": history,
        "months": [
            (month, [(label, month[key]) for key, label, _ in sides])
            for month in history[::-1]
            if any(month[key] for key, _, _ in sides)
        ],
        "chart": chart_of(history, [key for key, _, _ in sides]),
        "bars": bars_of(month["own"], beside) if month["own"] else None,
        **_gap_list(scope, months),
    }


def _rows(own, sides):
    """[(category, [(label, rate or None)])] of the month."""
    return [(name, [(label, fig and fig.rates.get(name)) for _, label, fig in sides]) for name in own.rates]


# -- Scores ------------------------------------------------------------------------------------------------------------


def _history(scope, other):
    """A mapping a month: period, and the Figures or None of each key of LEGEND."""
    closes = [row.close_id for row in scope.own.values()]
    unit = list(_read(TeamScore.objects.filter(close__in=closes)))
    chosen = list(_read(scope.comparable.filter(team=other))) if other else []
    company = list(_read(_champions(scope)))
    seen = set(TeamScore.objects.filter(hung(scope.user), close__in=closes).values_list("team", "period"))
    names = _category_names([*unit, *chosen, *company])

    def figures(rows, period):
        return [_figures(row, names) for row in rows if row.period == period]

    return [
        {
            "period": period,
            "own": next(iter(figures([row for row in unit if row.team_id == scope.team.pk], period)), None),
            "average": _average_of_unit([row for row in unit if row.period == period], seen, names),
            "best": _best_of_unit([row for row in unit if row.period == period], seen, names),
            "company": next(iter(figures(company, period)), None),
            "other": next(iter(figures(chosen, period)), None),
        }
        for period in scope.months
    ]


def _read(rows):
    return rows.select_related("team__unit", "close").defer(*HEAVY).order_by("period", "-score", "team_id")


def _champions(scope):
    """The best posted TeamScores of all closed months under the standard; equals stand beside each other."""
    rows = scope.comparable.filter(close__state=MonthClose.State.CLOSED, vetoed=False)
    top = rows.values("period").order_by("period").annotate(top=Max("score"))
    wanted = Q(pk__in=[])
    for found in top:
        wanted |= Q(period=found["period"], score=found["top"])
    return rows.filter(wanted)


def _average_of_unit(rows, seen, names):
    """The mean of the unit; None while the person could work out from it the one team that is not seen."""
    hidden = sum((row.team_id, row.period) not in seen for row in rows)
    return None if hidden == 1 else mean([_figures(row, names) for row in rows])


def _best_of_unit(rows, seen, names):
    """The best without a veto, when the person may see everybody's figures; else None."""
    if not all((row.team_id, row.period) in seen for row in rows):
        return None
    return best([_figures(row, names) for row in rows if not row.vetoed])


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
    return Figures(row.score, rates, f"{row.team.unit} · {row.team}", running)


# -- Items -------------------------------------------------------------------------------------------------------------


def _gap_list(scope, months):
    """The gaps of the last months that have a score, `counted` of them, and who the peers are."""
    span = [period for period in scope.months[-months:] if period in scope.own]
    if not span:
        return {"gaps": [], "counted": 0, "peers": 0}
    closes = [scope.own[period].close_id for period in span]
    unit = _teams_of_unit(scope, closes)
    peers = _peers(scope, span)
    lost = _lost({*unit, *peers}, span)
    found = gaps(lost, scope.team.pk, sorted(unit), list(peers), len(span))
    rows = [(gap, [peers[pk] for pk in gap.better if pk in peers and _sees(scope, peers[pk])]) for gap in found]
    return {"gaps": rows, "counted": len(span), "peers": len(peers)}


def _teams_of_unit(scope, closes):
    """The unit's teams; without the only one that the person does not see, of which the average would tell."""
    unit = set(TeamScore.objects.filter(close__in=closes).values_list("team", flat=True))
    hidden = unit - set(access_of(scope.user).teams("team.view").filter(pk__in=unit).values_list("pk", flat=True))
    return unit - hidden if len(hidden) == 1 else unit


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
