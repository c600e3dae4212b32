"""Marking the posted bonuses of many teams as paid: each in a transaction of its own, so that one refusal stops nobody else's."""

from incentives.models import Distribution
from incentives.services import approvals
from teams.errors import TeamError


def settle_all(distributions, *, paid_on, note="", actor, seen):
    """Settle these distributions; returns (those that are settled now, [(distribution, why not)]).

    `seen` is {team id: Distribution.seen as the page showed it}. Done again, it only does what was refused.
    """
    done, refused = [], []
    for row in distributions:
        try:
            _settle(row, paid_on=paid_on, note=note, actor=actor, seen=seen[row.team_id])
            done.append(row)
        except TeamError as error:
            refused.append((row, str(error)))
    return done, refused


def _settle(row, **facts):
    if row.state == Distribution.State.SETTLED:
        raise TeamError("已经登记过发放，不用再登记。")
    approvals.settle(row, **facts)
