"""A bonus rule as data: what its definition means, and how members' months become weights. Never an expression."""

from dataclasses import dataclass

from assessments.scoring import divide_half_up
from incentives.distribution import Part, Scheme
from teams import periods
from teams.figures import short_text

FACTORS = {
    "coefficient": "岗位系数",
    "days": "出勤天数",
    "hours": "工时",
    "score": "个人得分",
    "points": "工分",
    "equal": "人人一样",
}
"""What a weight may be the product of."""
UNITS = {"fen": 1, "yuan": 100, "ten_yuan": 1000}
"""What amounts are rounded to, in fen."""
CAPS, LEADERS = ("none", "amount", "average"), ("same", "average", "apart")
STANDINGS = "standings"
"""No part's key: where a distribution keeps what a rule asked of members besides the figures of their lines."""
MOST_RESERVE = 5000
"""Half of a pool, in hundredths of a percent: more is no reserve."""


@dataclass(frozen=True)
class Rule:
    """A definition read: its `scheme`, the Chinese `names` of its parts, hours that a day counts (hundredths), codes
    that count.

    Whoever has served less than `short_years` counts as short (0: nobody does). Whoever has one of `excluding_codes` on
    `excluding_days` days or more takes no part. `allowance` (fen a month) is what the leader gets besides, outside the pool.
    Members who make up `consent` (hundredths of a percent) have to agree before a division is approved; 0: nobody has to.
    Deductions of a month take no more than `deduction_cap` (hundredths of a percent) of a share; None: no such cap.
    """

    scheme: Scheme
    names: dict
    hours_per_day: int
    worked_codes: str
    short_years: int = 0
    excluding_codes: str = ""
    excluding_days: int = 1
    allowance: int = 0
    deduction_cap: int | None = None
    consent: int = 0

    @property
    def parts(self):
        return self.scheme.parts

    def uses(self, factor):
        """Whether a part is weighed by the factor."""
        return any(factor in part.factors for part in self.parts)


def read_rule(definition):
    """The Rule of a definition shaped like a preset file; what it does not mention does not apply.

    Raises ValueError with a sentence when it makes no sense.
    """
    short = definition.get("short", {})
    parts = tuple(_part(part, short) for part in definition["parts"])
    scheme = _scheme(definition, parts)
    _check_parts(parts)
    _check_scheme(scheme)
    _check_deductions(definition.get("deduction_cap"))
    excluding = definition.get("excluding", {})
    return Rule(
        scheme,
        names={part["key"]: part["name"] for part in definition["parts"]},
        hours_per_day=definition["hours_per_day"] * 100,
        worked_codes=definition["worked_codes"],
        short_years=short.get("years", 0),
        excluding_codes=excluding.get("codes", ""),
        excluding_days=excluding.get("days", 1),
        allowance=definition.get("leader", {}).get("allowance", 0),
        deduction_cap=definition.get("deduction_cap"),
        consent=_consent(definition),
    )


def _part(part, short):
    own = short["shares"][part["key"]] if short else None
    return Part(part["key"], part["share"], tuple(part["factors"]), own)


def _scheme(definition, parts):
    cap = definition.get("cap", {})
    if cap.get("kind", "none") not in CAPS or definition.get("leader", {}).get("policy", "same") not in LEADERS:
        raise ValueError("封顶或者班长的分法不认识。")
    if definition.get("rounding", "fen") not in UNITS:
        raise ValueError("取整只能到分、到元、到十元。")
    return Scheme(
        parts,
        reserve=definition.get("reserve", 0),
        unit=UNITS[definition.get("rounding", "fen")],
        cap=cap["value"] if cap.get("kind") == "amount" else None,
        cap_percent=cap["value"] if cap.get("kind") == "average" else None,
        floor=definition.get("floor", 0),
        leader=definition.get("leader", {}).get("policy", "same"),
    )


def _check_parts(parts):
    keys = {part.key for part in parts}
    if not parts or len(keys) < len(parts) or STANDINGS in keys:
        raise ValueError("分配办法至少要有一个部分，各部分的代号不能相同。")
    for part in parts:
        if part.share <= 0 or not part.factors or set(part.factors) - set(FACTORS):
            raise ValueError(f"“{part.key}”部分的比例要大于 0，因素只能是{'、'.join(FACTORS.values())}。")
        if part.short is not None and part.short <= 0:
            raise ValueError(f"“{part.key}”部分给工龄短的人的比例要大于 0。")


def _check_scheme(scheme):
    if not 0 <= scheme.reserve <= MOST_RESERVE:
        raise ValueError(f"留存要在 0 到 {short_text(MOST_RESERVE)}% 之间。")
    if scheme.cap is not None and scheme.cap < max(scheme.floor, scheme.unit):
        raise ValueError("封顶的金额不能低于保底，也不能低于取整的单位。")
    if scheme.cap_percent is not None and scheme.cap_percent < 10_000:
        raise ValueError("封顶不能低于平均数的 100%，否则奖金分不完。")
    if scheme.floor < 0:
        raise ValueError("保底不能是负数。")


def _check_deductions(cap):
    if cap is not None and not 0 < cap <= 10_000:
        raise ValueError("扣罚上限要大于 0，不超过 100%。不设上限就空着。")


def _consent(definition):
    consent = definition.get("consent", 0)
    if not 0 <= consent <= 10_000:
        raise ValueError("会签比例要在 0 到 100% 之间。不用会签就空着。")
    return consent


def needed(consent, heads):
    """How many of `heads` members must agree so that their percentage, rounded to hundredths, reaches `consent`.

    So 66.67% of three are two.
    """
    return max(0, -((1 - 2 * consent) * heads // 20_000))


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


def standing_of(rule, *, hired_on, leads, period, points=0):
    """What else a rule asks of a member: only what it uses is in it, so that it can be kept beside the amounts.

    `points` are work points in hundredths. Whoever has no date of hiring counts as long in service.
    """
    standing = {name: value for name, value in (("points", points), ("equal", 1)) if rule.uses(name)}
    if rule.short_years and hired_on and _served_less(hired_on, rule.short_years, periods.last_day(period)):
        standing["short"] = 1
    if rule.scheme.leader != "same" and leads:
        standing["leader"] = 1
    return standing


def takes_part(rule, codes):
    """Whether a member's attendance leaves them in the division."""
    return sum(codes.get(code, 0) for code in rule.excluding_codes) < rule.excluding_days


def _served_less(hired_on, years, day):
    return (hired_on.year + years, hired_on.month, hired_on.day) > (day.year, day.month, day.day)


def _days_gained(rule, correction):
    """+1, 0 or −1: whether the correction makes a day count, or no longer."""
    return _counts(rule, correction["new"]) - _counts(rule, correction["old"])


def _counts(rule, code):
    return code != "" and code in rule.worked_codes


def formula(rule, part):
    """A part's formula in words, e.g. "岗位系数 × 出勤天数"."""
    return " × ".join(FACTORS[name] for name in part.factors)


def percent(rule, part, of="share"):
    """A part's share of the pool in words, e.g. "30%"; with `of` "short" the one for those with few years of service."""
    total = sum(getattr(other, of) for other in rule.parts)
    return f"{short_text(divide_half_up(getattr(part, of) * 10000, total))}%"
