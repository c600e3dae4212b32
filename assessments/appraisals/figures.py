"""The arithmetic of leader appraisals: pure functions over plain values, integer hundredths, each figure rounded half up once.

The rules and worked examples are in docs/scoring.md ("班组长测评"); the examples are tests.
"""

from dataclasses import dataclass
from fractions import Fraction

from assessments.scoring import FULL, divide_half_up

SIDES = ("self", "members", "superior")
LEVELS = (("做得好", 100), ("一般", 70), ("要改进", 40))
"""What can be ticked for an item, and how many percent of its points that gives."""


@dataclass(frozen=True)
class Result:
    """What a leader reached: hundredths of 100 by side and in total, None for what is missing; `missing` sides had weight."""

    sides: dict
    total: int | None
    missing: tuple


def points_of(level, points):
    """What a level (its place in LEVELS) gives of an item's points, in hundredths."""
    return divide_half_up(points * LEVELS[level][1], 100)


def appraise(full, weights, answers, least):
    """The Result of one leader.

    `full` are the points of all items together, `weights` percent by side, `answers` by side a list of answers, each one
    number (hundredths) an item. Fewer answers of members than `least` count as none. What is missing leaves its weight
    to the others.
    """
    means = {
        side: _mean(answers[side], full) for side in SIDES if len(answers[side]) >= (least if side == "members" else 1)
    }
    counted = {side: weights[side] for side in means if weights[side]}
    exact = sum(means[side] * weight for side, weight in counted.items())
    total = _half_up(exact / sum(counted.values())) if counted else None
    sides = {side: _half_up(means[side]) if side in means else None for side in SIDES}
    return Result(sides, total, tuple(side for side in SIDES if weights[side] and side not in means))


def means_by_item(answers, least=1):
    """The mean of each item over the answers, in hundredths; nothing when there are fewer answers than `least`."""
    if len(answers) < least:
        return []
    return [divide_half_up(sum(column), len(answers)) for column in zip(*answers, strict=True)]


def _mean(answers, full):
    return Fraction(sum(map(sum, answers)) * FULL, full * len(answers))


def _half_up(value):
    return divide_half_up(value.numerator, value.denominator)
