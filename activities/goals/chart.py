"""The picture of a goal's way: where its points stand and the line of the target, for an SVG that the server writes."""

from dataclasses import dataclass

WIDTH, TOP, HEIGHT, FOOT, LEFT, RIGHT = 420, 12, 150, 24, 44, 14
MOST_LABELS = 6


@dataclass(frozen=True)
class Chart:
    """Points (x, y) in order, the height of the target, `scale` (y, hundredths) and `labels` (x, date)."""

    points: list
    target: int
    scale: list
    labels: list
    width: int = WIDTH
    height: int = TOP + HEIGHT + FOOT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    label_at: int = TOP + HEIGHT + 17

    @property
    def path(self):
        return " ".join(f"{x},{y}" for x, y in self.points)


def chart_of(goal, series):
    """The Chart of a series [(date, value)] from the goal's first day to its last; None without a value."""
    if not series:
        return None
    values = [goal.target, *(value for _, value in series)] + [goal.baseline] * (goal.baseline is not None)
    low, high = min(values), max(values)
    whole = max((goal.due_on - goal.starts_on).days, (series[-1][0] - goal.starts_on).days, 1)

    def x(date):
        return LEFT + max((date - goal.starts_on).days, 0) * (WIDTH - LEFT - RIGHT) // whole

    def y(value):
        return TOP + HEIGHT - (value - low) * HEIGHT // max(high - low, 1)

    every = -(-len(series) // MOST_LABELS)
    return Chart(
        [(x(date), y(value)) for date, value in series],
        y(goal.target),
        [(y(value), value) for value in sorted({low, goal.target, high})],
        [(x(date), date) for date, _ in series[::every]],
    )
