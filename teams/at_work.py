"""What a day's duty roster and attendance say: who is not at work, and which shift a sheet opened now is most likely about.

Proposals only: the person at the form decides.
"""

from teams.attendance_sheet import WORKED
from teams.models import Attendance, Shift, Team, Watch

LEAVE = "病事婚产丧探伤"
LEAVE_WORD = "假"
"""The reason of a leave is nobody else's business: others read one word for all of them."""

DAY, MORNING, MIDDLE, NIGHT = Shift.DAY, Shift.MORNING, Shift.MIDDLE, Shift.NIGHT
ONE_SHIFT = ((0, DAY),)
TWO_SHIFTS = ((0, NIGHT), (7, DAY), (19, NIGHT))
THREE_SHIFTS = ((0, NIGHT), (7, MORNING), (15, MIDDLE))
"""(hour, shift proposed from then on): an hour before the shift begins, for what is written down is done before it."""


def away_on(users, date):
    """{user id: word that may be read by others} of those whose attendance of the day says that they are not at work."""
    rows = Attendance.objects.filter(user__in=users, date=date).exclude(code__in=list(WORKED))
    return {row.user_id: LEAVE_WORD if row.code in LEAVE else row.get_code_display() for row in rows}


def likely_shift(team, now, usual, *, filed=()):
    """The shift that the day's plan or attendance leaves, else the one of the clock; the next that is not `filed` yet.

    `usual` are the shifts of the team's latest records: a rotating team that only calls its shifts 白班 and 夜班 works
    two of them, any other three.
    """
    rota = _rota(team, usual)
    at = max(index for index, (hour, _) in enumerate(rota) if hour <= now.hour)
    coming = [shift for _, shift in rota[at:] + rota[:at]]
    worked = _worked(team, now.date())
    coming = [shift for shift in coming if shift in worked] or [shift for shift in Shift if shift in worked] or coming
    return next((shift for shift in coming if shift not in filed), coming[0])


def _rota(team, usual):
    if team.shift_pattern == Team.ShiftPattern.DAY:
        return ONE_SHIFT
    return TWO_SHIFTS if usual and not usual & {MORNING, MIDDLE} else THREE_SHIFTS


def _worked(team, date):
    """The shifts that a team may have on a day: those planned, else by its attendance; none where neither says."""
    planned = set(Watch.objects.filter(team=team, date=date).values_list("shift", flat=True))
    if planned:
        return planned
    marked = Attendance.objects.filter(team=team, date=date, code__in=[Attendance.Code.PRESENT, Attendance.Code.NIGHT])
    codes = set(marked.values_list("code", flat=True))
    return {"夜": {NIGHT}, "√": {DAY, MORNING, MIDDLE}}[codes.pop()] if len(codes) == 1 else set()
