"""The matrix of an application: its criteria and materials down, the kinds of evidence across. No database."""

from collections import Counter
from dataclasses import dataclass

from assessments.models import Proof

LABELS = dict(Proof.Kind.choices)


@dataclass(frozen=True)
class Grid:
    """`heads` are the kinds that are named or there; a line is (Row of the matrix, numbers of proofs under the heads).

    None stands where the kind may not stand for it.
    """

    heads: list
    lines: list


def grid(rows):
    """The Grid of the Rows of assessments.honours.application_lists.matrix."""
    found = [(row, Counter(proof.kind for proof in row.proofs)) for row in rows]
    kinds = [kind for kind in LABELS if any(_is_named(row, kind) or counts[kind] for row, counts in found)]
    lines = [(row, [_cell(row, counts, kind) for kind in kinds]) for row, counts in found]
    return Grid([LABELS[kind] for kind in kinds], lines)


def _cell(row, counts, kind):
    return counts[kind] if counts[kind] or _may_stand(row, kind) else None


def _may_stand(row, kind):
    """Whether proofs of the kind may stand for it; for a criterion that names no kind any may."""
    return _is_named(row, kind) or (not row.slot.is_material and not row.slot.row["evidence"])


def _is_named(row, kind):
    """Whether the round names the kind; a material is a file."""
    return kind == Proof.Kind.FILE if row.slot.is_material else kind in row.slot.row["evidence"]
