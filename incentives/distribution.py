"""The arithmetic of dividing money: pure functions over integers (fen), no rounding drift.

Largest remainder (Hamilton's method): every share is rounded down, then what is left over goes out one unit each to the
largest remainders; equal remainders go to the smaller key. Bounds are met by filling up: whoever is beyond one stays at
it, all others divide the rest by their weights. docs/bonus.md works it through.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import prod


class NothingToWeigh(ValueError):
    """All weights are zero: there is no ratio to divide by."""


class BoundsTooTight(ValueError):
    """What the bounds guarantee is more than there is, or what they allow is less and nothing takes the rest."""


@dataclass(frozen=True)
class Part:
    """One part of the pool: `share` in the ratio of all shares, weighed by the product of `factors`.

    `short` is the share that it has for those with few years of service; None where they are as all others.
    """

    key: str
    share: int
    factors: tuple
    short: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one member gets: fen per part, what meeting the bounds added or took, and in all."""

    parts: dict
    amount: int
    levelled: int = 0


@dataclass(frozen=True)
class Scheme:
    """How a pool is divided. Amounts are fen, percentages hundredths of a percent; None means that there is no such thing.

    `reserve` is set aside before; `unit` is what shares are whole multiples of; nobody gets more than `cap` or than
    `cap_percent` of the average, nobody with a weight less than `floor`; `leader` is "same", "average" (at most the
    average) or "apart" (no share).
    """

    parts: tuple
    reserve: int = 0
    unit: int = 1
    cap: int | None = None
    cap_percent: int | None = None
    floor: int = 0
    leader: str = "same"

    @property
    def is_bounded(self):
        """Whether anything but the weights decides what somebody gets."""
        return self.floor > 0 or self.leader == "average" or (self.cap, self.cap_percent) != (None, None)


@dataclass(frozen=True)
class Pay:
    """What a share comes to, in fen: what is added or taken off (`adjusted`), deductions beyond the cap that are not taken
    (`spared`), the debt brought in (zero or less) and left over for a later month (zero or more), and what is paid."""

    adjusted: int
    spared: int
    carried_in: int
    carried_out: int
    payable: int


@dataclass(frozen=True)
class Division:
    """A pool divided: {key: Share} and the fen that go to the reserve; together they are the pool."""

    shares: dict
    reserve: int


def split(amount, weights, unit=1):
    """Divide `amount` fen in the ratio of `weights` ({key: non-negative int or Fraction}); the parts add up exactly.

    Each part is a multiple of `unit` and less than one unit away from the exact share; what `amount` is more than a
    multiple goes to the largest remainder that got no unit. Raises NothingToWeigh when all weights are zero.
    """
    total = sum(weights.values())
    if total <= 0:
        raise NothingToWeigh("权重全部为零，无法分配。")
    exact = {key: divmod(amount * weight, total * unit) for key, weight in weights.items()}
    shares = {key: int(units) * unit for key, (units, _) in exact.items()}
    by_remainder = [key for _, key in sorted([(-remainder, key) for key, (_, remainder) in exact.items()])]
    units, tail = divmod(amount - sum(shares.values()), unit)
    for key, more in zip(by_remainder, [unit] * units + [tail], strict=False):
        shares[key] += more
    return shares


def divide(amount, scheme, members):
    """Divide a pool by a scheme: the reserve first, then the parts, then what the bounds ask for. Returns a Division.

    `members` maps a sortable key (the employee number) to {factor: int}; "leader" and "short" in it are 1 for the leader
    and for those with few years of service. With a reserve, what is more than a multiple of the unit goes to it as well.
    Raises NothingToWeigh when a part has no weight at all, and BoundsTooTight.
    """
    reserve = amount * scheme.reserve // 10_000
    if scheme.reserve:
        reserve += (amount - reserve) % scheme.unit
    shares = distribute(amount - reserve, scheme, members)
    if not scheme.is_bounded:
        return Division(shares, reserve)
    levelled, rest = _within_bounds(amount - reserve, scheme, members, shares)
    return Division({key: _levelled(share, levelled.get(key, 0)) for key, share in shares.items()}, reserve + rest)


def distribute(amount, scheme, members):
    """Divide an amount: first into its parts by their shares, then each part among the members by their weights.

    A part's tie goes to the part named first. Returns {key: Share}; the amounts add up to `amount`.
    """
    pots = split(amount, {index: part.share for index, part in enumerate(scheme.parts)}, scheme.unit)
    by_part = {
        part.key: split(pots[index], weights_of(part, scheme, members), scheme.unit)
        for index, part in enumerate(scheme.parts)
    }
    return {key: _share({part.key: by_part[part.key][key] for part in scheme.parts}) for key in members}


def weights_of(part, scheme, members):
    """{key: weight} of a part: the product of its factors, scaled by own share ÷ rule share for the short in service."""
    weights = {key: weight(part, factors) for key, factors in members.items()}
    if scheme.leader == "apart":
        weights |= {key: 0 for key, factors in members.items() if factors.get("leader")}
    if part.short is None:
        return weights
    short, share = (sum(getattr(other, name) for other in scheme.parts) for name in ("short", "share"))
    scale = Fraction(part.short * share, part.share * short)
    return {key: value * scale if members[key].get("short") else value for key, value in weights.items()}


def weight(part, factors):
    """A member's weight in a part: the product of the part's factors."""
    return prod([factors[name] for name in part.factors])


def pay_of(share, *, allowance=0, awards=0, deductions=0, debt=0, cap=None):
    """The Pay of a share and what comes to it besides; all are fen of zero or more.

    No more of the deductions is taken than `cap` (hundredths of a percent) of share and allowance, rounded down; what is
    spared is nobody's debt. A debt is taken whole: what cannot be paid of it is carried on.
    """
    taken = deductions if cap is None else min(deductions, (share + allowance) * cap // 10_000)
    adjusted = allowance + awards - taken
    payable, left = carried(share + adjusted - debt)
    return Pay(adjusted, deductions - taken, -debt, left, payable)


def prorated(amount, days, month):
    """The fen of an amount for `days` of a month of `month` days, rounded half up."""
    return (2 * amount * days + month) // (2 * month)


def carried(amount):
    """(payable, carried on) of what a month comes to in fen: nobody pays in, a debt is taken off the next month."""
    return max(amount, 0), max(-amount, 0)


def _share(parts):
    return Share(parts, sum(parts.values()))


def _levelled(share, amount):
    return Share(share.parts, amount, amount - share.amount)


def _within_bounds(amount, scheme, members, shares):
    """({key: fen}, rest for the reserve): the shares as they are where they meet the bounds, else levelled."""
    exact = _exact(scheme, members)
    bounds = _bounds(amount, scheme, members, exact)
    if all(low <= shares[key].amount <= high for key, (low, high) in bounds.items()):
        return {key: share.amount for key, share in shares.items()}, 0
    return _level(amount, exact, bounds, scheme)


def _exact(scheme, members):
    """{key: exact share of the whole} of those who have a weight."""
    exact, shares = dict.fromkeys(members, Fraction(0)), sum(part.share for part in scheme.parts)
    for part in scheme.parts:
        weights = weights_of(part, scheme, members)
        value = part.share / Fraction(shares * sum(weights.values()))
        exact = {key: share + weights[key] * value for key, share in exact.items()}
    return {key: share for key, share in exact.items() if share}


def _bounds(amount, scheme, members, exact):
    """{key: (least, most)} of those who have a share, in whole units."""
    unit, count = scheme.unit, len(exact) or 1
    floor, average = -(-scheme.floor // unit) * unit, amount // count
    caps = [max(amount, floor)] if scheme.cap is None else [scheme.cap]
    if scheme.cap_percent is not None:
        caps.append(amount * scheme.cap_percent // (count * 10_000))
    held = {key for key in exact if scheme.leader == "average" and members[key].get("leader")}
    most = {key: min([*caps, average] if key in held else caps) for key in exact}
    most = {key: high if high >= amount else high // unit * unit for key, high in most.items()}
    return {key: (min(floor, high), high) for key, high in most.items()}


def _level(amount, exact, bounds, scheme):
    """({key: fen}, rest for the reserve) within the bounds: the side that is more beyond its bound is met first."""
    fixed, free = {}, dict(exact)
    while free:
        rest = amount - sum(fixed.values())
        total = sum(free.values())
        wanted = {key: rest * weight / total for key, weight in free.items()}
        low = {key: bounds[key][0] for key in free if wanted[key] < bounds[key][0]}
        high = {key: bounds[key][1] for key in free if wanted[key] > bounds[key][1]}
        if not low and not high:
            return fixed | split(rest, free, scheme.unit), 0
        lacking, beyond = (sum(abs(wanted[key] - bound) for key, bound in side.items()) for side in (low, high))
        met = high if beyond >= lacking else low
        fixed |= met
        free = {key: weight for key, weight in free.items() if key not in met}
    return fixed, _rest(amount - sum(fixed.values()), scheme)


def _rest(rest, scheme):
    if rest < 0:
        raise BoundsTooTight("保底的合计超过了能分的奖金，请调低保底。")
    if rest and not scheme.reserve:
        raise BoundsTooTight("所有人都到了封顶，奖金还有剩余，办法又没有留存。请调高封顶，或者设留存。")
    return rest
