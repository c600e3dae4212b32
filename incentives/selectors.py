"""Reads of the incentive floor."""

import datetime

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.utils import timezone

from assessments.models import MonthClose, TeamScore
from incentives.models import Account, BonusRuleVersion, Distribution, DistributionLine, Entry, Expense, Pool
from teams import periods
from teams.access import line_of, lines_by_unit, lines_of, subtree_ids
from teams.models import Membership, Team, User


def rule_for(unit, period):
    """The BonusRuleVersion that holds for a unit in a month: of the nearest unit upwards, the latest; or None."""
    line = line_of(unit)
    versions = BonusRuleVersion.objects.filter(
        rule__unit__in=line, in_force_from__lte=period, state__in=["in_force", "frozen"]
    ).select_related("rule")
    return min(versions, key=lambda v: (line.index(v.rule.unit_id), -v.in_force_from), default=None)


def pools_of(teams, period):
    """{team id: Pool} of a month."""
    return {pool.team_id: pool for pool in Pool.objects.filter(team__in=teams, period=period)}


PEOPLE = ("drafted_by", "proposed_by", "approved_by", "posted_by", "settled_by")
"""Who has had a hand in a distribution."""


def distribution_of(team, period):
    """The Distribution of a team's month with what its page shows, or None."""
    return (
        Distribution.objects.filter(team=team, period=period)
        .select_related("team__unit", "rule_version__rule", "close", "pool", *PEOPLE)
        .defer("close__inputs")
        .first()
    )


def next_open_month(team, period):
    """The first month after `period` whose bonus nobody has approved or proposed yet."""
    drafts = Distribution.objects.filter(team=team, period__gt=period).exclude(state=Distribution.State.DRAFT)
    taken = set(drafts.values_list("period", flat=True))
    further = periods.shift(period, 1)
    while further in taken:
        further = periods.shift(further, 1)
    return further


def divided_teams(unit):
    """Teams of a unit and below that have a closed month: what a rule can be tried on."""
    closed = TeamScore.objects.filter(close__state=MonthClose.State.CLOSED, team__unit__in=subtree_ids(unit))
    return Team.objects.open().filter(pk__in=closed.values("team"))


def first_team(unit):
    """The first open team of a unit and below, with which the unit's papers are kept; or None."""
    return Team.objects.open().filter(unit__in=subtree_ids(unit)).order_by("pk").first()


def latest_closed(team):
    """The MonthClose of a team's latest closed month, or None."""
    scores = TeamScore.objects.filter(team=team, close__state=MonthClose.State.CLOSED).select_related("close")
    latest = scores.defer("lines", "close__inputs").order_by("-period").first()
    return latest and latest.close


def latest_line(user):
    """A person's line of the latest posted distribution, or None."""
    return (
        DistributionLine.objects.filter(user=user, distribution__state__in=Distribution.IN_LEDGER)
        .select_related("distribution__team")
        .order_by("-distribution__period")
        .first()
    )


def balance(code):
    """An account's balance in fen: what came in minus what went out; 0 for an account that never was."""
    account = Account.objects.filter(code=code).first()
    if account is None:
        return 0
    incoming = Entry.objects.filter(target_account=account).aggregate(fen=Sum("amount"))["fen"] or 0
    outgoing = Entry.objects.filter(source_account=account).aggregate(fen=Sum("amount"))["fen"] or 0
    return incoming - outgoing


def rules_in_reach(access):
    """Rule versions that hold for any unit on which the person sees bonuses: its own and those of units above."""
    units = {team.unit_id for team in access.teams("bonus.view")} | set(access.unit_ids("bonus.view"))
    return _versions_of(units)


def rules_readable(access):
    """Rule versions that a person may read: those of the own teams and units, and of every unit above."""
    units = {team.unit_id for team in access.teams("team.view")} | set(access.unit_ids("team.view"))
    return _versions_of(units)


def _versions_of(units):
    """The versions of these units and those above, with `next_from`, the month from which another one of the same unit
    holds, and whether that is `over` by now."""
    later = BonusRuleVersion.objects.filter(
        rule__unit=OuterRef("rule__unit"), in_force_from__gt=OuterRef("in_force_from")
    ).order_by("in_force_from")
    ended = Exists(later.filter(in_force_from__lte=periods.current_period()))
    found = BonusRuleVersion.objects.filter(rule__unit__in=lines_of(units)).select_related("rule__unit")
    return found.annotate(next_from=Subquery(later.values("in_force_from")[:1]), over=ended)


def units_held(versions, period):
    """Ids of the units of these versions for which one of them holds in a month: an own one, or one from above."""
    held = {version.rule.unit_id for version in versions if version.in_force_from and version.in_force_from <= period}
    lines = lines_by_unit({version.rule.unit_id for version in versions})
    return {unit for unit, line in lines.items() if held & set(line)}


def people_since(team, days):
    """People who were in the team at any time of these last days, by employee number."""
    today = timezone.localdate()
    there = Membership.objects.during(today - datetime.timedelta(days=days), today).filter(team=team)
    return User.objects.filter(pk__in=there.values("user")).order_by("employee_no")


def repeats_of(expense):
    """Other expenses, neither refused nor withdrawn, with a voucher that this one has, too."""
    photos = expense.vouchers.values("sha256")
    found = Expense.objects.filter(vouchers__sha256__in=photos).exclude(pk=expense.pk).select_related("team")
    return found.exclude(state__in=[Expense.State.REFUSED, Expense.State.WITHDRAWN]).distinct()
