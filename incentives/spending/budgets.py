"""What units have handed out of their bonus budgets of a year: reads."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from assessments.scoring import divide_half_up
from incentives.models import Budget, Pool
from teams.access import line_of, lines_by_unit
from teams.models import Unit

WARN_AT = 9000
"""From which percentage on (hundredths) a page warns."""


@dataclass(frozen=True)
class Spending:
    """A unit's year: its budget (fen, None without one) and the pools of all teams of the unit and below, `used`."""

    unit_id: int
    budget: int | None
    used: int

    @property
    def percent(self):
        """How much of the budget is used, in hundredths of a percent; None without a budget."""
        return divide_half_up(self.used * 10_000, self.budget) if self.budget else None

    @property
    def room(self):
        """Fen between the budget and what was handed out, in whichever direction; None without a budget."""
        return abs(self.budget - self.used) if self.budget else None

    @property
    def is_over(self):
        return bool(self.budget) and self.used > self.budget

    @property
    def is_near(self):
        """Whether the budget is nearly used up (or more than that): from 90 % on."""
        return bool(self.budget) and self.percent >= WARN_AT


def spending_of(unit_ids, year):
    """{unit id: Spending}; three queries, however many they are."""
    budgets = dict(Budget.objects.filter(unit__in=unit_ids, year=year).values_list("unit", "amount"))
    used = used_by_unit(year)
    return {unit: Spending(unit, budgets.get(unit), used.get(unit, 0)) for unit in unit_ids}


def used_by_unit(year):
    """{unit id: fen} of the pools of a year, each counted for the team's unit and for every unit above."""
    pools = Pool.objects.filter(period__range=(year * 100 + 1, year * 100 + 12)).order_by()
    own = dict(pools.values("team__unit").annotate(fen=Sum("amount")).values_list("team__unit", "fen"))
    return spread_up(own)


def spread_up(own):
    """{unit id: sum} of figures per unit, each counted for the unit and for every unit above it."""
    lines, total = lines_by_unit(own), defaultdict(int)
    for unit, fen in own.items():
        for above in lines[unit]:
            total[above] += fen
    return total


def tight_budgets(unit, year):
    """[(Unit, Spending)] of a unit and the units above whose budget is nearly used up, nearest first."""
    line = line_of(unit)
    found, units = spending_of(line, year), Unit.objects.in_bulk(line)
    return [(units[unit_id], found[unit_id]) for unit_id in line if found[unit_id].is_near]
