"""What an objection is worth in money: the division once more over its frozen inputs, with the one figure that it names."""

import re
from dataclasses import dataclass

from incentives.distribution import BoundsTooTight, NothingToWeigh, divide
from incentives.inputs import FIGURES, figures_behind
from incentives.models import Distribution, DistributionLine
from incentives.rules.definition import read_rule
from teams.figures import hundredths, short_text, yuan_text

SAID = re.compile(r"(?:应当是|应该是|应为|应是)?\s*(多)?\s*([\d０-９，,.．]+)\s*(?:元|天|小时|时|分)?\s*[。.]?")
"""A figure, or how much more it should be, and nothing else that could change what it means."""
MONEY = {"amount": lambda line: line.payable, "share": lambda line: line.amount}
"""Columns of a bonus board that are money themselves; so are those of the parts."""
FACTORS = {name: name for name in FIGURES} | {"work_points": "points"}
"""Columns that are factors of the division."""


@dataclass(frozen=True)
class Redone:
    """The share or pay of a DistributionLine as it was and as it would have been with the other figure, in fen."""

    line: DistributionLine
    figure: str
    before: int
    after: int

    @property
    def difference(self):
        """Fen that are missing; below zero when it was too much."""
        return self.after - self.before

    def __str__(self):
        change = f"{self.figure}，{self.line.user.name}从 {yuan_text(self.before)} 元变成 {yuan_text(self.after)} 元"
        more = "应得不变" if not self.difference else f"应得{'多' if self.difference > 0 else '少'}"
        worth = f"{more} {yuan_text(abs(self.difference))} 元" if self.difference else more
        return f"按当时的办法重算：{change}，{worth}。别人已经分到的不变。"


def redone(objection):
    """The Redone of an objection to the own figures of somebody on a bonus board, or None where it cannot be computed."""
    line = line_of(objection)
    now = line and _now(line, objection.column)
    wanted = None if now is None else _figure(objection.wanted, now)
    if wanted is None:
        return None
    figure = f"{objection.label} {objection.shown} 改为 {short_text(wanted)}"
    if objection.column not in FACTORS:
        return Redone(line, figure, now, wanted)
    after = _divided_again(line, FACTORS[objection.column], wanted)
    return after if after is None else Redone(line, figure, line.amount, after)


def line_of(objection):
    """The DistributionLine that an objection to a bonus board is about; None where it is about nobody's own figure."""
    board = objection.bulletin
    lines = DistributionLine.objects.filter(user=objection.row_user_id, distribution__team=board.team_id)
    found = lines.filter(distribution__period=board.period, distribution__state__in=Distribution.IN_LEDGER)
    return found.select_related("user", "distribution__rule_version").first() if objection.row_user_id else None


def _now(line, column):
    """Hundredths that stand in a column of the board in the row of a line; None for a column that is no such figure."""
    if column in MONEY or column in line.parts:
        return MONEY[column](line) if column in MONEY else line.parts[column]
    value = figures_behind(line.distribution, [line])[line.user.employee_no].get(FACTORS.get(column))
    return value * 100 if value is not None and column == "days" else value


def _figure(text, now):
    """Hundredths of what an objection says it should be instead of `now`, where it says nothing but a figure; else None."""
    found = SAID.fullmatch(text.strip())
    try:
        return hundredths(found[2]) + (now if found[1] else 0) if found else None
    except ValueError:
        return None


def _divided_again(line, factor, wanted):
    """The fen that the line would have had as its share with another figure; None where there is no such division."""
    distribution, number = line.distribution, line.user.employee_no
    if factor == "days" and wanted % 100:
        return None
    factors = figures_behind(distribution, distribution.lines.select_related("user"))
    factors[number] |= {factor: wanted // 100 if factor == "days" else wanted}
    try:
        scheme = read_rule(distribution.rule_version.definition).scheme
        return divide(distribution.amount, scheme, factors).shares[number].amount
    except (NothingToWeigh, BoundsTooTight):
        return None
