"""What a standard would have made of the last closed months: scores, grades, ranks and bonuses, old beside new.

Everything comes from frozen rows and is computed again by the pure functions of scores and money; nothing is written.
The number of queries grows neither with teams nor with months.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from assessments import results
from assessments.models import Criterion, MonthClose, TeamScore
from assessments.replay import replay, successors
from assessments.selectors import versions_for, yardstick_of
from incentives.distribution import BoundsTooTight, NothingToWeigh, divide
from incentives.inputs import figures_behind
from incentives.models import Distribution, DistributionLine, UnitPool
from incentives.pools.division import divide_pool, needs_scores
from incentives.pools.rows import stored_inputs
from incentives.rules.definition import read_rule
from teams import periods
from teams.access import lines_by_unit
from teams.models import Team, Unit

MONTHS = 3
MOST_TEAMS = 1000
"""So many scores of teams are computed again at once; more would keep people waiting."""


@dataclass(frozen=True)
class MemberChange:
    """A member's score (hundredths), old and new, and by how many fen the bonus would differ."""

    no: str
    name: str
    old: int
    new: int
    fen: int


@dataclass(frozen=True)
class Move:
    """One team's month: the TeamScore that was closed, the one that it would have been, and the members' changes.

    `comparable` says whether both ranks are among the same teams, `pool` by how many fen the team's pool would differ.
    """

    team: object
    unit: object
    old: TeamScore
    new: TeamScore
    members: tuple
    problem: str = ""
    comparable: bool = True
    pool: int = 0

    @property
    def points(self):
        return self.new.score - self.old.score

    @property
    def climbed(self):
        """By how many ranks the team moves up; 0 where the two ranks are not among the same teams."""
        return self.old.rank - self.new.rank if self.comparable else 0

    @property
    def regraded(self):
        return (self.old.grade, self.old.stars) != (self.new.grade, self.new.stars)

    @property
    def veto(self):
        """What a veto has to do with the grades, in words; '' for nothing."""
        if self.new.vetoed:
            return f"一票否决：{self.new.veto_reason}"
        return "原来一票否决，按这一版没有" if self.old.vetoed else ""

    @property
    def starred(self):
        """Whether a team of the same grade would have stars where it had none."""
        return self.old.grade == self.new.grade and self.new.stars > 0 and not self.old.stars

    @property
    def touched(self):
        """The members whose bonus would differ."""
        return [member for member in self.members if member.fen]

    @property
    def changed(self):
        facts = ("score", "grade", "stars", "rank", "rank_ratio", "vetoed")
        moved = bool(self.touched or self.pool) or not self.comparable
        return moved or any(getattr(self.old, name) != getattr(self.new, name) for name in facts)


@dataclass(frozen=True)
class Trial:
    """`moves` by month and unit, `fresh` lines that no month knew, `left_out` {(code, name, reason): findings}.

    `redivided` counts the unit's months whose pool went to the teams by their scores and is divided again.
    """

    periods: tuple
    moves: tuple
    fresh: tuple
    left_out: dict
    problems: tuple
    redivided: int = 0

    @property
    def sums(self):
        """What the page says above the table."""
        return {
            "changed": sum(move.changed for move in self.moves),
            "up": sum(move.climbed > 0 for move in self.moves),
            "down": sum(move.climbed < 0 for move in self.moves),
            "apart": sum(not move.comparable for move in self.moves),
            "regraded": sum(move.regraded for move in self.moves),
            "people": sum(len(move.touched) for move in self.moves),
            "fen": sum(max(member.fen, 0) for move in self.moves for member in move.members),
            "pools": sum(max(move.pool, 0) for move in self.moves),
        }


def units_under(version, unit_ids):
    """Of these units below its own those for which the version would hold now: no standard is nearer to them."""
    held, lines = versions_for(unit_ids, periods.current_period()), lines_by_unit(unit_ids)
    return [pk for pk, line in lines.items() if version.standard.unit_id in line[: _depth(line, held[pk])]]


def units_apart(unit_ids, under):
    """Those of the units with closed months that a nearer standard measures: they are not part of the trial."""
    closed = MonthClose.objects.filter(state=MonthClose.State.CLOSED, unit__in=set(unit_ids) - set(under))
    return Unit.objects.filter(pk__in=closed.values("unit"))


def _depth(line, version):
    """How far up the standards matter: to the unit of the version that holds."""
    return line.index(version.standard.unit_id) + 1 if version else len(line)


def recent_closes(unit_ids):
    """The closed months of these units, of the last MONTHS in which any of them was closed."""
    closed = MonthClose.objects.filter(unit__in=unit_ids, state=MonthClose.State.CLOSED)
    months = list(closed.order_by("-period").values_list("period", flat=True).distinct()[:MONTHS])
    return closed.filter(period__in=months).order_by("-period", "unit__position", "unit_id")


def units_of(closes):
    """The units that these closes are of."""
    return Unit.objects.filter(pk__in=closes.order_by().values("unit"))


def size_of(closes):
    """How many scores of teams would be computed again."""
    return TeamScore.objects.filter(close__in=closes.order_by().values("pk")).count()


def trial(version, closes):
    """The Trial of a version over these closes."""
    closes = list(closes.select_related("unit"))
    lines, yardstick = _criteria({version.pk, *(close.version_id for close in closes)}), yardstick_of(version)
    codes = {close.version_id: successors(lines[close.version_id], lines[version.pk]) for close in closes}
    context = _Frozen(closes)
    moves, left_out, problems = [], Counter(), []
    for close in closes:
        again = replay(close.inputs, yardstick, codes[close.version_id])
        left_out.update((finding["code"], finding["name"], reason) for finding, reason in again.left_out)
        try:
            moves += context.moves(close, again.inputs)
        except ValueError as error:
            problems.append(f"{close.unit}{periods.label(close.period)}没有试算：{error}")
    known = set().union(*(found.values() for found in codes.values()))
    fresh = tuple(row for row in lines[version.pk] if closes and row.code not in known)
    months = tuple(dict.fromkeys(close.period for close in closes))
    problems += context.problems
    return Trial(months, tuple(moves), fresh, dict(left_out), tuple(problems), len(context.unit_pools))


def _criteria(version_ids):
    """{version id: its Criterions in order}."""
    found = defaultdict(list)
    for row in Criterion.objects.filter(version__in=version_ids).order_by("category__number", "number"):
        found[row.version_id].append(row)
    return found


def _by_score(closes):
    """{(unit id, period): UnitPool} of the closes whose pool the teams' scores divided."""
    rows = UnitPool.objects.filter(
        unit__in={close.unit_id for close in closes}, period__in={close.period for close in closes}
    )
    months = {(close.unit_id, close.period) for close in closes}
    found = {(row.unit_id, row.period): row for row in rows if needs_scores(row.basis)}
    return {month: row for month, row in found.items() if month in months}


def _rivals(rows):
    """{team id: ids of the teams that it is ranked among} of a unit's TeamScores."""
    teams = defaultdict(set)
    for row in rows:
        teams[row.league].add(row.team_id)
    return {row.team_id: teams[row.league] for row in rows}


class _Frozen:
    """What the closes hold besides their inputs, read at once: scores of teams, distributions and their lines, pools of units."""

    def __init__(self, closes):
        ids = [close.pk for close in closes]
        scores = TeamScore.objects.filter(close__in=ids).defer("categories", "lines")
        self.scores = {(score.close_id, score.team_id): score for score in scores}
        self.teams = Team.objects.in_bulk({score.team_id for score in self.scores.values()})
        shared = Distribution.objects.filter(close__in=ids).select_related("rule_version")
        self.distributions = {(row.close_id, row.team_id): row for row in shared}
        self.lines = defaultdict(list)
        for line in DistributionLine.objects.filter(distribution__close__in=ids).select_related("user"):
            self.lines[line.distribution_id].append(line)
        self.unit_pools, self.problems = _by_score(closes), []

    def moves(self, close, inputs):
        """The Moves of one close under the inputs of its replay, by new rank."""
        members = {(row["team_id"], row["user_id"]): row["score"] for row in results.member_rows(inputs)}
        rows = [TeamScore(close=close, **row) for row in results.team_rows(inputs)]
        pools = self._pools(close, {row.team_id: row.score for row in rows})
        before, after = _rivals([self.scores[close.pk, row.team_id] for row in rows]), _rivals(rows)
        moves = [
            replace(
                self._move(close, row, members, pools.get(row.team_id, 0)),
                comparable=before[row.team_id] == after[row.team_id],
            )
            for row in rows
        ]
        return sorted(moves, key=lambda move: (move.new.league, move.new.rank, move.team.pk))

    def _pools(self, close, scores):
        """{team id: by how many fen its pool would differ}: the unit's pool divided again by the new scores."""
        found = self.unit_pools.get((close.unit_id, close.period))
        if found is None:
            return {}
        old = stored_inputs(found)
        new = {team: brought | {"score": scores.get(team, brought["score"])} for team, brought in old.items()}
        try:
            before, after = (divide_pool(found.amount, found.basis, inputs) for inputs in (old, new))
        except NothingToWeigh:
            self.problems.append(f"{close.unit}{periods.label(close.period)}各班组的得分都成了零，单位总额没有重分。")
            return {}
        return {team: part.amount - before[team].amount for team, part in after.items()}

    def _move(self, close, new, scores, pool):
        team, key = self.teams[new.team_id], (close.pk, new.team_id)
        distribution, changes, problem = self.distributions.get(key), (), ""
        try:
            changes = self._changes(distribution, scores, pool) if distribution else ()
        except NothingToWeigh:
            problem = "所有人的权重都成了零，奖金分不下去"
        except BoundsTooTight as error:
            problem = str(error).rstrip("。")
        return Move(team, close.unit, self.scores[key], new, changes, problem, pool=pool)

    def _changes(self, distribution, scores, more):
        """The pool by the same rule with the new scores: what would go to the reserve less, the members get more.

        `more` is by how many fen the pool differs. Personal awards, deductions and debts stay as they are.
        """
        lines, team = self.lines[distribution.pk], distribution.team_id
        rule = read_rule(distribution.rule_version.definition)
        new = {line.pk: scores.get((team, line.user_id), line.score) for line in lines}
        factors = figures_behind(distribution, lines)
        factors |= {no: factors[no] | {"score": new[line.pk]} for line in lines for no in [line.user.employee_no]}
        shares = divide(max(distribution.amount + more, 0), rule.scheme, factors).shares
        return tuple(
            MemberChange(no, line.user.name, line.score, new[line.pk], shares[no].amount - line.amount)
            for line in lines
            for no in [line.user.employee_no]
        )
