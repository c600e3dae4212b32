"""The arithmetic of scores: pure functions over plain values, integer hundredths throughout, rounded half up once.

The rules (a criterion's cap, N/A leaving the base, awards cap, veto, shared ranks) are those of docs/scoring.md, whose
worked examples are tests.
"""

from collections import defaultdict
from dataclasses import dataclass

FULL = 10000
"""100 points in hundredths."""


@dataclass(frozen=True)
class Yardstick:
    """A standard version as numbers. `criteria` maps code to (category number, points); `grades` go from the best down."""

    criteria: dict
    grades: tuple
    lowest_grade: str
    awards_cap: int
    member_base: int
    member_min: int
    member_max: int


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


def divide_half_up(numerator, denominator):
    """Integer division of non-negative integers rounded half up: ``divide_half_up(5, 2) == 3``."""
    return (2 * numerator + denominator) // (2 * denominator)


def score_team(yardstick, findings, not_applicable=frozenset(), vetoed=False):
    """The score of one team's month.

    `findings` are pairs (criterion code or None, points): deductions below zero; None marks an award outside the
    standard. A criterion loses the sum of its deductions, at most its own points. Score = kept / applicable * 100 plus
    awards (at most the cap). Findings on criteria that do not apply cost nothing. Raises ValueError when no criterion
    applies at all.
    """
    lost = _lost_by_criterion(yardstick, findings, not_applicable)
    categories = _by_category(yardstick, lost, not_applicable)
    applicable = sum(category.applicable for category in categories)
    if not applicable:
        raise ValueError("没有一条小项适用，无法计分。")
    awards = min(sum(points for code, points in findings if code is None), yardstick.awards_cap)
    score = divide_half_up(sum(category.kept for category in categories) * FULL, applicable) + awards
    grade = yardstick.lowest_grade if vetoed else grade_of(yardstick, score)
    return TeamResult(score, awards, grade, vetoed, categories, lost)


def _lost_by_criterion(yardstick, findings, not_applicable):
    deducted = defaultdict(int)
    for code, points in findings:
        if code is not None and code not in not_applicable:
            deducted[code] -= points
    return {code: max(0, min(total, yardstick.criteria[code][1])) for code, total in deducted.items()}


def _by_category(yardstick, lost, not_applicable):
    applicable, kept = defaultdict(int), defaultdict(int)
    for code, (number, points) in yardstick.criteria.items():
        if code not in not_applicable:
            applicable[number] += points
            kept[number] += points - lost.get(code, 0)
    return tuple(CategoryScore(number, applicable[number], kept[number]) for number in sorted(applicable))


def grade_of(yardstick, score):
    """The name of the grade that a score reaches."""
    return next((name for name, least in yardstick.grades if score >= least), yardstick.lowest_grade)


def rank_teams(results):
    """Ranks (1 is best) for {team: TeamResult}: equal scores share a rank, vetoed teams come last."""

    def order(result):
        return (result.vetoed, -result.score)

    ordered = sorted(order(result) for result in results.values())
    return {team: ordered.index(order(result)) + 1 for team, result in results.items()}


def score_member(yardstick, points):
    """A member's score: the base plus the points of the findings that name the person, kept between least and most."""
    return max(yardstick.member_min, min(yardstick.member_base + sum(points), yardstick.member_max))


def mean_coefficient(steps):
    """A month's coefficient (hundredths) of somebody whose coefficient changed: the mean over the days, half up.

    `steps` are (coefficient, days) in order of time. Without any day in the month the last coefficient holds.
    """
    days = sum(days for _, days in steps)
    if not days:
        return steps[-1][0]
    return divide_half_up(sum(coefficient * days for coefficient, days in steps), days)
