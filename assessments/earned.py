"""What a team's activities of a month earn it: each record one award, by the points of its kind as they were then."""

from collections import defaultdict

from django.utils import timezone

from activities.models import Activity, ActivityKind

AWARD = "award"
WANTED = ("id", "team_id", "kind__name", "kind__criterion", "title", "date", "period", "points", "privacy")
WANTED += ("entered_at", "recorded_by__name")


def earned_by(teams, period):
    """{team id: [line]} of the activities that count in a month and earn points, in the order in which they happened.

    A line has the members of a finding (see gathering), with `activity` in place of `id`, and in `code` the criterion that
    the kind supports; see placed.
    """
    rows = Activity.objects.valid().filter(team__in=teams, counts_in=period, points__gt=0).order_by("date", "id")
    lines = defaultdict(list)
    for row in rows.values(*WANTED):
        lines[row["team_id"]].append(_line(row, period))
    return lines


def _line(row, period):
    entered = {} if row["period"] == period else {"entered": timezone.localdate(row["entered_at"]).isoformat()}
    return entered | {
        "activity": row["id"],
        "checker": row["recorded_by__name"],
        "code": row["kind__criterion"] or None,
        "date": row["date"].isoformat(),
        "kind": "活动",
        "name": row["kind__name"],
        "note": row["title"] if row["privacy"] == ActivityKind.Privacy.UNIT else "",
        "person": None,
        "person_name": "",
        "points": row["points"],
    }


def placed(lines, yardstick):
    """The lines with a code only where the standard has a line of awards of that code; elsewhere they are awards outside it."""
    awards = {code for code, line in yardstick.criteria.items() if line.method == AWARD}
    return [line | {"code": line["code"] if line["code"] in awards else None} for line in lines]
