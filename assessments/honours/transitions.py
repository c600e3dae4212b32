"""Which action takes an application from which state to which, and in which hat somebody does it: one declared table."""

from dataclasses import dataclass

from assessments.models import Application, Round

State = Application.State
FILER, RECOMMENDER, SECRETARY = "filer", "recommender", "secretary"
"""Who files it; who gives an opinion at the level it waits at; who runs the round."""


@dataclass(frozen=True)
class Transition:
    """`during` are the states of the round in which the action can be taken; `needs_reason`: a sentence is asked for."""

    action: str
    name: str
    sources: frozenset
    target: str
    hat: str
    during: frozenset
    needs_reason: bool = False


def _row(action, name, sources, target, hat, during, needs_reason=False):
    return Transition(action, name, frozenset(sources), target, hat, frozenset(during), needs_reason)


OPEN, REVIEWING, SHORTLISTED, POSTED = (
    Round.State.OPEN,
    Round.State.REVIEWING,
    Round.State.SHORTLISTED,
    Round.State.POSTED,
)
TRANSITIONS = {
    row.action: row
    for row in (
        _row("submit", "提交", {State.DRAFT, State.RETURNED}, State.SUBMITTED, FILER, {OPEN}),
        _row(
            "withdraw",
            "撤回",
            {State.DRAFT, State.SUBMITTED, State.RETURNED, State.RECOMMENDED},
            State.WITHDRAWN,
            FILER,
            {OPEN},
        ),
        _row("return", "退回补充", {State.SUBMITTED}, State.RETURNED, RECOMMENDER, {OPEN}, needs_reason=True),
        _row("refuse", "不予推荐", {State.SUBMITTED}, State.REFUSED, RECOMMENDER, {OPEN}, needs_reason=True),
        _row("pass_up", "推荐到上一级", {State.SUBMITTED}, State.SUBMITTED, RECOMMENDER, {OPEN}, needs_reason=True),
        _row("recommend", "推荐参评", {State.SUBMITTED}, State.RECOMMENDED, RECOMMENDER, {OPEN}, needs_reason=True),
        _row("review", "进入评审", {State.RECOMMENDED}, State.REVIEWING, SECRETARY, {REVIEWING}),
        _row("shortlist", "列为拟命名", {State.REVIEWING, State.RESERVE}, State.SHORTLISTED, SECRETARY, {REVIEWING}),
        _row("reserve", "列为备选", {State.REVIEWING, State.SHORTLISTED}, State.RESERVE, SECRETARY, {REVIEWING}),
        _row(
            "pass_over",
            "不列入",
            {State.REVIEWING, State.SHORTLISTED, State.RESERVE},
            State.NOT_CHOSEN,
            SECRETARY,
            {REVIEWING},
            needs_reason=True,
        ),
        _row("reconsider", "重新考虑", {State.NOT_CHOSEN}, State.REVIEWING, SECRETARY, {REVIEWING}, needs_reason=True),
        _row(
            "strike_off",
            "公示期取消",
            {State.SHORTLISTED},
            State.NOT_CHOSEN,
            SECRETARY,
            {SHORTLISTED, POSTED},
            needs_reason=True,
        ),
        _row("step_in", "备选递补", {State.RESERVE}, State.SHORTLISTED, SECRETARY, {SHORTLISTED}),
        _row("name", "命名", {State.SHORTLISTED}, State.NAMED, SECRETARY, {POSTED}),
    )
}


def allowed(action, state, round_state, hats):
    """Whether somebody with these hats may take the action now."""
    row = TRANSITIONS[action]
    return state in row.sources and round_state in row.during and row.hat in hats
