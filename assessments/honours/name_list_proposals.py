"""Which names a list could hold: by place, within the quota, the best ones first. Pure."""

from dataclasses import dataclass

from assessments.honours.quotas import Nominee, problems


@dataclass(frozen=True)
class Candidate:
    """Somebody who may come onto the list: `key` is the caller's, `place` 1 is best and None is not placed."""

    key: object
    place: int | None
    nominee: Nominee


def addable(quota, listed, nominee):
    """Whether a Nominee may join those on the list: within the quota, and no worse for the share of the front line.

    A list that lacks front line may still get somebody of the front line, who brings it nearer.
    """
    if nominee.bars or _is_full(quota, listed, nominee.unit):
        return False
    return nominee.is_front_line or not problems(quota, [*_free(listed), nominee])


def _is_full(quota, listed, unit):
    there = sum(row.unit == unit for row in listed)
    return (quota.total is not None and len(listed) >= quota.total) or (
        quota.per_unit is not None and there >= quota.per_unit
    )


def _free(listed):
    """The list without what is said against single names, which is no matter of the quota."""
    return [Nominee(row.name, row.unit, row.is_front_line) for row in listed]


def propose(quota, listed, candidates):
    """Keys of the Candidates that join those on the list: whoever is placed best among the addable ones, again and again.

    When any list with those names keeps the quota, the proposal does; nobody left out could join it any more.
    """
    listed, open_, chosen = list(listed), _by_place(candidates), []
    while found := next((row for row in open_ if addable(quota, listed, row.nominee)), None):
        open_.remove(found)
        listed.append(found.nominee)
        chosen.append(found.key)
    return chosen


def _by_place(candidates):
    return sorted((row for row in candidates if row.place is not None), key=lambda row: row.place)


def tied(candidates, chosen):
    """Keys of those left out whose place is also that of a chosen one of the same side: people decide, not the order."""
    kept = set(chosen)
    cut = {(row.place, row.nominee.is_front_line) for row in candidates if row.key in kept}
    left = [row for row in candidates if row.key not in kept and not row.nominee.bars]
    return [row.key for row in left if (row.place, row.nominee.is_front_line) in cut]


def propose_reserve(quota, reserved, candidates):
    """Keys of the best placed Candidates without bars for as many reserve names as are free; all without a total."""
    free = None if quota.reserve is None else max(quota.reserve - reserved, 0)
    return [row.key for row in _by_place(candidates) if not row.nominee.bars][:free]
