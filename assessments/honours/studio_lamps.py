"""七有: whether a studio has sign, place, funds, members, rules, log and results today, and what is missing. No database."""

import calendar
import datetime
from dataclasses import dataclass

from teams import periods

LEAST_MEMBERS = 3
RULES = 7
LOG_MONTHS = 3
LATE_AFTER = 7
"""An entry of the log that was written down more days after the event is late."""


@dataclass(frozen=True)
class Facts:
    """What is known of a studio. `members` counts those of today, the leader included if `leader_is_there`.

    `grants`, `entries` and `results` are the dates of grants that were not taken back, of what the log tells, and of
    results that were verified; `claimed` counts results that still wait for that.
    """

    name: str = ""
    leader: str = ""
    has_plaque: bool = False
    place: str = ""
    equipment: str = ""
    grants: tuple = ()
    members: int = 0
    leader_is_there: bool = True
    rules: frozenset = frozenset()
    entries: tuple = ()
    results: tuple = ()
    claimed: int = 0
    founded_on: datetime.date = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class Lamp:
    """One of the seven: `missing` says what it lacks, in words; it is lit when nothing does."""

    key: str
    name: str
    missing: tuple

    @property
    def is_lit(self):
        return not self.missing

    @property
    def text(self):
        return "；".join(self.missing) or "齐全"


def seven(facts, today):
    """The seven lamps of a studio, in the order of the notice."""
    return [
        Lamp("sign", "标识", _sign(facts)),
        Lamp("place", "场所", _lacks((facts.place, "没有写固定场所"), (facts.equipment, "没有写设备"))),
        Lamp("funds", "经费", _lacks((_since(facts.grants, today), "十二个月里没有专项经费到账"))),
        Lamp("members", "成员", _members(facts)),
        Lamp("rules", "制度", _rules(facts)),
        Lamp("log", "台账", _log(facts, today)),
        Lamp("results", "成果", _results(facts, today)),
    ]


def lacking(lamps):
    """What the lamps that are not lit lack, as one text; empty when all are lit."""
    return "；".join(f"{lamp.name}：{lamp.text}" for lamp in lamps if not lamp.is_lit)


def year_before(day):
    """The same day a year earlier; the last of February for the leap day."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def log_months(founded_on, today):
    """The months in which the log has to tell something: the last three that are over, as far as the studio existed.

    A studio of this month has to tell something this month.
    """
    current, first = periods.period_of(today), periods.period_of(founded_on)
    over = [periods.shift(current, -back) for back in range(LOG_MONTHS, 0, -1)]
    return [month for month in over if month >= first] or [current]


def is_late(happened_on, entered_on):
    """Whether an entry of the log was written down too late."""
    return (entered_on - happened_on).days > LATE_AFTER


def has_result(facts, today):
    """Whether a verified result is of the last twelve months."""
    return _since(facts.results, today)


def _lacks(*pairs):
    return tuple(text for there, text in pairs if not there)


def _sign(facts):
    named = facts.leader and facts.leader in facts.name
    return _lacks((named, "名称里没有领军人的姓名"), (facts.has_plaque, "没有挂牌照片"))


def _since(days, today):
    return any(year_before(today) < day <= today for day in days)


def _members(facts):
    short = LEAST_MEMBERS - facts.members
    return _lacks((short <= 0, f"还差 {short} 名成员"), (facts.leader_is_there, "领军人已经离开"))


def _rules(facts):
    short = RULES - len(facts.rules)
    return _lacks((short <= 0, f"七项制度还差 {short} 项"))


def _log(facts, today):
    told = {periods.period_of(day) for day in facts.entries}
    missing = [periods.label(month) for month in log_months(facts.founded_on, today) if month not in told]
    return (f"{'、'.join(missing)}没有记录",) if missing else ()


def _results(facts, today):
    waiting = f"（{facts.claimed} 项等核实）" if facts.claimed else ""
    return _lacks((has_result(facts, today), f"十二个月里没有核实过的成果{waiting}"))
