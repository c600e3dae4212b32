"""Where the record behind a transaction can be read, for those who may read it."""

from collections import defaultdict

from django.urls import reverse

from incentives.models import Distribution, DistributionLine, Expense, SpecialAward
from teams.access import access_of


def addresses_of(user, transactions):
    """{transaction id: address} of the records that the person may open; a reversal leads to the record it reverses.

    A distribution and its payment lead to the team's month, or to the own payslip.
    """
    numbers, keys = defaultdict(set), {}
    for posted in transactions:
        kind, _, number = (posted.reverses or posted).source.partition(":")
        if kind in READABLE:
            keys[posted.pk] = kind, int(number)
            numbers[kind].add(int(number))
    found = {kind: READABLE[kind](user, asked) for kind, asked in numbers.items()}
    return {pk: found[kind][number] for pk, (kind, number) in keys.items() if number in found[kind]}


def _distributions(user, numbers):
    rows = Distribution.objects.filter(pk__in=numbers).select_related("team")
    months, access = {}, access_of(user)
    for row in rows:
        if access.on_team("bonus.view", row.team):
            months[row.pk] = reverse("incentives:distribution", args=[row.team_id, row.period])
    slips = DistributionLine.objects.filter(user=user, distribution__in=numbers - months.keys())
    own = {row.distribution_id: reverse("incentives:payslip", args=[row.pk]) for row in slips}
    return own | months


def _expenses(user, numbers):
    rows, access = Expense.objects.filter(pk__in=numbers).select_related("team"), access_of(user)
    return {
        row.pk: reverse("incentives:expense", args=[row.pk]) for row in rows if access.on_team("expense.view", row.team)
    }


def _awards(user, numbers):
    rows, access = SpecialAward.objects.filter(pk__in=numbers).select_related("team"), access_of(user)
    return {
        row.pk: reverse("incentives:award", args=[row.pk])
        for row in rows
        if row.user_id == user.pk or access.on_team("award.view", row.team)
    }


READABLE = {"distribution": _distributions, "settlement": _distributions, "expense": _expenses, "award": _awards}
"""Kinds of sources of transactions, and what is readable of them: (person, numbers) to {number: address}."""
