"""What an assessor looks at before confirming a month: each team beside its last month, and what makes one ask.

A question proves nothing and changes no score.
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from django.db.models import Count

from assessments.models import Check, MemberScore, MonthClose, TeamScore
from assessments.selectors import checks_made
from teams import periods
from teams.figures import signed_text

FAR_OFF = 2
"""So many median absolute deviations off the median of the unit make one ask."""
LEAST_OFF, LEAST_TEAMS = 300, 3
"""Less than this (hundredths) off is never far; fewer teams have no middle worth speaking of."""
BIG_CHANGE = 1000
"""More than this (hundredths) from month to month makes one ask; with another grade LEAST_OFF does."""
MOST_LOSSES = 5


@dataclass(frozen=True)
class Reviewed:
    """A team's score (TeamScore), that of the month before or None, and the questions as sentences."""

    score: TeamScore
    before: TeamScore | None
    questions: list

    @property
    def change(self):
        """Points gained or lost since the month before, hundredths; None without one."""
        return None if self.before is None else self.score.score - self.before.score


@dataclass(frozen=True)
class LateFact:
    """Something that counts in this month though it happened earlier; `finding` is its id, None for attendance."""

    team: object
    date: str
    text: str
    finding: int | None = None


def review_of(close):
    """The teams of a close as Reviewed, by rank; three queries."""
    return reviews_of([close], close.period)[close.pk]


def reviews_of(closes, period):
    """{close id: its teams as Reviewed, by rank} of closes of one month; three queries, however many they are."""
    order = ("rank", "team__position", "team_id")
    scores = list(TeamScore.objects.filter(close__in=closes).select_related("team").order_by(*order))
    teams = [score.team_id for score in scores]
    last_month = TeamScore.objects.filter(team__in=teams, period=periods.shift(period, -1))
    before, checks = {score.team_id: score for score in last_month}, _check_counts(teams, period)
    found = {close: [score for score in scores if score.close_id == close.pk] for close in closes}
    return {close.pk: _reviews(close, rows, before, checks) for close, rows in found.items()}


def _reviews(close, scores, before, checks):
    """A month whose scores still run is not over: there is nothing to ask about."""
    off = far_off({score.team_id: score.score for score in scores})
    running = close.state == MonthClose.State.OPEN
    return [
        Reviewed(score, last, [] if running else _questions(score, last, checks[score.team_id], off))
        for score in scores
        for last in [before.get(score.team_id)]
    ]


def asked_about(closes, period):
    """{close id: the teams that have questions} of closes of one month; three queries."""
    reviews = reviews_of(closes, period)
    return {pk: [row.score.team for row in rows if row.questions] for pk, rows in reviews.items()}


def _check_counts(teams, period):
    rows = checks_made(Check.objects.valid()).filter(team__in=teams, period=period).order_by().values_list("team")
    return defaultdict(int, rows.annotate(Count("pk")))


def _questions(score, before, checks, off):
    questions = []
    if score.team_id in off:
        questions.append(
            f"和本单位中间的得分差 {signed_text(off[score.team_id])} 分，是真的差这么多，还是有漏记、多记？"
        )
    if before and _is_striking(score, before):
        grades = f"，等级从{before.grade}到{score.grade}" if before.grade != score.grade else ""
        questions.append(f"比上个月变了 {signed_text(score.score - before.score)} 分{grades}，这个月发生了什么？")
    if not checks and lost_nothing(score):
        questions.append("一次检查都没有，却是满分。没查不等于没问题。")
    return questions


def _is_striking(score, before):
    change = abs(score.score - before.score)
    return change > BIG_CHANGE or (score.grade != before.grade and change >= LEAST_OFF)


def lost_nothing(score):
    """Whether no category of a TeamScore lost a point."""
    return all(row["kept"] == row["applicable"] for row in score.categories)


def far_off(scores):
    """{team: points off the median} of those that lie far off among {team: score}; empty for few teams or equal ones."""
    if len(scores) < LEAST_TEAMS:
        return {}
    middle = median(scores.values())
    usual = median(abs(score - middle) for score in scores.values())
    limit = max(FAR_OFF * usual, LEAST_OFF)
    return {team: round(score - middle) for team, score in scores.items() if abs(score - middle) > limit}


def members_of(close):
    """The MemberScores of a close with their people and teams; one query."""
    return list(MemberScore.objects.filter(close=close).select_related("user", "team"))


def largest_losses(members):
    """[(MemberScore, points lost in hundredths)] of those who lost most, at most five."""
    lost = [(member, -sum(min(line["points"], 0) for line in member.lines)) for member in members]
    return sorted([pair for pair in lost if pair[1]], key=lambda pair: -pair[1])[:MOST_LOSSES]


def late_facts(scores, members):
    """The LateFacts of a month: findings of settled months entered later, and corrections of approved attendance."""
    findings = [
        LateFact(
            score.team,
            line["date"],
            f"{line['name']} {signed_text(line['points'])} 分，{line['entered']} 登记",
            line.get("id"),
        )
        for score in scores
        for line in score.lines
        if "entered" in line
    ]
    return findings + [
        LateFact(member.team, row["date"], f"{member.user.name}考勤更正：{row['old'] or '空'} → {row['new'] or '空'}")
        for member in members
        for row in member.late
    ]
