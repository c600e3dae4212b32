"""Attendance that stands in the way of a roster: days logged by one team of somebody who would not be its member then."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from teams.models import Attendance


@dataclass(frozen=True)
class Logged:
    """How many `days` of one person a team has logged since a day, the `first` and the `last` of them."""

    team_id: int
    team: str
    first: datetime.date
    last: datetime.date
    days: int

    def __str__(self):
        span = f"{self.first}" if self.first == self.last else f"{self.first} 到 {self.last}"
        return f"{span} 共 {self.days} 天的考勤已经记在{self.team}"


def logged_since(user_ids, day):
    """{user id: [Logged by each team]} of these people from a day on; one query, none without people or day."""
    if not user_ids or day is None:
        return {}
    rows = Attendance.objects.filter(user__in=user_ids, date__gte=day).order_by("user", "team")
    found = defaultdict(list)
    figures = {"first": Min("date"), "last": Max("date"), "days": Count("pk")}
    for user, *logged in rows.values_list("user", "team", "team__name").annotate(**figures):
        found[user].append(Logged(*logged))
    return found


def way_out(name, logged):
    """Who cannot be moved or let go from that day on, what stands where, and what to do, in one text."""
    first_free = max(row.last for row in logged) + datetime.timedelta(days=1)
    teams = "、".join(row.team for row in logged)
    return (
        f"{name} {'，'.join(map(str, logged))}。请把生效日期改成 {first_free} 或以后再办，"
        f"或请{teams}先把{name}这些天的考勤清空，否则这些天在哪个班组都不算"
    )
