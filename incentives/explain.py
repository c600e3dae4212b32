"""“这个数怎么来的”: an amount followed back to coefficient, days, hours, score and each finding, and what it cost."""

from dataclasses import dataclass
from decimal import Decimal

from assessments import inputs as frozen
from assessments.models import MemberScore
from assessments.scoring import score_member
from incentives.distribution import distribute, weight
from incentives.rules import formula, read_rule
from teams.figures import coefficient_text, decimal_text, short_text

SHOWN = {"coefficient": coefficient_text, "days": str, "hours": short_text, "score": decimal_text}
"""How people write each factor of a weight."""


@dataclass(frozen=True)
class PartExplained:
    """One part: the team's pot, the formula in words and with the own figures, the weight and its share of the team's
    as text, the own amount (fen)."""

    name: str
    pot: int
    formula: str
    figures: str
    weight: str
    percent: str
    total_weight: str
    amount: int


@dataclass(frozen=True)
class FindingExplained:
    """One finding that names the person, and what it changed: the amount minus the amount without it (fen)."""

    finding: dict
    effect: int


@dataclass(frozen=True)
class Explanation:
    """Everything behind one line of a distribution."""

    line: object
    parts: list
    findings: list
    version: object
    member: object
    coefficients: list
    hours_per_day: int
    worked_codes: str


def explain(line):
    """The Explanation of a DistributionLine, computed from frozen rows alone.

    A finding's effect is the difference to the same distribution with only that finding left out; all other members
    stay as they are. Effects of several findings therefore need not add up.
    """
    distribution = line.distribution
    rule = read_rule(distribution.rule_version.definition)
    factors = {other.user.employee_no: _factors(other) for other in distribution.lines.select_related("user")}
    member = MemberScore.objects.get(close=distribution.close, team=distribution.team, user=line.user)
    return Explanation(
        line=line,
        parts=[_part(rule, part, factors, line) for part in rule.parts],
        findings=[
            FindingExplained(finding, line.amount - _amount_without(finding, member, line, rule, factors))
            for finding in member.lines
        ],
        version=distribution.close.version,
        member=member,
        coefficients=frozen.coefficients(distribution.close.inputs, distribution.team_id, line.user_id),
        hours_per_day=distribution.rule_version.definition["hours_per_day"],
        worked_codes=rule.worked_codes,
    )


def _factors(line):
    return {"coefficient": line.coefficient, "days": line.days, "hours": line.hours, "score": line.score}


def _part(rule, part, factors, line):
    own = weight(part, factors[line.user.employee_no])
    total = sum(weight(part, values) for values in factors.values())
    return PartExplained(
        name=rule.names[part.key],
        pot=line.distribution.parts[part.key],
        formula=formula(rule, part),
        figures=" × ".join(SHOWN[name](getattr(line, name)) for name in part.factors),
        weight=_weight_text(part, own),
        percent=f"{Decimal(100 * own) / total:.2f}%",
        total_weight=_weight_text(part, total),
        amount=line.parts[part.key],
    )


def _weight_text(part, value):
    """A weight in natural units: every factor but the days is held in hundredths."""
    scale = 100 ** sum(name != "days" for name in part.factors)
    return f"{Decimal(value) / scale:,.2f}"


def _amount_without(finding, member, line, rule, factors):
    yardstick = frozen.yardstick(line.distribution.close.inputs)
    score = score_member(yardstick, [other["points"] for other in member.lines if other["id"] != finding["id"]])
    changed = factors | {line.user.employee_no: factors[line.user.employee_no] | {"score": score}}
    return distribute(line.distribution.amount, rule.parts, changed)[line.user.employee_no].amount
