"""The own score of a person: what it is made of, and the months before."""

from dataclasses import dataclass

from assessments.models import Finding, MemberScore, MonthClose
from teams.attendance_sheet import WORKED
from teams.models import Attendance

MONTHS_BACK = 12


@dataclass(frozen=True)
class Explained:
    """A person's month in one team: the MemberScore, the base, and attendance as [(what, how many days)]."""

    row: MemberScore
    base: int
    attendance: list
    worked: int

    @property
    def cut(self):
        """What the score lost or gained because the standard keeps it between a least and a most; mostly 0."""
        return self.row.score - self.base - sum(line["points"] for line in self.row.lines)

    @property
    def is_running(self):
        return self.row.close.state == "open"


def running(user, period):
    """The latest MemberScore of a person's month or None; `still_out` findings have come since it was computed."""
    rows = MemberScore.objects.filter(user=user, period=period).select_related("close").defer("close__inputs")
    score = rows.order_by("-id").first()
    if score:
        score.still_out = _newer(user, score.close)
    return score


def _newer(user, close):
    if close.state != MonthClose.State.OPEN or close.computed_at is None:
        return 0
    newer = Finding.objects.valid().filter(
        person=user, period=close.period, on_sheet__submitted_at__gt=close.computed_at
    )
    return newer.count()


def explained(user, period):
    """The Explained of a person's month, one for each team; one query."""
    rows = MemberScore.objects.filter(user=user, period=period).select_related("close__version", "team__unit")
    return [_explained(row) for row in rows.defer("close__inputs").order_by("team")]


def _explained(row):
    days = [(Attendance.Code(code).label, count) for code, count in row.codes.items()]
    return Explained(row, row.close.version.member_base, days, worked_days(row))


def worked_days(row):
    """How many days of a MemberScore count as attendance."""
    return sum(count for code, count in row.codes.items() if code in WORKED)


def earlier(user, period):
    """MemberScores of the months before, latest first; one query."""
    rows = MemberScore.objects.filter(user=user, period__lt=period).select_related("close", "team")
    return rows.defer("close__inputs").order_by("-period", "team")[:MONTHS_BACK]
