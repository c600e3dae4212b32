"""Goals are set, changed while they are open, and ended with a word; progress is entered, measures are added and done."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from activities.errors import ActivityError, StaleState
from activities.goals.figures import read_on
from activities.models import Goal, GoalMeasure, GoalProgress
from teams import audit
from teams.models import Unit

State = Goal.State


@dataclass(frozen=True)
class Content:
    """What a goal says; figures are hundredths. `figure` is the key of a real figure or empty."""

    horizon: str
    title: str
    measure: str
    target: int
    starts_on: datetime.date
    due_on: datetime.date
    measured_in: str = ""
    figure: str = ""
    lower_is_better: bool = False
    baseline: int | None = None
    parent: Any = None


@transaction.atomic
def set_goal(content, *, unit, actor, team=None, user=None):
    """Set a goal for a unit, a team of it or a person; returns the Goal: sent twice by the same person it is set once."""
    _require_days(content)
    list(Unit.objects.select_for_update().filter(pk=unit.pk))
    facts = {"unit": unit, "team": team, "user": user, "created_by": actor, "state": State.OPEN} | _columns(content)
    known = Goal.objects.filter(**facts).first()
    if known:
        return known
    goal = Goal.objects.create(**facts)
    audit.record("goal.set", goal, actor=actor, unit=unit, after=_told(goal))
    return goal


@transaction.atomic
def change(goal, content, *, actor):
    """Put other words and figures in place of an open goal's; the trail keeps what it said before."""
    _require_days(content)
    before = _told(goal)
    if not _open(goal).update(**_columns(content)):
        raise StaleState("这个目标已经结束，不能再改。")
    goal.refresh_from_db()
    audit.record("goal.changed", goal, actor=actor, unit=goal.unit, before=before, after=_told(goal))


def _columns(content):
    return dict(vars(content))


def _require_days(content):
    if content.due_on <= content.starts_on:
        raise ActivityError("完成日期要在开始日期之后。")


def _open(goal):
    return Goal.objects.filter(pk=goal.pk, state=State.OPEN)


def _told(goal):
    names = ("title", "measure", "target", "baseline", "figure", "parent_id", "horizon")
    return {name: getattr(goal, name) for name in names} | {"due_on": f"{goal.due_on}"}


VERBS = {State.REACHED: "goal.reached", State.MISSED: "goal.missed", State.DROPPED: "goal.dropped"}


@transaction.atomic
def end(goal, state, outcome, *, actor):
    """Close a goal as reached, missed or dropped, with what is to be said about it."""
    if not outcome:
        raise ActivityError("结束目标要写总结。")
    if not _open(goal).update(state=state, outcome=outcome):
        raise StaleState("这个目标已经结束了。")
    goal.refresh_from_db()
    audit.record(VERBS[state], goal, actor=actor, unit=goal.unit, after={"outcome": outcome})


@transaction.atomic
def enter_progress(goal, date, value, note="", *, actor):
    """Note the value of a goal's measure on a day. Raises ActivityError for a day to come and where the figure is read."""
    if read_on(goal):
        raise ActivityError("这个目标的数由系统读取，不用登记。")
    if goal.starts_on > timezone.localdate():
        raise ActivityError(f"这个目标 {goal.starts_on} 开始，到那天再登记。")
    if not goal.starts_on <= date <= timezone.localdate():
        raise ActivityError(f"日期要在 {goal.starts_on} 和今天之间。")
    _require_open(goal)
    row = GoalProgress.objects.create(goal=goal, date=date, value=value, note=note, entered_by=actor)
    facts = {"date": f"{date}", "value": value} | ({"note": note} if note else {})
    audit.record("goal_progress.entered", row, actor=actor, unit=goal.unit, after=facts, label=f"{goal} {row}")


def _require_open(goal):
    """Hold the goal open until the end of the transaction; raises StaleState when it is not."""
    if _open(goal).select_for_update().first() is None:
        raise StaleState("这个目标已经结束了。")


@transaction.atomic
def add_measure(goal, text, owner, due_on, *, actor):
    """Somebody does something towards the goal by a day; returns the GoalMeasure."""
    _require_open(goal)
    measure = GoalMeasure.objects.create(goal=goal, text=text, owner=owner, due_on=due_on)
    audit.record("goal_measure.added", measure, actor=actor, unit=goal.unit, after=_plan(measure))
    return measure


@transaction.atomic
def move_measure(measure, owner, due_on, *, actor):
    """Somebody else does it, or by another day."""
    before = _plan(measure)
    if not _undone(measure).update(owner=owner, due_on=due_on):
        raise StaleState("这条措施已经完成了。")
    measure.refresh_from_db()
    facts = {"before": before, "after": _plan(measure)}
    audit.record("goal_measure.moved", measure, actor=actor, unit=measure.goal.unit, **facts)


@transaction.atomic
def finish_measure(measure, outcome, *, actor):
    """It is done today; `outcome` says how it went."""
    if not _undone(measure).update(done_on=timezone.localdate(), outcome=outcome):
        raise StaleState("这条措施已经完成了。")
    measure.refresh_from_db()
    audit.record("goal_measure.done", measure, actor=actor, unit=measure.goal.unit, after={"outcome": outcome})


def _undone(measure):
    return GoalMeasure.objects.filter(pk=measure.pk, done_on__isnull=True, goal__state=State.OPEN)


def _plan(measure):
    return {"owner": str(measure.owner), "due_on": f"{measure.due_on}"}
