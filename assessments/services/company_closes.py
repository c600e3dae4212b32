"""One step of the close of many units: taken together where all of them can take it, and one refusal leaves the others done."""

from itertools import chain

from django.db import transaction

from assessments.services import closes
from teams.errors import TeamError

SERVICES = {"confirm": closes.confirm_all, "finish": closes.finish_all}
AT_ONCE = 100
"""Units in one transaction: their facts are compared together, and entries wait for no more than that."""


def take_step(rows, step, *, actor, seen):
    """Take a step with the units of these Rows (see company_close); returns (closes done, [(unit, why not)]).

    `seen` is {unit id: the inputs_hash that the page showed}. After "compute" the caller wakes a worker for each close.
    """
    if not rows:
        return [], []
    parts = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    return _collected(_take(part, step, actor, seen) for part in parts)


def _take(rows, step, actor, seen):
    """(closes done, [(unit, why not)]): all of these rows at once or, when one of them refuses, each on its own."""
    try:
        return _together(rows, step, actor, seen), []
    except TeamError as error:
        if len(rows) == 1:
            return [], [(rows[0].unit, str(error))]
    return _collected(_take([row], step, actor, seen) for row in rows)


def _collected(outcomes):
    done, refused = zip(*outcomes, strict=True)
    return list(chain.from_iterable(done)), list(chain.from_iterable(refused))


@transaction.atomic
def _together(rows, step, actor, seen):
    if step == "compute":
        asked = [row.close or closes.close_of(row.unit, row.period) for row in rows]
        closes.request_all(asked, actor=actor)
        return asked
    SERVICES[step]({row.close: seen[row.unit.pk] for row in rows}, actor=actor)
    return [row.close for row in rows]
