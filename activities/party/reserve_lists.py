"""The reserve of leaders: list, figures."""

from django.db.models import Count, Q
from django.utils import timezone

from activities.models import Reserve
from activities.party.access import PARTY, reserves_seen_by
from teams.models import Membership
from teams.selectors import with_words

Stage = Reserve.Stage
SHOWN = {
    Stage.LISTED: ("none", "plus-circle"),
    Stage.TRAINING: ("wait", "mortarboard"),
    Stage.ACTING: ("wait", "person-walking"),
    Stage.READY: ("ok", ""),
    Stage.APPOINTED: ("ok", "award"),
    Stage.LEFT: ("none", ""),
}
"""Kind of state and icon of a stage."""


def listed(user, *, q="", unit=None, stage=""):
    """Reserve leaders whom the person sees; without a stage those on the reserve now."""
    rows = with_words(
        reserves_seen_by(user), q, "user__name__icontains", "user__employee_no__icontains", "coach__name__icontains"
    )
    rows = rows.filter(unit=unit) if unit else rows
    rows = rows.filter(stage=stage) if stage else rows.filter(ended_on__isnull=True)
    return rows.select_related("unit", "user", "coach").order_by("unit_id", "listed_on", "id")


def with_teams(rows):
    """The rows with `team`, where each works now, and `shown`, the look of the stage."""
    rows = list(rows)
    found = Membership.objects.open().filter(user__in=[row.user_id for row in rows]).select_related("team")
    teams = {membership.user_id: membership.team for membership in found}
    for row in rows:
        row.team, row.shown = teams.get(row.user_id), SHOWN[row.stage]
    return rows


def figures(user):
    """How many the person sees at each stage now, how many of them are Party members, came and were appointed this year."""
    seen, year = reserves_seen_by(user), timezone.localdate().year
    present = Q(ended_on__isnull=True)
    counts = {stage.value: Count("pk", filter=present & Q(stage=stage)) for stage in list(Stage)[:4]}
    return seen.aggregate(
        present=Count("pk", filter=present),
        party=Count("pk", filter=present & Q(user__political_status__in=PARTY)),
        came=Count("pk", filter=Q(listed_on__year=year)),
        became=Count("pk", filter=Q(stage=Stage.APPOINTED, ended_on__year=year)),
        **counts,
    )
