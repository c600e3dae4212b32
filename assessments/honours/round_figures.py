"""Figures of honours: applications, pass rate and the share of the front line, per unit and over years."""

from collections import defaultdict
from dataclasses import dataclass

from assessments.models import Application
from assessments.scoring import divide_half_up
from teams.access import access_of
from teams.downloads import Figure, Sheet

YEARS = 5
"""At most so many years, the chosen one the last, stand beside each other; none before the first application."""
NAMED = Application.State.NAMED
HEADERS = ["申报", "推荐到评审", "命名", "通过率（%）", "命名中一线", "一线占比（%）"]


@dataclass
class Count:
    """What became of the applications that were handed in; rates in whole per cent, rounded half up, None before any is named."""

    filed: int = 0
    recommended: int = 0
    named: int = 0
    front_line: int = 0

    @property
    def pass_rate(self):
        return divide_half_up(self.named * 100, self.filed) if self.named else None

    @property
    def front_line_share(self):
        return divide_half_up(self.front_line * 100, self.named) if self.named else None

    def add(self, other):
        """Count the applications of another one in."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def cells(self):
        """As a line of a workbook under HEADERS."""
        numbers = (self.filed, self.recommended, self.named, self.pass_rate, self.front_line, self.front_line_share)
        return [None if number is None else Figure(str(number)) for number in numbers]


BEHIND = {
    *(Application.State.RECOMMENDED, Application.State.REVIEWING, Application.State.SHORTLISTED),
    *(Application.State.RESERVE, Application.State.NOT_CHOSEN, Application.State.NAMED),
}
"""States that an application reaches only once it is recommended."""


def count_of(state, is_front_line):
    """The Count of one application that was handed in."""
    is_named = state == NAMED
    return Count(1, state in BEHIND, is_named, is_named and is_front_line)


def figures(user, year, programme=None):
    """{"total": Count of the year, "units": [(unit, Count)], "programmes": likewise, "years": [(year, Count)], "longest"}.

    Of the units where the person may see applications; an application belongs to the year in which its round opened.
    """
    rows = Application.objects.filter(
        unit__in=access_of(user).unit_ids("application.view"),
        submitted_at__isnull=False,
        round__opens_on__year__range=(year - YEARS + 1, year),
    ).exclude(state=Application.State.WITHDRAWN)
    rows = rows.filter(round__programme=programme) if programme else rows
    years, units, programmes = defaultdict(Count), defaultdict(Count), defaultdict(Count)
    named = ("round__opens_on__year", "unit__name", "round__programme__name", "state", "is_front_line")
    for of_year, unit, title, state, is_front_line in rows.order_by("unit", "round__programme").values_list(*named):
        one = count_of(state, is_front_line)
        years[of_year].add(one)
        if of_year == year:
            units[unit].add(one)
            programmes[title].add(one)
    shown = [(number, years[number]) for number in range(min(years, default=year), year + 1)]
    return {
        "total": shown[-1][1],
        "units": list(units.items()),
        "programmes": list(programmes.items()),
        "years": shown,
        "longest": max(count.filed for _, count in shown),
    }


def sheets(found, year):
    """The tables of `figures` as sheets of a workbook."""
    tables = (("单位", "units"), ("评选项目", "programmes"), ("年份", "years"))
    return [
        Sheet(
            label, [label, *HEADERS], [[str(name), *count.cells] for name, count in found[key]], title=f"{year}年评选"
        )
        for label, key in tables
    ]
