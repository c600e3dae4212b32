"""The pictures of a comparison: where lines and bars stand, for SVGs that the server writes. The tables beside them say the same."""

from dataclasses import dataclass

WIDTH, TOP, HEIGHT, FOOT, LEFT, RIGHT = 420, 12, 150, 24, 34, 14
STEP = 1000
"""Lines of the scale are ten points apart."""
FULL = 10000
TRACK, ROW = 300, 46
BESIDE = 8
"""Marks of a month that would stand nearer than this to each other stand so far beside each other: none hides another."""
MARKS = {
    "own": ((-5, -2), (-2, -5), (2, -5), (5, -2), (5, 2), (2, 5), (-2, 5), (-5, 2)),
    "average": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
    "best": ((0, -5), (5, 4), (-5, 4)),
    "company": ((0, -6), (5, 0), (0, 6), (-5, 0)),
    "other": ((-5, -4), (5, -4), (0, 5)),
}
"""The shape of each key's mark as corners around its place: whoever sees no colours tells them apart by it."""
LANES = {"average": -3, "best": 6, "company": 15, "other": 24}
"""How far below the upper edge of a bar the marks of each key stand: each has a lane of its own."""


def mark(key, x, y):
    """The corners of a key's mark at a place, as SVG writes them."""
    return " ".join(f"{x + right},{y + down}" for right, down in MARKS[key])


@dataclass(frozen=True)
class Point:
    """A month of a line; a running month is drawn hollow."""

    x: int
    y: int
    running: bool


@dataclass(frozen=True)
class Line:
    """One line of the picture in pieces: months without a figure break it."""

    key: str
    pieces: list

    @property
    def paths(self):
        """The points of each piece as SVG writes them."""
        return [" ".join(f"{point.x},{point.y}" for point in piece) for piece in self.pieces]

    @property
    def points(self):
        return [point for piece in self.pieces for point in piece]

    @property
    def marks(self):
        """(point, the corners of its mark)."""
        return [(point, mark(self.key, point.x, point.y)) for point in self.points]


@dataclass(frozen=True)
class Chart:
    """Lines over months: `scale` are (y, points), `labels` are (x, month number)."""

    lines: list
    scale: list
    labels: list
    width: int = WIDTH
    height: int = TOP + HEIGHT + FOOT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    label_at: int = TOP + HEIGHT + 17


def chart_of(months, keys):
    """The Chart of months as {"period": month, key: Figures or None}: one Line for each key that has any figure."""
    scores = [month[key].score for month in months for key in keys if month[key]]
    floor = min(scores, default=0) // STEP * STEP
    top = max([FULL, floor + STEP, *(-(-score // STEP) * STEP for score in scores)])

    aside = BESIDE * (len(keys) - 1) // 2

    def x(number):
        return LEFT + aside + number * (WIDTH - LEFT - RIGHT - 2 * aside) // max(len(months) - 1, 1)

    def y(score):
        return TOP + HEIGHT - (score - floor) * HEIGHT // (top - floor)

    def point(key, number, month):
        return _point(month[key], x(number) + _beside(month, key, keys, BESIDE * (top - floor) // HEIGHT), y)

    lines = [Line(key, _pieces([point(key, *numbered) for numbered in enumerate(months)])) for key in keys]
    return Chart(
        [line for line in lines if line.pieces],
        [(y(score), score) for score in range(floor, top + 1, STEP * max(1, (top - floor) // STEP // 5))],
        [(x(number), month["period"] % 100) for number, month in enumerate(months)],
    )


def _beside(month, key, keys, near):
    """How far to the side a mark stands: those of scores so near to each other form a row around the month's place."""
    close = [
        other for other in keys if month[key] and month[other] and abs(month[other].score - month[key].score) < near
    ]
    return BESIDE * (2 * close.index(key) - len(close) + 1) // 2 if close else 0


def _point(figures, x, y):
    return Point(x, y(figures.score), figures.running) if figures else None


def _pieces(points):
    pieces = [[]]
    for point in points:
        pieces = [*pieces[:-1], [*pieces[-1], point]] if point else [*pieces, []]
    return [piece for piece in pieces if piece]


@dataclass(frozen=True)
class Bar:
    """A category: the own rate as a bar `width` long, those of the others as {key: x}."""

    name: str
    rate: int
    y: int
    width: int
    marks: dict

    @property
    def shapes(self):
        """(key, the corners of its mark): every key in its lane, so that equal rates stand below each other."""
        return [(key, mark(key, x, self.y + LANES[key])) for key, x in self.marks.items()]


@dataclass(frozen=True)
class Bars:
    """The bars of the categories under each other."""

    bars: list
    width: int = TRACK + 70
    track: int = TRACK

    @property
    def height(self):
        return len(self.bars) * ROW + 4


def bars_of(own, others):
    """The Bars of a team's Figures beside others, {key: Figures or None}."""

    def bar(number, name, rate):
        marks = {
            key: _long(figures.rates[name]) for key, figures in others.items() if figures and name in figures.rates
        }
        return Bar(name, rate, number * ROW + 18, _long(rate), marks)

    return Bars([bar(number, name, rate) for number, (name, rate) in enumerate(own.rates.items())])


def _long(rate):
    return rate * TRACK // FULL
