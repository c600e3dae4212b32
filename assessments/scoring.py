"""The arithmetic of scores: pure functions over plain values, integer hundredths throughout, rounded half up once.

The rules (methods, a criterion's cap, N/A, awards cap, veto, stars, leagues, ties, ratios of ranks) are those of
docs/scoring.md, whose worked examples are tests.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

FULL = 10000
"""100 points in hundredths."""
PAIRS = ("grades", "stars", "rank_points")
"""The figures of a standard that are lists of pairs."""


class Line(NamedTuple):
    """One criterion as numbers: its category's number, its points, how it is judged, and whether a deduction vetoes."""

    category: int
    points: int
    method: str = "deduct"
    veto: bool = False


@dataclass(frozen=True)
class Yardstick:
    """A standard version as numbers. `criteria` maps code to Line; `grades` and `stars` go from the best down.

    What has a default says what held before it could be set. `rank_points` are (last rank, ratio in hundredths).
    """

    criteria: dict
    grades: tuple
    lowest_grade: str
    awards_cap: int
    member_base: int
    member_min: int
    member_max: int
    stars: tuple = ()
    veto_effect: str = "lowest"
    veto_cap: str = ""
    na_rule: str = "leave"
    league: str = "unit"
    ties: str = "shared"
    rank_points: tuple = ()


@dataclass(frozen=True)
class CategoryScore:
    """What one category (大项) kept of the points that apply to the team."""

    number: int
    applicable: int
    kept: int


@dataclass(frozen=True)
class TeamResult:
    """A team's month: `score` includes `awards`; `lost` maps a criterion's code to the points it lost after the cap."""

    score: int
    awards: int
    grade: str
    vetoed: bool
    categories: tuple
    lost: dict
    stars: int = 0


def divide_half_up(numerator, denominator):
    """Integer division of non-negative integers rounded half up: ``divide_half_up(5, 2) == 3``."""
    return (2 * numerator + denominator) // (2 * denominator)


def score_team(yardstick, findings, not_applicable=frozenset(), vetoed=False):
    """The score of one team's month.

    `findings` are pairs (criterion code or None, points) in the order in which they were found: deductions below zero;
    None marks an award outside the standard. What a criterion loses depends on its method (see LOSSES). Score = kept /
    applicable * 100 plus awards (at most the cap). Findings on criteria that do not apply count nothing; the points of
    such criteria leave the base or count in full (`na_rule`). A deduction on a veto line vetoes the team as `vetoed`
    does. Raises ValueError when no criterion of the base applies at all.
    """
    counted = [(code, points) for code, points in findings if code not in not_applicable]
    lost = _lost_by_criterion(yardstick, counted)
    categories = _by_category(yardstick, lost, not_applicable)
    applicable = sum(category.applicable for category in categories)
    if not applicable:
        raise ValueError("没有一条小项适用，无法计分。")
    vetoed = vetoed or bool(vetoing_codes(yardstick, findings, not_applicable))
    awards = awards_in(yardstick, counted)
    score = divide_half_up(sum(category.kept for category in categories) * FULL, applicable) + awards
    grade, stars = _standing(yardstick, score, vetoed)
    return TeamResult(score, awards, grade, vetoed, categories, lost, stars)


def vetoing_codes(yardstick, findings, not_applicable=frozenset()):
    """Codes of the veto lines that lost points, each once, in the order of the findings."""
    lost = (code for code, points in findings if points < 0 and code is not None and code not in not_applicable)
    return [code for code in dict.fromkeys(lost) if yardstick.criteria[code].veto]


LOSSES = {
    "deduct": lambda found, most: -sum(found),
    "yes_no": lambda found, most: most if min(found) < 0 else 0,
    "score": lambda found, most: -found[-1],
}
"""By method: what a criterion loses for the points found on it, oldest first, before it is held to its points at most."""


def _lost_by_criterion(yardstick, findings):
    found = defaultdict(list)
    for code, points in findings:
        if code is not None and yardstick.criteria[code].method in LOSSES:
            found[code].append(points)
    return {code: _lost(yardstick.criteria[code], points) for code, points in found.items()}


def _lost(line, found):
    return max(0, min(LOSSES[line.method](found, line.points), line.points))


def awards_in(yardstick, findings):
    """What the findings earn outside the base: a line of awards its points at most, and everything together the cap."""
    earned = defaultdict(int)
    for code, points in findings:
        if code is None or yardstick.criteria[code].method == "award":
            earned[code] += points
    capped = [min(points, yardstick.criteria[code].points) if code else points for code, points in earned.items()]
    return min(sum(max(0, points) for points in capped), yardstick.awards_cap)


def _by_category(yardstick, lost, not_applicable):
    applicable, kept = defaultdict(int), defaultdict(int)
    for code, line in yardstick.criteria.items():
        if line.method in LOSSES and (code not in not_applicable or yardstick.na_rule == "full"):
            applicable[line.category] += line.points
            kept[line.category] += line.points - lost.get(code, 0)
    return tuple(CategoryScore(number, applicable[number], kept[number]) for number in sorted(applicable))


def _standing(yardstick, score, vetoed):
    """(grade, stars) of a score; a veto takes both away, or has them read from a score held within the grade of the cap."""
    if vetoed and yardstick.veto_effect == "lowest":
        return yardstick.lowest_grade, 0
    counted = _held_by_veto(yardstick, score) if vetoed else score
    return reached(yardstick.grades, counted, yardstick.lowest_grade), reached(yardstick.stars, counted, 0)


def _held_by_veto(yardstick, score):
    names = [name for name, _ in yardstick.grades]
    place = names.index(yardstick.veto_cap) if yardstick.veto_cap in names else len(names)
    return min(score, yardstick.grades[place - 1][1] - 1) if place else score


def reached(limits, score, otherwise):
    """What a score reaches of `limits`, pairs (what, least score) from the best down; `otherwise` below the last of them."""
    return next((what for what, least in limits if score >= least), otherwise)


def rank_teams(results, ties="shared", leagues=None):
    """Ranks (1 is best) for {team: TeamResult}, within each league of {team: league} or among all.

    Vetoed teams come last. Of equal scores `ties` makes one rank and leaves the next ones out (shared) or goes on with
    the next one (dense), or lets the rates of the categories decide in their order (category) before they share.
    """
    chapters = sorted({category.number for result in results.values() for category in result.categories})
    orders = {team: _order(result, chapters if ties == "category" else ()) for team, result in results.items()}
    league_of = leagues or dict.fromkeys(results)
    rivals = defaultdict(list)
    for team, order in orders.items():
        rivals[league_of[team]].append(order)
    ladders = {league: sorted(set(rows) if ties == "dense" else rows) for league, rows in rivals.items()}
    return {team: bisect_left(ladders[league_of[team]], order) + 1 for team, order in orders.items()}


def _order(result, chapters):
    """What sorts a team: not vetoed, a high score, then high rates of these categories; one that does not apply is full."""
    rates = {row.number: Fraction(row.kept, row.applicable) for row in result.categories if row.number in chapters}
    return result.vetoed, -result.score, *(-rates.get(number, 1) for number in chapters)


def rank_ratio(yardstick, rank):
    """What the standard makes of a rank (hundredths): of the first step that reaches to it, else of the last; or None."""
    steps = yardstick.rank_points
    return next((ratio for last, ratio in steps if rank <= last), steps[-1][1] if steps else None)


def score_member(yardstick, points):
    """A member's score: the base plus the points of the findings that name the person, kept between least and most."""
    return max(yardstick.member_min, min(yardstick.member_base + sum(points), yardstick.member_max))


def mean_coefficient(steps):
    """A month's coefficient (hundredths) of somebody whose coefficient changed: the mean over the days, half up.

    `steps` are (coefficient, days) in order of time. Without any day in the month the last coefficient holds.
    """
    days = sum(days for _, days in steps)
    if not days or len(steps) == 1:
        return steps[-1][0]
    return divide_half_up(sum(coefficient * days for coefficient, days in steps), days)
