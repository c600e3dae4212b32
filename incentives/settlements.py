"""The bonuses of a month as finance pays them out: which wait for it, what they come to."""

from django.db.models import Count, Sum
from django.utils import timezone

from incentives.models import Distribution
from teams.access import access_of


def settled_by(user, period):
    """The distributions of a month that are the person's to settle, in the order of units and teams; `payable` is in fen."""
    units = access_of(user).unit_ids("bonus.settle")
    rows = Distribution.objects.filter(team__unit__in=units, period=period).select_related("team__unit")
    sums = {"payable": Sum("lines__payable", default=0), "people": Count("lines")}
    return rows.annotate(**sums).order_by("team__unit__position", "team__unit_id", "team__position", "team_id")


def waiting(distributions):
    """Those that stand in the ledger and are not paid yet."""
    return distributions.filter(state=Distribution.State.POSTED)


def total(distributions):
    """What all of them come to, in fen."""
    return sum(row.payable for row in distributions)


def too_early(distributions, paid_on):
    """In words which of them were posted only after that day; empty when none was."""
    days = [(row.team.name, timezone.localdate(row.posted_at)) for row in distributions]
    late = "、".join(f"{name}（{day}）" for name, day in days if day > paid_on)
    return f"发放日期 {paid_on} 在入账之前：{late}。请改日期，或者先不选它们。" if late else ""
