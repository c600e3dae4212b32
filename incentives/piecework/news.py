"""What 今日 says about work points: those of today that are not entered, those of others that wait for this person's check."""

import datetime
from collections import defaultdict

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from incentives.piecework.selectors import days_missing, to_check
from teams import periods

LATELY = datetime.timedelta(days=14)
"""A team that wrote no work points for so long is not asked for today's."""
MOST_LINES = 3
"""The records of so many teams' months have a line each; more of them are one line that leads to the list of teams."""


def news_for(user, access):
    """(title, detail, address) of what waits: work points of today to enter, those of others to check."""
    return [*_to_enter(access), *_to_check(user, access)]


def _to_enter(access):
    """Of the person's own teams those that wrote work points lately and have none of today."""
    own, today = access.duty_teams("piece.enter"), timezone.localdate()
    for team in days_missing(own, today, since=today - LATELY) if own else ():
        url = reverse("incentives:piecework-day", args=[team.pk, today])
        yield "今天的工分", f"{team.name}今天还没有登记工分", url


def _to_check(user, access):
    if not access.has("piece.check"):
        return []
    waiting = to_check(user, access.teams("piece.check")).order_by()
    found = waiting.values("team", "team__name", "period").annotate(number=Count("pk")).order_by("period", "team")
    return _lines(list(found))


def _lines(found):
    if len(found) > MOST_LINES:
        numbers = defaultdict(int)
        for row in found:
            numbers[row["team"]] += row["number"]
        detail = f"{len(numbers)} 个班组，共 {sum(numbers.values())} 条"
        return [("验收工分", detail, reverse("incentives:piecework-current"))]
    return [
        (
            "验收工分",
            f"{row['team__name']}{periods.label(row['period'])} {row['number']} 条",
            reverse("incentives:piecework", args=[row["team"], row["period"]]),
        )
        for row in found
    ]
