"""A team beside others (对标): scores, rates of the categories, and the items on which others lose less. Pure arithmetic."""

from dataclasses import dataclass

from assessments.scoring import divide_half_up

FEWEST = 3
"""An average over teams that the reader does not see is shown from so many teams on, so that it tells of none of them."""

VETO = "一票否决"


@dataclass(frozen=True)
class Figures:
    """A month of a team, or the mean of several: `score` in hundredths, `rates` {category: hundredths of a percent kept}.

    `running` says that the month is not closed; `name` says whose figures they are where that is not plain,
    `veto` why the team was vetoed.
    """

    score: int
    rates: dict
    name: str = ""
    running: bool = False
    veto: str = ""


def mean(several):
    """The mean of several Figures; a category's over those that have it. None when there are none."""
    if not several:
        return None
    categories = dict.fromkeys(name for figures in several for name in figures.rates)
    rates = {name: _mean([figures.rates[name] for figures in several if name in figures.rates]) for name in categories}
    return Figures(_mean([figures.score for figures in several]), rates)


def best(several):
    """The Figures with the highest score, the first of equals; None when there are none."""
    return max(several, key=lambda figures: figures.score, default=None)


def _mean(values):
    return divide_half_up(sum(values), len(values))


@dataclass(frozen=True)
class Gap:
    """What an item cost the team a month, and the others: the average and the least of its unit, the mean of its peers, a team
    that was chosen.

    All are hundredths of a point a month; `better` are the ids of the peers that lost less. Without peers `peers` is None,
    and so are the average, the least and the chosen team's that the reader may not see.
    """

    item: object
    own: int
    average: int | None
    least: int | None
    peers: int | None
    better: tuple
    chosen: int | None = None

    @property
    def behind(self):
        """How much more the team loses than its unit on average; below zero when it loses less; None without average."""
        return None if self.average is None else self.own - self.average

    @property
    def ahead(self):
        return None if self.average is None else self.average - self.own

    @property
    def to_best(self):
        return None if self.least is None else self.own - self.least

    @property
    def order(self):
        """What sorts gaps: the greatest to the average first, without an average what costs the most; nothing hidden."""
        size = self.own if self.average is None else self.behind
        return -size, -(self.to_best or 0), self.item.code, self.item.name


def gaps(lost, team, unit, peers, months, least=True, chosen=None):
    """One Gap for each item that cost the team anything, the greatest gap to the average first.

    `lost` is {(team id, item): points in `months` months}; `unit` and `peers` are team ids, `unit` with the team itself.
    An empty `unit` withholds its average and its least, `least` the least alone. `chosen` is the id of a team
    to be shown beside it.
    """
    items = [item for (who, item), points in lost.items() if who == team and points]
    found = [_gap(lost, item, team, unit, peers, months, least, chosen) for item in items]
    return sorted(found, key=lambda gap: gap.order)


def _gap(lost, item, team, unit, peers, months, least, chosen):
    own = lost[team, item]

    def monthly(points, teams=1):
        return divide_half_up(points, teams * months)

    of_unit = [lost.get((other, item), 0) for other in unit]
    of_peers = {other: lost.get((other, item), 0) for other in peers}
    return Gap(
        item,
        monthly(own),
        monthly(sum(of_unit), len(of_unit)) if of_unit else None,
        monthly(min(of_unit)) if of_unit and least else None,
        monthly(sum(of_peers.values()), len(of_peers)) if of_peers else None,
        tuple(other for other, points in of_peers.items() if points < own),
        monthly(lost.get((chosen, item), 0)) if chosen else None,
    )
