"""The arithmetic of reviews: pure, integer hundredths, rounded half up once."""

from dataclasses import dataclass, fields

from assessments.scoring import divide_half_up

ONE = 100
"""A point in hundredths."""
LEAST_TO_DROP = 3
"""With fewer marks than this nothing is dropped: something must be left to be the mean of."""


@dataclass(frozen=True)
class Way:
    """How reviews are held: how many a nominee gets, whether blind, what is dropped, from which spread on they diverge."""

    reviewers: int = 3
    is_blind: bool = True
    drop_extremes: bool = False
    divergence: int = 1500
    needs_visit: bool = False
    needs_defence: bool = False
    needs_vote: bool = False


def way_of(data):
    """The Way that a programme's `review` says."""
    return Way(**{field.name: data[field.name] for field in fields(Way) if field.name in data})


def full(criterion):
    """The most that a criterion earns: its points; one point where none are written, as in a plain yes-no list."""
    return criterion.get("points") or ONE


def most(criteria):
    """The points that all criteria hold together."""
    return sum(full(row) for row in criteria)


def total(criteria, marks):
    """The sum of a reviewer's marks {code: points}; a "yes" has earned all points of its criterion, a "no" none.

    Raises ValueError for a mark that is missing or that the criterion cannot earn.
    """
    wrong = [row.get("name", row["code"]) for row in criteria if not _fits(row, marks.get(row["code"]))]
    if wrong:
        raise ValueError(f"“{'”“'.join(wrong)}”还没有打分，或者超出满分。")
    return sum(marks[row["code"]] for row in criteria)


def _fits(criterion, mark):
    if mark is None:
        return False
    is_yes_no = criterion.get("method") == "yes_no"
    return mark in (0, full(criterion)) if is_yes_no else 0 <= mark <= full(criterion)


def mean(totals, *, drop_extremes):
    """The mean of the reviewers' totals, without one highest and one lowest if told and enough are left; None of nothing."""
    kept = sorted(totals)
    if drop_extremes and len(kept) >= LEAST_TO_DROP:
        kept = kept[1:-1]
    return divide_half_up(sum(kept), len(kept)) if kept else None


def diverge(totals, limit):
    """Whether the reviewers' totals lie further apart than the limit, so that somebody should look again; 0 is no limit."""
    return bool(limit) and len(totals) > 1 and max(totals) - min(totals) > limit


def places(scores):
    """{key: place, 1 is best} of {key: score or None}; equal scores share a place, the next one is left out; None has none."""
    known = sorted((score for score in scores.values() if score is not None), reverse=True)
    return {key: known.index(score) + 1 for key, score in scores.items() if score is not None}
