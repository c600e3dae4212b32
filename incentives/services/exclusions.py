"""Who has no part in a month's pool, with the reason."""

from django.db import transaction

from incentives.errors import IncentiveError, StaleState
from incentives.models import Adjustment, Exclusion
from incentives.services.adjustments import require_open
from teams import audit, periods


@transaction.atomic
def exclude(team, period, user, reason, *, actor):
    """Record that somebody has no part in the team's month. Returns the Exclusion.

    Raises IncentiveError for somebody with an award or a deduction of the month that stands or waits.
    """
    require_open(team, period)
    standing = Adjustment.objects.filter(team=team, period=period, user=user, state__in=["proposed", "approved"])
    if standing.exists():
        raise IncentiveError(f"{user}{periods.label(period)}有个人奖罚，先撤回或者撤销奖罚，再登记不参加。")
    found, created = Exclusion.objects.get_or_create(
        team=team, period=period, user=user, defaults={"reason": reason, "recorded_by": actor}
    )
    if not created:
        raise StaleState(f"{user}已经登记为{periods.label(period)}不参加分配。")
    audit.record("exclusion.recorded", found, actor=actor, unit=team.unit, after={"reason": reason})
    return found


@transaction.atomic
def include(exclusion, *, actor):
    """Let somebody take part again; raises StaleState when that was done already."""
    require_open(exclusion.team, exclusion.period)
    audit.record("exclusion.removed", exclusion, actor=actor, unit=exclusion.team.unit)
    if not Exclusion.objects.filter(pk=exclusion.pk).delete()[0]:
        raise StaleState("这一条已经取消了。")
