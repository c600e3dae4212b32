"""Real figures that goals are read from: this floor's own, and those of the floors above, which name them themselves."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count
from django.utils import timezone

from activities.models import Author, GoalProgress, Idea
from teams import periods
from teams.access import subtree_ids
from teams.once import once

UNIT, TEAM, PERSON = "unit", "team", "person"
LEVELS = {UNIT: "单位", TEAM: "班组", PERSON: "个人"}


@dataclass(frozen=True)
class RealFigure:
    """A figure that somebody keeps anyway: for goals of these `levels`.

    `read(goals)` answers {goal id: [(date, hundredths)] in order} for goals of any of the levels with as many queries for
    one goal as for many.
    """

    key: str
    name: str
    measured_in: str
    levels: frozenset
    lower_is_better: bool
    read: Callable


def level_of(goal):
    """Whose goal it is: UNIT, TEAM or PERSON."""
    return PERSON if goal.user_id else TEAM if goal.team_id else UNIT


def real_figures():
    """{key: RealFigure} of this floor and of every app whose AppConfig has a method `goal_figures()`."""
    asked = [config.goal_figures for config in apps.get_app_configs() if hasattr(config, "goal_figures")]
    found = [IDEAS, *(figure for ask in asked for figure in ask())]
    return {figure.key: figure for figure in found}


def series_of(goals):
    """{goal id: [(date, hundredths)] in order}: read where a real figure stands behind a goal, else as people entered it."""
    goals = list(goals)
    known = real_figures()
    found = {goal.pk: [] for goal in goals}
    with once():
        for key in sorted({goal.figure for goal in goals} & set(known)):
            found |= known[key].read([goal for goal in goals if goal.figure == key])
    rows = GoalProgress.objects.filter(goal__in=[goal.pk for goal in goals if goal.figure not in known])
    for goal_id, date, value in rows.order_by("date", "id").values_list("goal_id", "date", "value"):
        found[goal_id].append((date, value))
    return found


def latest_in(series):
    """The last value of a series, or None."""
    return series[-1][1] if series else None


def months_of(goal):
    """The months that a goal runs through, up to this one."""
    last = periods.period_of(min(goal.due_on, timezone.localdate()))
    months, period = [], periods.period_of(goal.starts_on)
    while period <= last:
        months.append(period)
        period = periods.shift(period, 1)
    return months


def span_of(goals):
    """(first, last) month of all these goals, as a lookup `period__range` takes it."""
    months = [month for goal in goals for month in months_of(goal)] or [periods.current_period()]
    return min(months), max(months)


def monthly(goal, values):
    """[(day, value)] of the goal's months that have one in {month: value}: on the last day, of this month today."""
    today = timezone.localdate()
    return [(min(periods.last_day(month), today), values[month]) for month in months_of(goal) if month in values]


def summed(goal, values):
    """As `monthly`, of what has come together since the goal began; a month without a value adds nothing."""
    total, sums = 0, {}
    for month in months_of(goal):
        total += values.get(month, 0)
        sums[month] = total
    return monthly(goal, sums)


def by_owner(goals, level):
    """The goals of one level."""
    return [goal for goal in goals if level_of(goal) == level]


# -- Ideas ---------------------------------------------------------------------------------------------------------------


def _ideas(goals):
    ideas = Idea.objects.filter(period__range=span_of(goals)).exclude(state=Idea.State.WITHDRAWN)
    counts = Counter()
    for team, unit, month, number in ideas.order_by().values_list("team", "unit", "period").annotate(Count("pk")):
        counts["team", team, month] += number
        counts["unit", unit, month] += number
    authors = Author.objects.filter(idea__in=ideas, user__in=[goal.user_id for goal in goals if goal.user_id])
    for user, month in authors.values_list("user", "idea__period"):
        counts["user", user, month] += 1
    return {goal.pk: summed(goal, _of(goal, counts)) for goal in goals}


def _of(goal, counts):
    """{month: hundredths} of a goal's owner."""
    owners = {PERSON: [("user", goal.user_id)], TEAM: [("team", goal.team_id)]}.get(level_of(goal))
    owners = owners or [("unit", unit) for unit in subtree_ids(goal.unit)]
    return {month: 100 * sum(counts[(*owner, month)] for owner in owners) for month in months_of(goal)}


IDEAS = RealFigure("ideas", "提出的建议条数", "条", frozenset(LEVELS), False, _ideas)


def choices_for(level):
    """[(key, name)] of the figures that a goal of a level can be read from."""
    return [(figure.key, figure.name) for figure in real_figures().values() if level in figure.levels]


def name_of(goal):
    """The name of the real figure behind a goal, or an empty text."""
    figure = real_figures().get(goal.figure)
    return figure.name if figure else ""


def read_on(goal):
    """Whether a goal's figure is read and not entered."""
    return goal.figure in real_figures()
