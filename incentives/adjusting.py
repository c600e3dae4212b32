"""Where what an objection to a posted bonus or expense table was right about is corrected."""

from django.urls import reverse

from bulletins.models import Bulletin
from teams import periods
from teams.access import access_of

WAYS = {
    Bulletin.Kind.BONUS: ("adjustment.propose", "去提个人奖罚", "incentives:adjustments"),
    Bulletin.Kind.EXPENSES: ("expense.decide", "去冲销费用", "incentives:expenses"),
}
"""Kind of board: who corrects it, in words, and the page of a team's month on which that is done."""


def ways_for(user, objection):
    """[(label, address)] for this person (see bulletins.objections.corrections): an entry of this month, no old one changes."""
    bulletin = objection.bulletin
    if bulletin.kind not in WAYS:
        return []
    capability, label, page = WAYS[bulletin.kind]
    month = bulletin.period if bulletin.kind == Bulletin.Kind.EXPENSES else periods.current_period()
    may = bulletin.team and access_of(user).on_team(capability, bulletin.team)
    return [(label, reverse(page, args=[bulletin.team_id, month]))] if may else []
