"""What the pages about pools show beside each team: people, coefficients, score, the month before."""

from dataclasses import dataclass

from assessments.inputs import fingerprint
from assessments.models import MonthClose, TeamScore
from assessments.scoring import divide_half_up
from incentives import selectors
from incentives.models import UnitPool
from teams import periods
from teams.models import Membership


@dataclass(frozen=True)
class Row:
    """One team's line. Heads, coefficients, score, share (percent) and the properties' percent are hundredths; money is fen.

    `amount` and `before` (the month before) are None where there is no pool; `share` is None outside a division.
    """

    team: object
    heads: int
    coefficients: int
    score: int | None
    amount: int | None
    before: int | None
    share: int | None = None

    @property
    def per_head(self):
        """Fen for one person; None without money or people."""
        return divide_half_up(self.amount * 100, self.heads) if self.amount and self.heads else None

    @property
    def change(self):
        """How much more or less than the month before, in hundredths of a percent; None without both."""
        if not self.amount or not self.before:
            return None
        more = divide_half_up(abs(self.amount - self.before) * 10_000, self.before)
        return more if self.amount >= self.before else -more


def brought_in(teams, period):
    """{team id: what it brings into a division}: sums over people and days, and the score where the month is closed."""
    scores = TeamScore.objects.filter(team__in=teams, period=period, close__state=MonthClose.State.CLOSED)
    score_of = dict(scores.values_list("team", "score"))
    found = {team.pk: {"heads": 0, "coefficients": 0, "score": score_of.get(team.pk)} for team in teams}
    first, last = periods.first_day(period), periods.last_day(period)
    stays = Membership.objects.during(first, last).filter(team__in=teams).order_by()
    for team, coefficient, since, until in stays.values_list("team", "coefficient", "started_on", "ended_on"):
        days = (min(until or last, last) - max(since, first)).days + 1
        found[team]["heads"] += days
        found[team]["coefficients"] += days * coefficient
    return found


def rows_of(teams, period, brought, parts=None, before=None):
    """A Row for each team; `parts` ({team id: Part}) of a division, else the pools that there are.

    `before` are the pools of the month before ({team id: Pool}), read when they are not given.
    """
    before = pools_before(teams, period) if before is None else before
    pools = selectors.pools_of(teams, period) if parts is None else {}
    total = sum(part.weight for part in parts.values()) if parts else 0
    days = periods.last_day(period).day
    return [
        Row(
            team,
            divide_half_up(brought[team.pk]["heads"] * 100, days),
            divide_half_up(brought[team.pk]["coefficients"], days),
            brought[team.pk]["score"],
            _amount(parts[team.pk] if parts else pools.get(team.pk)),
            _amount(before.get(team.pk)),
            divide_half_up(parts[team.pk].weight * 10_000, total) if parts and team.pk in parts else None,
        )
        for team in teams
    ]


def _amount(pool):
    return pool and pool.amount


def pools_before(teams, period):
    """{team id: Pool} of the month before."""
    return selectors.pools_of(teams, periods.shift(period, -1))


def unit_pool_of(unit, period):
    """The UnitPool of a unit's month, or None."""
    return UnitPool.objects.filter(unit=unit, period=period).select_related("unit", "set_by").first()


def as_json(inputs):
    """`brought_in` as a JSON column keeps it: its keys are texts there."""
    return {str(team): brought for team, brought in inputs.items()}


def stored_inputs(unit_pool):
    """What a unit pool was divided by, as `brought_in` gives it."""
    return {int(team): brought for team, brought in unit_pool.inputs.items()}


def seen_of(inputs, pools, unit_pool):
    """What a page showed, in short: what the teams brought in, their pools, and the unit's pool if there is one."""
    return fingerprint(
        {
            "inputs": as_json(inputs),
            "pools": {str(team): pool.amount for team, pool in pools.items()},
            "unit_pool": [unit_pool.pk, unit_pool.set_at.isoformat()] if unit_pool else [],
        }
    )
