"""The way of a team's bonus as a line of steps: what is done, by whom and when, and what comes next."""

from dataclasses import dataclass

from django.utils import timezone

from bulletins.models import Bulletin
from incentives.models import Distribution
from incentives.progress import LABELS
from teams.figures import yuan_text

State = Distribution.State
PAST = {
    "sign": (State.APPROVED, *Distribution.IN_LEDGER),
    "approve": (State.APPROVED, *Distribution.IN_LEDGER),
    "post": Distribution.IN_LEDGER,
    "settle": (State.SETTLED,),
}
"""The states in which a step lies behind."""


@dataclass(frozen=True)
class Step:
    """`standing` is done, current or todo; `said` tells who did it and when, or what is missing."""

    label: str
    standing: str
    said: str = ""


def step_line(progress, votes, boards):
    """The Steps of a team's month; `votes` are the Votes on its distribution or None, `boards` those that hang.

    None for a month in which the team did not exist: no Progress, no steps.
    """
    if progress is None:
        return []
    found, posted = progress.distribution, [board for board in boards if board.kind == Bulletin.Kind.BONUS]
    return [
        _pooled(progress),
        _drafted(progress),
        Step(LABELS["sign"], _standing(progress, "sign"), _agreed(votes)),
        Step(LABELS["approve"], _standing(progress, "approve"), found and _by(found.approved_by, found.approved_at)),
        Step(LABELS["post"], _standing(progress, "post"), found and _by(found.posted_by, found.posted_at)),
        Step(
            *(LABELS["publish"], "done" if posted else _standing(progress, "publish")),
            posted and _at(posted[0].published_at),
        ),
        Step(LABELS["settle"], _standing(progress, "settle"), found and _settled(found)),
    ]


def _pooled(progress):
    pool = progress.pool
    return Step(LABELS["pool"], "done" if pool else "current", f"{yuan_text(pool.amount)} 元" if pool else "")


def _drafted(progress):
    found = progress.distribution
    if found is None:
        return Step(LABELS["draft"], "current" if progress.step == "draft" else "todo")
    if found.returned:
        return Step(LABELS["draft"], "current", "被退回，要重新拟定")
    by = _by(found.drafted_by, found.drafted_at)
    return Step(LABELS["draft"], *(("current", f"{by}，还没有提交") if found.state == State.DRAFT else ("done", by)))


def _standing(progress, step):
    found = progress.distribution
    signed = step == "sign" and progress.step == "approve"
    if found and (signed or found.state in PAST.get(step, ())):
        return "done"
    return "current" if step in progress.steps else "todo"


def _agreed(votes):
    if votes is None:
        return ""
    if not votes.needed and not votes.agreed and not votes.objected:
        return "办法不要求"
    return f"{votes.agreed} / {votes.heads} 人同意" + (f"，{votes.objected} 人不同意" if votes.objected else "")


def _settled(found):
    return f"{found.settled_by or '系统'} {found.settled_on:%m-%d}" if found.settled_on else ""


def _by(person, at):
    return f"{person.name if person else '系统'} {_at(at)}" if at else ""


def _at(at):
    return f"{timezone.localtime(at):%m-%d %H:%M}"
