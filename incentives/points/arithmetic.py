"""The arithmetic of 党员贡献度积分: a month within its caps, ranks, the year. All points are integer hundredths.

A cap of an indicator bounds its points of a month both ways, so that one kind of deed decides nothing alone. A cap of a field
bounds what the field adds; what it takes away counts in full. Whatever happens, a month's total is not below zero.
"""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """One confirmed entry: the indicator's key and field, the points, the indicator's cap a month (None: no cap)."""

    indicator: int
    field: str
    points: int
    month_cap: int | None = None


def field_sums(deeds, field_caps):
    """{field: points of the month} of those fields in which anything happened; `field_caps` {field: cap}."""
    by_indicator, caps = defaultdict(int), {}
    for deed in deeds:
        by_indicator[deed.indicator, deed.field] += deed.points
        caps[deed.indicator] = deed.month_cap
    sums = defaultdict(int)
    for (indicator, field), points in by_indicator.items():
        sums[field] += _bounded(points, caps[indicator])
    return {field: min(points, field_caps.get(field, points)) for field, points in sums.items()}


def _bounded(points, cap):
    return points if cap is None else max(-cap, min(points, cap))


def total(base, sums):
    """A month's points: the base and what the fields give, at least zero."""
    return max(0, base + sum(sums.values()))


def ranks(totals):
    """{key: rank} of {key: points}, the most first; equal points share a rank and the ranks after it are left out."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: ordered.index(points) + 1 for key, points in totals.items()}


def mean(totals):
    """The mean of a year's closed months, rounded once, half up."""
    return (2 * sum(totals) + len(totals)) // (2 * len(totals))


def grade(points, grades, lowest):
    """The first of `grades` [(name, least points)], best first, that the points reach; else `lowest`."""
    return next((name for name, least in grades if points >= least), lowest)
