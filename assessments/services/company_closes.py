"""One step of the close of many units: each unit in a transaction of its own, so that one refusal leaves the others done."""

from assessments.services import closes
from teams.errors import TeamError

SERVICES = {"confirm": closes.confirm, "finish": closes.finish}


def take_step(rows, step, *, actor, seen):
    """Take a step with the units of these Rows (see company_close); returns (closes done, [(unit, why not)]).

    `seen` is {unit id: the inputs_hash that the page showed}. After "compute" the caller wakes a worker for each close.
    """
    done, refused = [], []
    for row in rows:
        try:
            done.append(_take(row, step, actor, seen[row.unit.pk]))
        except TeamError as error:
            refused.append((row.unit, str(error)))
    return done, refused


def _take(row, step, actor, seen):
    if step == "compute":
        close = closes.close_of(row.unit, row.period)
        closes.request_computation(close, actor=actor)
        return close
    SERVICES[step](row.close, actor=actor, seen=seen)
    return row.close
