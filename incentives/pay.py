"""What comes to the shares of a month besides: the leader's allowance, personal awards and deductions, debts."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Sum

from incentives.distribution import Pay, pay_of
from incentives.errors import IncentiveError
from incentives.inputs import figures_behind
from incentives.models import Adjustment, Distribution, DistributionLine, Exclusion
from incentives.rules.definition import read_rule
from teams import periods
from teams.models import User

BINDING = (Distribution.State.APPROVED, Distribution.State.POSTED, Distribution.State.SETTLED)
"""States in which the figures of a distribution stand for good."""


def adjustments_of(team, period):
    """The personal awards and deductions of a team's month with what a page shows of them."""
    found = Adjustment.objects.filter(team=team, period=period)
    return found.select_related("user", "clause", "objection", "proposed_by", "decided_by").prefetch_related("evidence")


def exclusions_of(team, period):
    """Who takes no part in a team's month, with the reasons."""
    return Exclusion.objects.filter(team=team, period=period).select_related("user", "recorded_by")


def undecided(team, period):
    """Those of a team's month that nobody has approved or refused."""
    return adjustments_of(team, period).filter(state=Adjustment.State.PROPOSED)


def to_decide(user, team_ids):
    """(team id, month, how many) awards and deductions of these teams that wait for this person; none of the own ones."""
    waiting = Adjustment.objects.filter(team__in=team_ids, state=Adjustment.State.PROPOSED)
    others = waiting.exclude(proposed_by=user).exclude(user=user)
    return others.values_list("team", "period").annotate(count=Count("pk")).order_by("team", "period")


def approved_sums(team, period):
    """{user id: (awards, deductions)} of a team's month, both in fen of zero or more."""
    sums = defaultdict(lambda: (0, 0))
    approved = Adjustment.objects.filter(team=team, period=period, state=Adjustment.State.APPROVED)
    for user_id, amount in approved.values_list("user", "amount"):
        awards, deductions = sums[user_id]
        sums[user_id] = (awards + max(amount, 0), deductions + max(-amount, 0))
    return dict(sums)


def debts_of(user_ids):
    """{user id: fen} that people still owe of earlier months: what was carried on less what was taken since."""
    lines = DistributionLine.objects.filter(user__in=user_ids, distribution__state__in=BINDING)
    owed = lines.values("user").annotate(fen=Sum(F("carried_out") + F("carried_in"))).filter(fen__gt=0)
    return dict(owed.values_list("user", "fen"))


def pays_of(team, period, rule, shares):
    """{user id: Pay} for `shares` {user id: (fen, allowance)} of a month.

    Raises IncentiveError when somebody without a share has an approved award or deduction: it would get lost.
    """
    sums, debts = approved_sums(team, period), debts_of(shares)
    astray = User.objects.filter(pk__in=sums.keys() - shares.keys()).order_by("employee_no")
    if astray:
        names = "、".join(user.name for user in astray)
        raise IncentiveError(
            f"{names}有{periods.label(period)}的奖罚，但是不参加这个月的分配，奖罚没有地方算。"
            "请单位负责人撤销这些奖罚，或者让他参加分配。"
        )
    return {
        user_id: _pay(rule, *share, *sums.get(user_id, (0, 0)), debts.get(user_id, 0))
        for user_id, share in shares.items()
    }


def _pay(rule, share, allowance, awards, deductions, debt):
    cap = rule.deduction_cap
    return pay_of(share, allowance=allowance, awards=awards, deductions=deductions, debt=debt, cap=cap)


@dataclass(frozen=True)
class Column:
    """One thing that makes a share into what is paid: its heading, and {user id: fen}."""

    key: str
    label: str
    fen: dict

    @property
    def total(self):
        return sum(self.fen.values())


def columns_beside(distribution, lines):
    """The Columns that a table of the lines has between share and pay: only those in which some line has anything."""
    factors = figures_behind(distribution, lines)
    allowances = {line.user_id: factors[line.user.employee_no].get("allowance", 0) for line in lines}
    columns = [
        Column("allowance", "班长津贴", allowances),
        Column("adjusted", "奖罚", {line.user_id: line.adjusted - allowances[line.user_id] for line in lines}),
        Column("carried", "结转", {line.user_id: line.carried for line in lines}),
    ]
    return [column for column in columns if any(column.fen.values())]


@dataclass(frozen=True)
class Effect:
    """What one more award or deduction does to the pay that was drawn up: `before` and `after` in fen, and the Pay then."""

    before: int
    after: int
    pay: Pay


def effect_of(distribution, user, amount):
    """The Effect of `amount` fen (below zero: a deduction) for somebody of a distribution; None for somebody without a line."""
    line = distribution.lines.filter(user=user).select_related("user").first()
    if line is None:
        return None
    rule = read_rule(distribution.rule_version.definition)
    share = (line.amount, figures_behind(distribution, [line])[user.employee_no].get("allowance", 0))
    awards, deductions = approved_sums(distribution.team, distribution.period).get(user.pk, (0, 0))
    debt = debts_of([user.pk]).get(user.pk, 0)
    before = _pay(rule, *share, awards, deductions, debt)
    after = _pay(rule, *share, awards + max(amount, 0), deductions + max(-amount, 0), debt)
    return Effect(before.payable, after.payable, after)
