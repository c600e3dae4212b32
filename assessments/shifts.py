"""Which shift a sheet opened now is most likely about. Proposals only: the person at the sheet decides."""

import datetime

from assessments.models import Check
from teams.models import Team

DAY, MORNING, MIDDLE, NIGHT = Check.Shift.DAY, Check.Shift.MORNING, Check.Shift.MIDDLE, Check.Shift.NIGHT
ONE_SHIFT = ((0, DAY),)
TWO_SHIFTS = ((0, NIGHT), (7, DAY), (19, NIGHT))
THREE_SHIFTS = ((0, NIGHT), (7, MORNING), (15, MIDDLE))
"""(hour, shift proposed from then on): an hour before the shift begins, for the check is made before it."""

REMEMBERED = datetime.timedelta(days=30)
"""How far back the sheets tell whether a rotating team works two shifts or three."""


def likely_shift(team, now, recent, *, skip_filed):
    """The shift that the clock suggests; with `skip_filed` the next of the day that has no self check yet.

    `recent` are the team's latest self checks: a rotating team that only calls its shifts 白班 and 夜班 works two of
    them, any other three.
    """
    rota = _rota(team, {check.shift for check in recent})
    filed = {check.shift for check in recent if skip_filed and check.date == now.date()}
    at = max(index for index, (hour, _) in enumerate(rota) if hour <= now.hour)
    coming = [shift for _, shift in rota[at:] + rota[:at]]
    return next((shift for shift in coming if shift not in filed), coming[0])


def _rota(team, known):
    if team.shift_pattern == Team.ShiftPattern.DAY:
        return ONE_SHIFT
    return TWO_SHIFTS if known and not known & {MORNING, MIDDLE} else THREE_SHIFTS
