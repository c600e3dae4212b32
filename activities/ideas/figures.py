"""How many ideas the teams had in a year, what became of them, and what they are worth."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from activities.ideas.moves import ADOPTED_ONCE, CARRIED_OUT_ONCE
from activities.models import Idea
from teams.downloads import Figure
from teams.figures import decimal_text
from teams.models import Membership

HEADERS = ["单位", "班组", "人数", "提出", "人均（条）", "采纳", "实施", "验证有效", "年效益（元）"]
COUNTS = ("submitted", "adopted", "carried_out", "verified", "benefit")


@dataclass(frozen=True)
class Row:
    """The year of a team, or of all together (`team` None): numbers of ideas, `benefit` in fen a year."""

    team: object
    heads: int
    submitted: int
    adopted: int
    carried_out: int
    verified: int
    benefit: int

    @property
    def per_head(self):
        """Ideas a head in hundredths, rounded; 0 for a team without members."""
        return (self.submitted * 100 + self.heads // 2) // self.heads if self.heads else 0


def year_of(teams, year):
    """(Rows of the teams, most ideas a head first; the Row of all together). Withdrawn ideas do not count."""
    teams = list(teams)
    heads = _heads(teams)
    counts = _counts(teams, year)
    rows = [Row(team, heads.get(team.pk, 0), *counts.get(team.pk, (0,) * len(COUNTS))) for team in teams]
    total = Row(None, *(sum(getattr(row, name) for row in rows) for name in ("heads", *COUNTS)))
    return sorted(rows, key=lambda row: (-row.per_head, -row.benefit)), total


def _heads(teams):
    rows = Membership.objects.open().filter(team__in=teams).order_by().values("team").annotate(heads=Count("pk"))
    return {row["team"]: row["heads"] for row in rows}


def _counts(teams, year):
    """{team id: figures in the order of COUNTS} of the ideas submitted in the year."""
    rows = Idea.objects.filter(team__in=teams, period__range=(year * 100 + 1, year * 100 + 12))
    rows = rows.exclude(state=Idea.State.WITHDRAWN).order_by().values("team")
    sums = rows.annotate(
        submitted=Count("pk"),
        adopted=Count("pk", filter=Q(state__in=ADOPTED_ONCE)),
        carried_out=Count("pk", filter=Q(state__in=CARRIED_OUT_ONCE)),
        verified=Count("pk", filter=Q(state=Idea.State.VERIFIED)),
        worth=Sum("benefit"),
    )
    names = ("submitted", "adopted", "carried_out", "verified", "worth")
    return {row["team"]: tuple(row[name] or 0 for name in names) for row in sums}


def exported(rows):
    """Rows under HEADERS."""
    for row in rows:
        place = [row.team.unit, row.team] if row.team else ["合计", ""]
        counts = [Figure(str(row.heads)), Figure(str(row.submitted)), Figure(decimal_text(row.per_head))]
        later = [Figure(str(count)) for count in (row.adopted, row.carried_out, row.verified)]
        yield [*place, *counts, *later, Figure(decimal_text(row.benefit), money=True)]
