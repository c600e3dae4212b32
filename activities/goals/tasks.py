"""The task board (事事有人管、人人有事做): open measures of goals and follow-ups of activities, by owner and due day."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from activities.access import visible_to as activities_visible_to
from activities.goals.access import visible_to as goals_visible_to
from activities.models import Activity, FollowUp, Goal, GoalMeasure
from teams.access import access_of
from teams.downloads import Figure
from teams.models import Membership, Team, User

HEADERS = ["事项", "来自", "归谁", "负责人", "工号", "完成日期", "逾期（天）"]


@dataclass(frozen=True)
class Task:
    """Something that somebody has to do by a day; `late` counts the days after it, 0 while there is time."""

    text: str
    source: str
    place: object
    owner: User
    due_on: datetime.date
    late: int
    url: str


def open_tasks(user, *, q="", team=None, owner="", late=""):
    """Tasks that the person may see, the most overdue first; `owner` "own" leaves the person's own, `late` the overdue ones."""
    rows = [*_measures(user), *_follow_ups(user)]
    words = q.split()
    kept = [
        row
        for row in rows
        if (not team or row.place == team)
        and (owner != "own" or row.owner == user)
        and (not late or row.late)
        and all(word in f"{row.text} {row.source} {row.owner.name} {row.place}" for word in words)
    ]
    return sorted(kept, key=lambda row: (row.due_on, row.owner.employee_no, row.text))


def _measures(user):
    goals = goals_visible_to(user).filter(state=Goal.State.OPEN).values("pk")
    rows = GoalMeasure.objects.filter(goal__in=goals, done_on__isnull=True)
    for row in rows.select_related("owner", "goal__team", "goal__unit", "goal__user"):
        place = row.goal.team or row.goal.user or row.goal.unit
        yield _task(row, f"目标：{row.goal}", place, reverse("activities:goal", args=[row.goal_id]))


def _follow_ups(user):
    seen = activities_visible_to(user).filter(state=Activity.State.KEPT).values("pk")
    rows = FollowUp.objects.filter(activity__in=seen, state=FollowUp.State.OPEN)
    for row in rows.select_related("owner", "activity__team", "activity__unit"):
        place = row.activity.team or row.activity.unit
        yield _task(row, f"活动：{row.activity.title}", place, reverse("activities:activity", args=[row.activity_id]))


def _task(row, source, place, url):
    late = max((timezone.localdate() - row.due_on).days, 0)
    return Task(row.text, source, place, row.owner, row.due_on, late, url)


def teams_for(user):
    """Teams whose board the person looks at."""
    return access_of(user).teams("team.view").select_related("unit").order_by("unit__position", "position", "id")


def idle_members(team, tasks):
    """Members of a team who have nothing to do among these tasks."""
    busy = {task.owner.pk for task in tasks}
    stays = Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")
    return [row.user for row in stays if row.user_id not in busy]


def exported(tasks):
    """Rows under HEADERS."""
    for task in tasks:
        team = task.place if isinstance(task.place, Team) else f"{task.place}"
        who = [task.owner.name, task.owner.employee_no]
        yield [task.text, task.source, team, *who, f"{task.due_on}", Figure(str(task.late)) if task.late else ""]
