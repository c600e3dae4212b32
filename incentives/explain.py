"""“这个数怎么来的”: an amount followed back to coefficient, days, hours, score and each finding, and what it cost."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments import inputs as frozen
from assessments.models import MemberScore
from assessments.scoring import score_member
from incentives.distribution import divide, weights_of
from incentives.inputs import figures_behind
from incentives.models import Adjustment
from incentives.pay import adjustments_of
from incentives.piecework import selectors as pieces
from incentives.rules.definition import formula, percent, read_rule
from teams.figures import coefficient_text, decimal_text, half_up, short_text

SHOWN = {"coefficient": coefficient_text, "days": str, "hours": short_text, "score": decimal_text}
SHOWN |= {"points": short_text, "equal": str}
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
class Beside:
    """What makes the share into the pay, in fen: they add up to pay − share. `adjustments` are Adjustments, `spared` is what the
    rule's cap gave back of the deductions."""

    allowance: int
    adjustments: list
    spared: int
    carried_in: int
    carried_out: int

    def __bool__(self):
        return bool(self.allowance or self.adjustments or self.carried_in or self.carried_out)

    @property
    def total(self):
        adjusted = sum(row.amount for row in self.adjustments) + self.spared
        return self.allowance + adjusted + self.carried_in + self.carried_out


@dataclass(frozen=True)
class Explanation:
    """Everything behind one line of a distribution: `parts` and the line's levelling add up to its share, with `beside` to
    its pay. `points` are work points in hundredths and `pieces` the records they come from; None where the rule asks for none."""

    line: object
    parts: list
    beside: Beside
    findings: list
    version: object
    member: object
    coefficients: list
    points: int | None
    pieces: list
    hours_per_day: int
    worked_codes: str


def explain(line):
    """The Explanation of a DistributionLine, computed from frozen rows alone.

    A finding's effect is the difference to the same distribution with only that finding left out; all other members
    stay as they are. Effects of several findings therefore need not add up.
    """
    distribution = line.distribution
    rule = read_rule(distribution.rule_version.definition)
    factors = figures_behind(distribution, distribution.lines.select_related("user"))
    member = MemberScore.objects.get(close=distribution.close, team=distribution.team, user=line.user)
    return Explanation(
        line=line,
        parts=[part_of(rule, part, factors, line) for part in rule.parts],
        beside=beside_of(line, factors),
        findings=[
            FindingExplained(finding, line.amount - _amount_without(finding, member, line, rule, factors))
            for finding in member.lines
        ],
        version=distribution.close.version,
        member=member,
        coefficients=frozen.coefficients(distribution.close.inputs, distribution.team_id, line.user_id),
        points=factors[line.user.employee_no].get("points"),
        pieces=_pieces(line) if rule.uses("points") else [],
        hours_per_day=distribution.rule_version.definition["hours_per_day"],
        worked_codes=rule.worked_codes,
    )


def _pieces(line):
    """The PieceRecords that a line was weighed by, oldest first."""
    found = pieces.counted(line.distribution.team_id, line.distribution.period)
    return list(found.filter(user=line.user_id))


def beside_of(line, factors):
    """The Beside of a line; `factors` are those behind its distribution (incentives.inputs.figures_behind)."""
    approved = adjustments_of(line.distribution.team_id, line.distribution.period).filter(
        user=line.user_id, state=Adjustment.State.APPROVED
    )
    allowance, rows = factors[line.user.employee_no].get("allowance", 0), list(approved)
    spared = line.adjusted - allowance - sum(row.amount for row in rows)
    return Beside(allowance, rows, spared, line.carried_in, line.carried_out)


def part_of(rule, part, factors, line):
    """The PartExplained of a line; `factors` are those behind its distribution (incentives.inputs.figures_behind)."""
    own = factors[line.user.employee_no]
    weights = weights_of(part, rule.scheme, factors)
    weight, total = weights[line.user.employee_no], sum(weights.values())
    return PartExplained(
        name=rule.names[part.key],
        pot=line.distribution.parts[part.key],
        formula=formula(rule, part),
        figures=" × ".join([*(SHOWN[name](own[name]) for name in part.factors), *_scaled(part, rule, own)]),
        weight=_weight_text(part, weight),
        percent=f"{_decimal(Fraction(100 * weight) / total):.2f}%",
        total_weight=_weight_text(part, total),
        amount=line.parts[part.key],
    )


def _scaled(part, rule, factors):
    """What scales the weights of somebody that the rule weighs otherwise, in words."""
    if factors.get("leader") and rule.scheme.leader == "apart":
        yield "0（班长不参加分配）"
    if factors.get("short") and part.short is not None:
        yield f"{percent(rule, part, 'short')}/{percent(rule, part)}（工龄不满 {rule.short_years} 年）"


def _weight_text(part, value):
    """A weight in natural units: every factor but days and heads is held in hundredths."""
    scale = 100 ** sum(name not in ("days", "equal") for name in part.factors)
    return f"{_decimal(Fraction(value) / scale):,.2f}"


def _decimal(ratio):
    """As it is shown, with two decimals."""
    return half_up(Decimal(ratio.numerator) / ratio.denominator, 2)


def _amount_without(finding, member, line, rule, factors):
    yardstick = frozen.yardstick(line.distribution.close.inputs)
    score = score_member(yardstick, [other["points"] for other in member.lines if other["id"] != finding["id"]])
    changed = factors | {line.user.employee_no: factors[line.user.employee_no] | {"score": score}}
    return divide(line.distribution.amount, rule.scheme, changed).shares[line.user.employee_no].amount
