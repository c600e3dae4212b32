"""Corrections of approved attendance: the approved month stays, the change counts in the next month still open."""

from django.db import IntegrityError, transaction

from teams import audit, periods
from teams.errors import TeamError
from teams.models import Attendance, AttendanceCorrection, AttendanceMonth, Membership
from teams.services.attendance import month_of
from teams.services.proposals import decide, require_proposer, require_somebody_else

State = AttendanceCorrection.State


@transaction.atomic
def propose(team, user, date, *, new_code, hours, reason, actor):
    """Propose what a member's day should have been; returns the AttendanceCorrection.

    `new_code` None leaves the code as it is; `hours` is what the month's overtime gains (hundredths, may be negative).
    Raises TeamError when the month is not approved, the person was not in the team that day, or nothing would change.
    """
    _require_approved(team, date)
    _require_member(team, user, date)
    old_code = _code_now(team, user, date)
    new_code = old_code if new_code is None else new_code
    if new_code == old_code and not hours:
        raise TeamError(f"{user} {date:%Y-%m-%d} 本来就是“{old_code or '空'}”，加班也没有增减，不用更正。")
    facts = {"old_code": old_code, "new_code": new_code, "hours": hours, "reason": reason}
    try:
        with transaction.atomic():
            found = AttendanceCorrection.objects.create(user=user, team=team, date=date, proposed_by=actor, **facts)
    except IntegrityError as error:
        raise TeamError(f"{user} {date:%Y-%m-%d} 已有一条待审批的更正，先等它办完。") from error
    _record("correction.proposed", found, actor, reason=reason)
    return found


def _require_approved(team, date):
    period = periods.period_of(date)
    if not AttendanceMonth.objects.filter(team=team, period=period, state=AttendanceMonth.State.APPROVED).exists():
        raise TeamError(f"{periods.label(period)}的考勤还没有审批，直接在考勤表里改就行，不用走更正。")


def _require_member(team, user, date):
    if not Membership.objects.during(date, date).filter(team=team, user=user).exists():
        raise TeamError(f"{user} {date:%Y-%m-%d} 不在{team}，请核对人员和日期。")


def _code_now(team, user, date):
    """The code of a day as the latest approved correction left it, else as the approved month has it."""
    latest = AttendanceCorrection.objects.filter(team=team, user=user, date=date, state=State.APPROVED).first()
    row = Attendance.objects.filter(team=team, user=user, date=date).first()
    return latest.new_code if latest else row.code if row else ""


@transaction.atomic
def approve(correction, *, actor):
    """Manager: the correction holds and counts in the next open month. Not for its proposer, nor for the person."""
    require_somebody_else(correction, actor)
    team, period = _next_open_month(correction)
    decide(correction, State.APPROVED, actor, counts_team=team, counts_in=period)
    _record("correction.approved", correction, actor, counts_in=period, counts_team=team and str(team))


def _next_open_month(correction):
    """Where a correction counts: (team, month), the first month whose attendance is not approved yet.

    The team is the one in which the person ended that month. (None, None) for somebody who has left every team.
    On the last day of a month the month itself may be approved; then it is the month to come.
    """
    period = periods.period_of(correction.date)
    while period <= periods.current_period():
        period = periods.shift(period, 1)
        first, last = periods.first_day(period), periods.last_day(period)
        there = Membership.objects.during(first, last).filter(user=correction.user).select_related("team")
        last_there = there.order_by("started_on").last()
        if last_there and _is_open(last_there.team, period):
            return last_there.team, period
    return None, None


def _is_open(team, period):
    """Whether a month is not approved yet; it stays so until this transaction ends."""
    month = AttendanceMonth.objects.select_for_update().get(pk=month_of(team, period).pk)
    return month.state != AttendanceMonth.State.APPROVED


@transaction.atomic
def refuse(correction, answer, *, actor):
    """Manager: the approved month was right, with a reason. Not for its proposer, nor for the person."""
    require_somebody_else(correction, actor)
    decide(correction, State.REFUSED, actor, answer=answer)
    _record("correction.refused", correction, actor, answer=answer)


@transaction.atomic
def withdraw(correction, *, actor):
    """Whoever proposed it takes the correction back."""
    require_proposer(correction, actor)
    decide(correction, State.WITHDRAWN, actor)
    _record("correction.withdrawn", correction, actor)


def _record(verb, correction, actor, **more):
    after = {"code": correction.new_code, "overtime": correction.hours, **more}
    before = {"code": correction.old_code}
    audit.record(verb, correction, actor=actor, unit=correction.team.unit, before=before, after=after)
