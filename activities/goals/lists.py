"""Goals as people look at them: the tree with lamps, one with everything on it, what waits for whom, the export."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from activities.goals.access import visible_to
from activities.goals.figures import LEVELS, latest_in, level_of, series_of
from activities.goals.lamps import lamp_of, share_of
from activities.models import Goal, GoalMeasure
from teams import periods
from teams.downloads import Figure
from teams.figures import short_text
from teams.selectors import with_words

State = Goal.State
TEXTS = (
    "title__icontains",
    "measure__icontains",
    "team__name__icontains",
    "unit__name__icontains",
    "user__name__icontains",
)
HEADERS = [
    *("层级", "归谁", "工号", "目标", "期限", "支撑的上级目标", "衡量指标", "计量单位", "起点值", "目标值", "现在"),
    *("开始日期", "完成日期", "进度", "措施（条）", "完成（条）", "总结"),
]


@dataclass
class Node:
    """A goal in a tree: its lamp, latest value and share of the way, how deep it stands, its open and all measures."""

    goal: Goal
    latest: int | None
    lamp: object
    depth: int = 0
    measures: list = field(default_factory=list)

    @property
    def share(self):
        return share_of(self.goal, self.latest)

    @property
    def owner(self):
        """Whose it is."""
        return self.goal.user or self.goal.team or self.goal.unit

    @property
    def level(self):
        return LEVELS[level_of(self.goal)]

    @property
    def done(self):
        """How many measures are done."""
        return sum(measure.done_on is not None for measure in self.measures)


def listed(user, *, q="", level="", state=State.OPEN, lamp=""):
    """[Node] of the goals that the person may see, narrowed; children stand under the goals they support."""
    rows = visible_to(user)
    if state != "all":
        rows = rows.filter(state=state or State.OPEN)
    rows = with_words(rows, q, *TEXTS)
    nodes = nodes_of(Goal.objects.filter(pk__in=rows.values("pk")))
    kept = [node for node in nodes if level in ("", level_of(node.goal)) and lamp in ("", node.lamp.key)]
    return in_order(kept)


def nodes_of(goals):
    """Nodes of goals, however many with the same few queries."""
    found = list(goals.select_related("unit", "team__unit", "user", "parent").prefetch_related("measures"))
    series, today = series_of(found), timezone.localdate()
    values = {goal.pk: latest_in(series[goal.pk]) for goal in found}
    return [
        Node(goal, values[goal.pk], lamp_of(goal, values[goal.pk], today), measures=list(goal.measures.all()))
        for goal in found
    ]


def in_order(nodes):
    """Nodes as a tree: parents before children with their depth; whose parent is not shown stands at the top."""
    shown = {node.goal.pk for node in nodes}
    children = {}
    for node in sorted(nodes, key=_rank):
        parent = node.goal.parent_id if node.goal.parent_id in shown else None
        children.setdefault(parent, []).append(node)

    def below(parent, depth):
        for node in children.get(parent, []):
            node.depth = depth
            yield node
            yield from below(node.goal.pk, depth + 1)

    return list(below(None, 0))


def _rank(node):
    levels = list(LEVELS)
    return levels.index(level_of(node.goal)), node.goal.horizon, node.goal.due_on, node.goal.pk


def goal_for(user, pk):
    """The goal with what its page shows, if the person may see it; else None."""
    rows = Goal.objects.filter(pk__in=visible_to(user).filter(pk=pk).values("pk"))
    return rows.select_related("unit", "team__unit", "user", "parent", "created_by").first()


def measures_waiting(user):
    """Measures that the person still has to carry out, the most urgent first."""
    rows = GoalMeasure.objects.filter(owner=user, done_on__isnull=True, goal__state=State.OPEN)
    return rows.select_related("goal").order_by("due_on", "id")


SOON = 7
"""Measures stand on the home page from so many days before they are due."""


def news_for(user):
    """Lines of the home page: (title, detail, address, state, word)."""
    today = timezone.localdate()
    for row in measures_waiting(user):
        if (row.due_on - today).days > SOON:
            continue
        state = ("warn", "逾期") if row.due_on < today else ("wait", "待办")
        detail = f"{row.text}，{periods.day_text(row.due_on)}前（{row.goal}）"
        yield "目标措施", detail, reverse("activities:goal", args=[row.goal_id]), *state


def exported(nodes):
    """Rows under HEADERS, as texts and figures."""
    for node in nodes:
        goal = node.goal
        whose = [node.level, node.owner, goal.user.employee_no if goal.user else "", goal.title]
        head = [*whose, goal.get_horizon_display(), goal.parent or "", goal.measure]
        values = [_figure(value) for value in (goal.baseline, goal.target, node.latest)]
        days = [f"{goal.starts_on}", f"{goal.due_on}", node.lamp.word]
        counts = [Figure(str(len(node.measures))), Figure(str(node.done))]
        yield [*head, goal.measured_in, *values, *days, *counts, goal.outcome]


def _figure(value):
    return "" if value is None else Figure(short_text(value))
