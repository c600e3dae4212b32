"""What becomes of a studio: from which states to which, and in which hat somebody does it. One declared table, no database."""

from dataclasses import dataclass

from assessments.models import Studio

State = Studio.State
RUNNER, ROUND, CLOCK = "runner", "round", "clock"
"""Who runs the studios of the unit and is not in this one; the round and its re-evaluations; the nightly run."""
ALIVE = (State.GROWING, State.MATURE, State.NAMED, State.RECTIFYING)


@dataclass(frozen=True)
class Move:
    """A deed: `target` None leaves the state as it is; `hats` may do it."""

    label: str
    verb: str
    sources: tuple
    target: str | None
    hats: tuple
    done: str


MOVES = {
    "mature": Move(
        "认定成熟", "studio.matured", (State.GROWING,), State.MATURE, (RUNNER,), "已认定成熟，可以申报命名。"
    ),
    "name": Move("命名", "studio.named", (State.MATURE, State.NAMED), State.NAMED, (ROUND,), "已命名。"),
    "keep": Move("年检合格", "studio.kept", (State.NAMED,), None, (RUNNER,), "年检结果已记下。"),
    "rectify": Move(
        "限期整改",
        "studio.rectified",
        (State.NAMED,),
        State.RECTIFYING,
        (RUNNER, ROUND, CLOCK),
        "已要求整改，到期提醒。",
    ),
    "restore": Move(
        "整改合格", "studio.restored", (State.RECTIFYING,), State.NAMED, (RUNNER, ROUND), "整改合格，恢复命名。"
    ),
    "revoke": Move("撤销", "studio.revoked", ALIVE, State.REVOKED, (RUNNER, ROUND), "已撤销，履历保留。"),
    "rename": Move("更换领军人", "studio.renamed", ALIVE, None, (RUNNER,), "已换领军人。"),
    "warn": Move("提醒", "studio.warned", ALIVE, None, (CLOCK,), "已提醒。"),
}
WITH_REASON = ("mature", "keep", "restore", "revoke")
"""Moves of people that take one sentence; the others have forms of their own."""


def allowed(name, state, hat):
    """Whether somebody in this hat may make the move now."""
    return state in MOVES[name].sources and hat in MOVES[name].hats


def open_to(state, hat):
    """Names of the moves that can be made now in this hat."""
    return [name for name in MOVES if allowed(name, state, hat)]
