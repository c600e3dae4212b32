"""What 今日 says about work points: those of other people that wait for this person's check."""

from collections import defaultdict

from django.db.models import Count
from django.urls import reverse

from incentives.piecework.selectors import to_check
from teams import periods

MOST_LINES = 3
"""The records of so many teams' months have a line each; more of them are one line that leads to the list of teams."""


def news_for(user, access):
    """(title, detail, address) of what waits."""
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
