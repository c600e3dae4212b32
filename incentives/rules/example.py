"""A rule tried on the latest closed month of a team: what every member would get. Nothing is stored."""

from dataclasses import dataclass

from incentives import selectors
from incentives.errors import IncentiveError
from incentives.inputs import divided, members_of
from incentives.rules.definition import read_rule

ASSUMED = 1_000_000
"""The pool (fen) of a month for which none was set."""


@dataclass(frozen=True)
class Example:
    """`rows` are (person, old fen or None, new fen or None, difference); None for those who take no part.

    `old_reserve` and `reserve` are fen; `problem` is the sentence of a rule that cannot divide the month.
    """

    team: object
    period: int
    amount: int
    assumed: bool
    rows: list
    old_reserve: int = 0
    reserve: int = 0
    problem: str = ""


def example(rule, team):
    """The Example of a rule for a team, or None where no month is closed."""
    close = selectors.latest_closed(team)
    if close is None:
        return None
    pool = selectors.pools_of([team], close.period).get(team.pk)
    facts = {"team": team, "period": close.period, "assumed": pool is None, "amount": pool.amount if pool else ASSUMED}
    people, old, old_reserve = _as_it_was(team, close, facts["amount"])
    try:
        new, reserve = _divided(rule, team, close, facts["amount"], people)
    except IncentiveError as error:
        return Example(**facts, rows=[], problem=str(error))
    return Example(**facts, rows=_rows(people, old, new), old_reserve=old_reserve, reserve=reserve)


def _as_it_was(team, close, amount):
    """(people by number, {number: fen}, reserve) of the month: as it was divided, or would be by the rule that held."""
    people, found = {}, selectors.distribution_of(team, close.period)
    if found and found.amount == amount:
        lines = list(found.lines.select_related("user"))
        people |= {line.user.employee_no: line.user for line in lines}
        return people, {line.user.employee_no: line.amount for line in lines}, found.reserve
    version = selectors.rule_for(team.unit, close.period)
    try:
        shares, reserve = _divided(read_rule(version.definition), team, close, amount, people) if version else ({}, 0)
    except IncentiveError:
        shares, reserve = {}, 0
    return people, shares, reserve


def _divided(rule, team, close, amount, people):
    members = members_of(rule, close, team)
    people |= {row.user.employee_no: row.user for row, _ in members}
    division = divided(amount, rule, members, team)
    return {number: share.amount for number, share in division.shares.items()}, division.reserve


def _rows(people, old, new):
    return [
        (people[number], old.get(number), new.get(number), new.get(number, 0) - old.get(number, 0))
        for number in sorted(people)
    ]
