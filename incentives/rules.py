"""A bonus rule as data: what its definition means, and how members' months become weights. Never an expression."""

from dataclasses import dataclass

from incentives.distribution import Part
from teams.figures import short_text

FACTORS = {"coefficient": "岗位系数", "days": "出勤天数", "hours": "工时", "score": "个人得分"}
"""What a weight may be the product of."""


@dataclass(frozen=True)
class Rule:
    """A definition read: `parts` with their Chinese `names`, hours that a day counts (hundredths), codes that count."""

    parts: tuple
    names: dict
    hours_per_day: int
    worked_codes: str


def read_rule(definition):
    """The Rule of a definition shaped like a preset file. Raises ValueError with a sentence when it makes no sense."""
    parts = tuple(Part(part["key"], part["share"], tuple(part["factors"])) for part in definition["parts"])
    if not parts or len({part.key for part in parts}) < len(parts):
        raise ValueError("分配办法至少要有一个部分，各部分的代号不能相同。")
    for part in parts:
        if part.share <= 0 or not part.factors or set(part.factors) - set(FACTORS):
            raise ValueError(f"“{part.key}”部分的比例要大于 0，因素只能是{'、'.join(FACTORS.values())}。")
    names = {part["key"]: part["name"] for part in definition["parts"]}
    return Rule(parts, names, definition["hours_per_day"] * 100, definition["worked_codes"])


def factors_of(rule, *, coefficient, codes, overtime, score, late=()):
    """A member's factors from the month: days are counted codes, hours are days times the day's hours plus overtime.

    `late` are corrections of earlier months that count in this one: each takes the day of its old code away, adds the
    day of the new one, and its hours. Days and hours never fall below zero. Everything is an integer: coefficient, hours
    and score in hundredths. Source: domain practice F1 (30/70).
    """
    days = sum(count for code, count in codes.items() if code in rule.worked_codes)
    days = max(0, days + sum(_days_gained(rule, correction) for correction in late))
    hours = max(0, days * rule.hours_per_day + overtime + sum(correction["hours"] for correction in late))
    return {"coefficient": coefficient, "days": days, "hours": hours, "score": score}


def _days_gained(rule, correction):
    """+1, 0 or −1: whether the correction makes a day count, or no longer."""
    return _counts(rule, correction["new"]) - _counts(rule, correction["old"])


def _counts(rule, code):
    return code != "" and code in rule.worked_codes


def formula(rule, part):
    """A part's formula in words, e.g. "岗位系数 × 出勤天数"."""
    return " × ".join(FACTORS[name] for name in part.factors)


def percent(rule, part):
    """A part's share of the pool in words, e.g. "30%"."""
    return f"{short_text(round(part.share * 10000 / sum(other.share for other in rule.parts)))}%"
