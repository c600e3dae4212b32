"""Which shift a sheet opened now is most likely about, as far as the team's own sheets tell."""

import datetime

from teams import at_work

REMEMBERED = datetime.timedelta(days=30)
"""How far back the sheets tell whether a rotating team works two shifts or three."""


def likely_shift(team, now, recent, *, skip_filed):
    """The shift of teams.at_work; with `skip_filed` the next of the day that has no self check among the `recent` yet."""
    filed = {check.shift for check in recent if skip_filed and check.date == now.date()}
    return at_work.likely_shift(team, now, {check.shift for check in recent}, filed=filed)
