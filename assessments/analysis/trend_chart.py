"""The picture of a trend: where its bars stand, for an SVG that the server writes. Nothing in it is not in the table beside it."""

from dataclasses import dataclass

STEP, BAR, HEIGHT, FOOT = 40, 26, 110, 22
MOST_LABELS = 14


@dataclass(frozen=True)
class Bar:
    """A week: bar from `y` down over `height`, a stroke at `average`, a date below when there is room for it."""

    x: int
    y: int
    height: int
    average: int
    label: str
    points: int

    @property
    def middle(self):
        return self.x + BAR // 2

    @property
    def right(self):
        return self.x + BAR


@dataclass(frozen=True)
class Chart:
    """The bars and the size of the picture they stand in."""

    bars: list
    width: int
    height: int = HEIGHT + FOOT + 14
    bar: int = BAR
    ground: int = HEIGHT + 14
    label_at: int = HEIGHT + FOOT + 8


def chart_of(weeks):
    """The Chart of a trend's Weeks."""
    most = max((max(week.points, week.average) for week in weeks), default=0) or 1
    every = -(-len(weeks) // MOST_LABELS)

    def bar(number, week):
        height, average = week.points * HEIGHT // most, week.average * HEIGHT // most
        label = "" if number % every else f"{week.monday.month}/{week.monday.day}"
        ground = HEIGHT + 14
        return Bar(number * STEP + (STEP - BAR) // 2, ground - height, height, ground - average, label, week.points)

    return Chart([bar(number, week) for number, week in enumerate(weeks)], max(len(weeks), 8) * STEP)
