"""What a team's closed month brings into the division of its bonus, and the division with its refusals in words."""

from assessments.models import MemberScore
from incentives.distribution import BoundsTooTight, NothingToWeigh, divide
from incentives.errors import IncentiveError
from incentives.models import Exclusion
from incentives.rules import factors_of, standing_of, takes_part
from teams import periods
from teams.models import Membership

FIGURES = ("coefficient", "days", "hours", "score")
"""The factors that every distribution line keeps; what else a rule asks of a member is its standing."""


def members_of(rule, close, team):
    """[(MemberScore, {factor: int})] of everybody who takes part in the month's division, by employee number."""
    period = close.period
    out = set(Exclusion.objects.filter(team=team, period=period).values_list("user", flat=True))
    leaders = _leaders_of(team, period)
    rows = MemberScore.objects.filter(close=close, team=team).select_related("user")
    taking_part = [row for row in rows if row.user_id not in out and takes_part(rule, row.codes)]
    return [(row, _factors(rule, row, row.user_id in leaders)) for row in taking_part]


def _leaders_of(team, period):
    """Ids of the people who led the team in the month."""
    there = Membership.objects.during(periods.first_day(period), periods.last_day(period))
    return set(there.filter(team=team, role=Membership.Role.LEADER).values_list("user", flat=True))


def _factors(rule, row, leads):
    figures = factors_of(
        rule, coefficient=row.coefficient, codes=row.codes, overtime=row.overtime, score=row.score, late=row.late
    )
    return figures | standing_of(rule, hired_on=row.user.hired_on, leads=leads, period=row.period)


def standings(members):
    """{employee number: what the rule asked besides the figures} of those of whom it asked anything."""
    found = {
        row.user.employee_no: {name: value for name, value in factors.items() if name not in FIGURES}
        for row, factors in members
    }
    return {number: standing for number, standing in found.items() if standing}


def divided(amount, rule, members, team):
    """The Division of an amount among the members of a team; raises IncentiveError with what to do about it."""
    try:
        return divide(amount, rule.scheme, {row.user.employee_no: factors for row, factors in members})
    except NothingToWeigh as error:
        raise IncentiveError(f"{team}所有人的权重都是零（没有出勤或得分），奖金分不下去。请核对考勤。") from error
    except BoundsTooTight as error:
        raise IncentiveError(f"{team}的奖金按这个办法分不下去：{error}") from error
