"""What a team's closed month brings into the division of its bonus, and the division with its refusals in words."""

from collections import Counter

from assessments.models import MemberScore
from incentives.distribution import BoundsTooTight, NothingToWeigh, divide, prorated
from incentives.errors import IncentiveError
from incentives.models import Exclusion
from incentives.piecework.selectors import points_of
from incentives.rules.definition import STANDINGS, factors_of, standing_of, takes_part
from teams import periods
from teams.models import Membership

FIGURES = ("coefficient", "days", "hours", "score")
"""The factors that every distribution line keeps; what else a rule asks of a member is its standing."""


def members_of(rule, close, team):
    """[(MemberScore, {factor: int})] of everybody who takes part in the month's division, by employee number."""
    period = close.period
    out = set(Exclusion.objects.filter(team=team, period=period).values_list("user", flat=True))
    led = _days_led(team, period)
    worked = points_of(team, period) if rule.uses("points") else {}
    rows = MemberScore.objects.filter(close=close, team=team).select_related("user")
    taking_part = [row for row in rows if row.user_id not in out and takes_part(rule, row.codes)]
    return [(row, _factors(rule, row, led.get(row.user_id, 0), worked.get(row.user_id, 0))) for row in taking_part]


def _days_led(team, period):
    """{user id: days on which the person led the team in the month} of those who did so on most of their days in it."""
    first, last = periods.first_day(period), periods.last_day(period)
    led, there = Counter(), Counter()
    for row in Membership.objects.during(first, last).filter(team=team):
        days = (min(row.ended_on or last, last) - max(row.started_on, first)).days + 1
        there[row.user_id] += days
        led[row.user_id] += days if row.role == Membership.Role.LEADER else 0
    return {user: days for user, days in led.items() if 2 * days > there[user]}


def _factors(rule, row, led, points):
    figures = factors_of(
        rule, coefficient=row.coefficient, codes=row.codes, overtime=row.overtime, score=row.score, late=row.late
    )
    figures |= standing_of(rule, hired_on=row.user.hired_on, leads=bool(led), period=row.period, points=points)
    if led and rule.allowance and rule.scheme.leader == "apart":
        figures["allowance"] = prorated(rule.allowance, led, periods.last_day(row.period).day)
    return figures


def figures_behind(distribution, lines):
    """{employee number: {factor: int}} that the stored lines of a distribution were weighed by."""
    asked = distribution.parts.get(STANDINGS, {})
    return {
        line.user.employee_no: {name: getattr(line, name) for name in FIGURES} | asked.get(line.user.employee_no, {})
        for line in lines
    }


def work_points(distribution, lines):
    """{user id: hundredths} of the work points that these lines were weighed by; empty where the rule asks for none."""
    asked = distribution.parts.get(STANDINGS, {})
    found = {line.user_id: asked.get(line.user.employee_no, {}).get("points") for line in lines}
    return {user: points for user, points in found.items() if points is not None}


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
        raise IncentiveError(
            f"{team}所有人的权重都是零（没有出勤、得分或者工分），奖金分不下去。请核对考勤，计件的请先登记和验收工分。"
        ) from error
    except BoundsTooTight as error:
        raise IncentiveError(f"{team}的奖金按这个办法分不下去：{error}") from error
