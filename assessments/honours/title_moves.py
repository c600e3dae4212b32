"""What becomes of a title: from which states to which, and in which hat somebody does it. One declared table, no database."""

from dataclasses import dataclass

from assessments.models import Title

State = Title.State
RUNNER, CLOCK = "runner", "clock"
"""Who keeps the titles of the programme and has nothing to do with the holder; the nightly run."""
LIVE = (State.VALID, State.RECTIFYING)


@dataclass(frozen=True)
class Move:
    """A deed: `at_recheck` ones decide an open recheck; `hats` may do it."""

    label: str
    verb: str
    sources: tuple
    target: str
    hats: tuple
    done: str
    at_recheck: bool = False


MOVES = {
    "keep": Move("保留称号", "title.kept", (State.VALID,), State.VALID, (RUNNER,), "已保留称号。", True),
    "rectify": Move(
        "限期整改", "title.rectified", (State.VALID,), State.RECTIFYING, (RUNNER,), "已要求整改，到期验收。", True
    ),
    "revoke": Move("撤销称号", "title.revoked", (State.VALID,), State.REVOKED, (RUNNER,), "称号已撤销。", True),
    "restore": Move("整改合格", "title.restored", (State.RECTIFYING,), State.VALID, (RUNNER,), "整改合格，称号保留。"),
    "fail": Move("整改不合格，撤销", "title.failed", (State.RECTIFYING,), State.REVOKED, (RUNNER,), "称号已撤销。"),
    "lapse": Move("自然撤销", "title.lapsed", LIVE, State.REVOKED, (CLOCK,), ""),
    "expire": Move("到期", "title.expired", LIVE, State.EXPIRED, (CLOCK,), ""),
}


def allowed(name, state, hat, *, has_open_recheck):
    """Whether somebody in this hat may make the move now."""
    move = MOVES[name]
    return state in move.sources and hat in move.hats and (has_open_recheck or not move.at_recheck)
