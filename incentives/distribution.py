"""The arithmetic of dividing money: pure functions over integers (fen), no rounding drift.

Largest remainder (Hamilton's method): every share is rounded down, then the fen left over go one each to the largest
remainders; equal remainders go to the smaller key. docs/bonus.md works it through.
"""

from dataclasses import dataclass
from math import prod


class NothingToWeigh(ValueError):
    """All weights are zero: there is no ratio to divide by."""


@dataclass(frozen=True)
class Part:
    """One part of the pool: `share` in the ratio of all shares, weighed by the product of `factors`."""

    key: str
    share: int
    factors: tuple


@dataclass(frozen=True)
class Share:
    """What one member gets: fen per part and in all."""

    parts: dict
    amount: int


def split(amount, weights):
    """Divide `amount` fen in the ratio of `weights` ({key: non-negative int}); the parts add up to `amount` exactly.

    Each part is less than one fen away from the exact share. Raises NothingToWeigh when all weights are zero.
    """
    total = sum(weights.values())
    if total <= 0:
        raise NothingToWeigh("权重全部为零，无法分配。")
    shares = {key: amount * weight // total for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(amount * weights[key] % total), key))
    for key in by_remainder[: amount - sum(shares.values())]:
        shares[key] += 1
    return shares


def distribute(amount, parts, members):
    """Divide a pool: first into its parts by their shares, then each part among the members by their weights.

    `members` maps a sortable key (the employee number) to {factor: int}. A part's tie goes to the part named first.
    Returns {key: Share}; the amounts add up to `amount`. Raises NothingToWeigh when a part has no weight at all.
    """
    pots = split(amount, {index: part.share for index, part in enumerate(parts)})
    by_part = {
        part.key: split(pots[index], {key: weight(part, factors) for key, factors in members.items()})
        for index, part in enumerate(parts)
    }
    return {key: _share({part.key: by_part[part.key][key] for part in parts}) for key in members}


def weight(part, factors):
    """A member's weight in a part: the product of the part's factors."""
    return prod(factors[name] for name in part.factors)


def _share(parts):
    return Share(parts, sum(parts.values()))
