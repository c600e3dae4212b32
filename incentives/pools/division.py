"""How a unit's pool becomes the pools of its teams: pure functions over integers, on top of the largest remainder.

What a team brings in (`inputs`): `heads` and `coefficients` are sums over its people and their days in the team (so that
who moved within the month counts in each team for the days there), `score` is hundredths of a point.
"""

from dataclasses import dataclass
from math import prod

from incentives.distribution import split

FACTORS = {
    "heads": ("heads",),
    "score": ("heads", "score"),
    "coefficient": ("coefficients", "score"),
}
"""What each basis multiplies; the keys are those of UnitPool.Basis."""


@dataclass(frozen=True)
class Part:
    """What a team gets (fen), and the weight that it got it by."""

    amount: int
    weight: int


def needs_scores(basis):
    """Whether a basis can only be used for a closed month."""
    return "score" in FACTORS[basis]


def weigh(basis, brought):
    """A team's weight: the product of what the basis multiplies; a score below zero or none at all weighs nothing."""
    return prod(max(brought[factor] or 0, 0) for factor in FACTORS[basis])


def divide_pool(amount, basis, inputs):
    """{team: Part} for `inputs` ({team id: brought in}); the amounts add up to `amount`, ties go to the smaller id.

    Raises distribution.NothingToWeigh when no team weighs anything.
    """
    weights = {team: weigh(basis, brought) for team, brought in inputs.items()}
    return {team: Part(fen, weights[team]) for team, fen in split(amount, weights).items()}
