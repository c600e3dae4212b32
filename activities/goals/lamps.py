"""Whether a goal is on track: pure arithmetic over its dates, its figures and the latest value, all in hundredths."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lamp:
    """What is shown of a goal: a word and a kind of templates/includes/state.html."""

    key: str
    word: str
    kind: str


REACHED = Lamp("reached", "已达到", "ok")
ON_TRACK = Lamp("on_track", "按进度", "ok")
BEHIND = Lamp("behind", "落后", "warn")
SHORT = Lamp("short", "还没达到", "wait")
LATE = Lamp("late", "到期没达到", "bad")
UNKNOWN = Lamp("unknown", "还没有数", "none")
ENDED = {
    "reached": Lamp("ended", "已达到，已结束", "ok"),
    "missed": Lamp("ended", "没有达到，已结束", "bad"),
    "dropped": Lamp("ended", "已取消", "none"),
}


def lamp_of(goal, latest, today):
    """The Lamp of a goal whose latest value is `latest` (None before the first)."""
    if goal.state in ENDED:
        return ENDED[goal.state]
    if latest is not None and is_met(goal, latest):
        return REACHED
    if goal.due_on < today:
        return LATE
    if latest is None:
        return UNKNOWN
    if goal.baseline is None:
        return SHORT
    return ON_TRACK if _better(goal, latest, expected(goal, today)) else BEHIND


def is_met(goal, value):
    """Whether a value reaches the target."""
    return _better(goal, value, goal.target)


def _better(goal, value, other):
    return value <= other if goal.lower_is_better else value >= other


def expected(goal, today):
    """Where the value should be today when it goes evenly from the baseline to the target, rounded towards the baseline."""
    whole = (goal.due_on - goal.starts_on).days
    gone = min(max((today - goal.starts_on).days, 0), whole)
    way = (goal.target - goal.baseline) * gone
    return goal.baseline + (way // whole if way >= 0 else -(-way // whole))


def share_of(goal, latest):
    """How much of the way from the baseline to the target is done, 0 to 100; None where nobody can tell."""
    if latest is None or goal.baseline is None or goal.baseline == goal.target:
        return None
    return min(max((latest - goal.baseline) * 100 // (goal.target - goal.baseline), 0), 100)
