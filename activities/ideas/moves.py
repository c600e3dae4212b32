"""What can be done with an idea: from which states to which, and by whom. One declared table, no database."""

from dataclasses import dataclass

from activities.models import Idea

State = Idea.State
AUTHOR, OWNER = "author", "owner"
REVIEW, VERIFY = "idea.review", "idea.verify"
REVIEW_WITHIN, VERIFY_WITHIN = 15, 30
"""After so many days without an answer an idea is late."""


@dataclass(frozen=True)
class Move:
    """A deed: `by` is AUTHOR, OWNER or a capability; `apart` names those who must not do it even with the capability."""

    label: str
    verb: str
    sources: tuple
    target: str
    by: str
    done: str
    apart: tuple = ()


MOVES = {
    "supplement": Move(
        "补充后再交", "idea.supplemented", (State.RETURNED,), State.SUBMITTED, AUTHOR, "已补充，重新交给评审。"
    ),
    "withdraw": Move("撤回", "idea.withdrawn", (State.SUBMITTED, State.RETURNED), State.WITHDRAWN, AUTHOR, "已撤回。"),
    "adopt": Move("采纳", "idea.adopted", (State.SUBMITTED,), State.ADOPTED, REVIEW, "已采纳，交给实施人。", (AUTHOR,)),
    "return": Move(
        "退回补充", "idea.returned", (State.SUBMITTED,), State.RETURNED, REVIEW, "已退回，等作者补充。", (AUTHOR,)
    ),
    "refuse": Move(
        "不采纳",
        "idea.refused",
        (State.SUBMITTED, State.ADOPTED),
        State.REFUSED,
        REVIEW,
        "没有采纳，原因作者看得到。",
        (AUTHOR,),
    ),
    "reassign": Move(
        "改实施人或日期", "idea.reassigned", (State.ADOPTED,), State.ADOPTED, REVIEW, "已改实施安排。", (AUTHOR,)
    ),
    "carry-out": Move(
        "已经实施", "idea.carried_out", (State.ADOPTED,), State.CARRIED_OUT, OWNER, "已报实施，等人验证效果。"
    ),
    "redo": Move(
        "没有做完，退回实施",
        "idea.redone",
        (State.CARRIED_OUT,),
        State.ADOPTED,
        VERIFY,
        "已退回，实施人要接着做。",
        (AUTHOR, OWNER),
    ),
    "verify": Move(
        "验证有效", "idea.verified", (State.CARRIED_OUT,), State.VERIFIED, VERIFY, "效果已验证。", (AUTHOR, OWNER)
    ),
    "ineffective": Move(
        "没有效果",
        "idea.found_ineffective",
        (State.CARRIED_OUT,),
        State.INEFFECTIVE,
        VERIFY,
        "已记为没有效果。",
        (AUTHOR, OWNER),
    ),
}
WITH_REASON = ("withdraw", "return", "refuse", "carry-out", "redo", "ineffective")
"""Moves that take one sentence; the others have forms of their own."""
ADOPTED_ONCE = (State.ADOPTED, State.CARRIED_OUT, State.VERIFIED, State.INEFFECTIVE)
CARRIED_OUT_ONCE = (State.CARRIED_OUT, State.VERIFIED, State.INEFFECTIVE)
PATH = ((State.SUBMITTED, "提出"), (State.ADOPTED, "采纳"), (State.CARRIED_OUT, "实施"), (State.VERIFIED, "验证"))
"""The way of an idea that goes well."""
PLACES = {State.SUBMITTED: 0, State.RETURNED: 0, State.REFUSED: 1, State.ADOPTED: 1} | {
    State.CARRIED_OUT: 2,
    State.VERIFIED: 4,
    State.INEFFECTIVE: 4,
    State.WITHDRAWN: 0,
}
"""How many steps of the way lie behind an idea."""


def days_late(state, since, due_on, today):
    """By how many days an idea is late in its state since a date; 0 when it is not."""
    if state == State.ADOPTED:
        return max((today - due_on).days, 0)
    within = {State.SUBMITTED: REVIEW_WITHIN, State.CARRIED_OUT: VERIFY_WITHIN}.get(state)
    return max((today - since).days - within, 0) if within else 0
