"""A month's bonuses of many teams: narrowed, summed up by unit, and as the sheets of a workbook."""

from dataclasses import dataclass

from incentives.models import Distribution
from teams import periods
from teams.downloads import Figure, Sheet
from teams.figures import capital_yuan, short_text, yuan_text

State = Distribution.State
PAID_IN = (State.POSTED, State.SETTLED)
FIGURES = {
    "pool": "奖金总额",
    "shared": "分到人",
    "reserve": "留存",
    "posted": "已入账",
    "settled": "已发放",
}
"""The sums of a unit, in fen: what its teams have to divide, what of it is divided and kept back, and how far that is.

`posted` counts what is settled, too; `posted` and `settled` are parts of `shared`.
"""


@dataclass
class UnitSums:
    """A unit's teams of a month added up; fen but for `teams` and `without`, how many there are and lack a pool."""

    unit: object
    teams: int = 0
    without: int = 0
    pool: int = 0
    shared: int = 0
    reserve: int = 0
    posted: int = 0
    settled: int = 0

    def add(self, row):
        """Count one team's Progress."""
        self.teams += 1
        self.without += row.pool is None
        self.pool += row.pool.amount if row.pool else 0
        found = row.distribution
        if found:
            self.shared += found.shared
            self.reserve += found.reserve
            self.posted += found.shared if found.state in PAID_IN else 0
            self.settled += found.shared if found.state == State.SETTLED else 0

    def plus(self, other):
        """Both together, under this unit's name."""
        own = {name: getattr(self, name) + getattr(other, name) for name in ("teams", "without", *FIGURES)}
        return UnitSums(self.unit, **own)


def sums_of(rows):
    """([UnitSums] in the order of the rows, the sum of all of them)."""
    sums = {}
    for row in rows:
        sums.setdefault(row.team.unit_id, UnitSums(row.team.unit)).add(row)
    total = UnitSums(None)
    for unit in sums.values():
        total = total.plus(unit)
    return list(sums.values()), total


def narrowed(rows, wanted):
    """The rows that the cleaned data of a MonthForm asks for."""
    unit, state, words = (wanted.get(name) for name in ("unit", "state", "q"))
    return [
        row
        for row in rows
        if (not unit or row.team.unit_id == unit.pk)
        and (not state or row.standing == state)
        and (not words or words in row.team.name or words in row.team.unit.name)
    ]


def sheets_of(rows, period, heads):
    """The month as two sheets: the teams with their sums in words, and the units. `heads` is {team id: hundredths}."""
    units, total = sums_of(rows)
    title = f"{periods.label(period)}奖金总额"
    words = ["合计（大写）", capital_yuan(total.pool)]
    teams = Sheet(
        "班组",
        ["单位", "班组", "班组编号", "人数", *(f"{name}（元）" for name in FIGURES.values()), "进度"],
        [*(_team_line(row, heads) for row in rows), ["合计", "", "", None, *_money(total), ""]],
        title=title,
        after=[words],
    )
    headers = ["单位", "班组数", "未下达", *(f"{name}（元）" for name in FIGURES.values()), "奖金总额（大写）"]
    lines = [_unit_line(str(sums.unit), sums) for sums in units]
    return [teams, Sheet("单位", headers, [*lines, _unit_line("合计", total)], title=title)]


def _team_line(row, heads):
    sums = UnitSums(row.team.unit)
    sums.add(row)
    figures = _money(sums) if row.pool else [None] * len(FIGURES)
    head = Figure(short_text(heads[row.team.pk]))
    return [str(row.team.unit), row.team.name, str(row.team.pk), head, *figures, row.word]


def _unit_line(name, sums):
    counts = [Figure(str(sums.teams)), Figure(str(sums.without))]
    return [name, *counts, *_money(sums), capital_yuan(sums.pool)]


def _money(sums):
    return [Figure(yuan_text(getattr(sums, name)), money=True) for name in FIGURES]
