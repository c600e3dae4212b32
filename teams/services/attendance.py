"""A team's attendance of a month: written as a whole, confirmed by the leader, approved by the manager."""

from django.db import transaction
from django.utils import timezone

from teams import audit, periods
from teams.errors import StaleState, TeamError
from teams.models import Attendance, AttendanceMonth, Membership, Overtime, User

State = AttendanceMonth.State


def month_of(team, period):
    """The AttendanceMonth of a team, opened as a draft when there is none yet."""
    return AttendanceMonth.objects.get_or_create(team=team, period=period)[0]


@transaction.atomic
def save_month(team, period, members, *, actor, source="grid"):
    """Write the month of the listed members: codes per day and overtime replace what was there for them.

    `members` maps employee numbers to (codes {day: code}, overtime in hundredths). Raises TeamError when the month is no
    longer a draft, when somebody was in another team on such a day, or when a day lies in the future of the month.
    """
    _refuse_unborn_days(period, members)
    month = month_of(team, period)
    _require_draft(month)
    users = {user.employee_no: user for user in User.objects.filter(employee_no__in=members)}
    before = _written(team, period)
    Attendance.objects.filter(team=team, period=period, user__in=users.values()).delete()
    Overtime.objects.filter(team=team, period=period, user__in=users.values()).delete()
    _refuse_days_elsewhere(period, users, members)
    Attendance.objects.bulk_create(
        Attendance(user=users[number], team=team, period=period, date=_date(period, day), code=code)
        for number, (codes, _) in members.items()
        for day, code in codes.items()
    )
    Overtime.objects.bulk_create(
        Overtime(user=users[number], team=team, period=period, hours=hours)
        for number, (_, hours) in members.items()
        if hours
    )
    after = _written(team, period)
    if before != after or source != "grid":
        audit.record(
            "attendance.saved", month, actor=actor, unit=team.unit, before=before, after=after | {"source": source}
        )
    return month


def _refuse_unborn_days(period, members):
    """Attendance tells what was: no day that has not come yet, and none that the month does not have."""
    last, today = periods.last_day(period).day, timezone.localdate()
    latest = max((int(day) for codes, _ in members.values() for day in codes), default=1)
    if not 1 <= latest <= last:
        raise TeamError(f"{periods.label(period)}没有 {latest} 日。")
    if _date(period, latest) > today:
        raise TeamError(f"{periods.label(period)} {latest} 日还没有到，不能提前填考勤。")


def _date(period, day):
    return periods.first_day(period).replace(day=int(day))


def _written(team, period):
    """What the trail keeps of a month: each member's codes day by day ("." where none) and overtime in hundredths."""
    codes = Attendance.objects.filter(team=team, period=period).values_list("user__employee_no", "date", "code")
    hours = Overtime.objects.filter(team=team, period=period).values_list("user__employee_no", "hours")
    days = {}
    for number, date, code in codes:
        days.setdefault(number, ["."] * periods.last_day(period).day)[date.day - 1] = code
    overtime = dict(hours)
    numbers = sorted({*days, *overtime})
    return {number: ["".join(days.get(number, [])), overtime.get(number, 0)] for number in numbers}


def _refuse_days_elsewhere(period, users, members):
    taken = Attendance.objects.filter(period=period, user__in=users.values()).select_related("team", "user")
    for row in taken:
        if row.date.day in {int(day) for day in members[row.user.employee_no][0]}:
            raise TeamError(f"{row.user.name} {row.date.day} 日的考勤已经记在{row.team}，一个人一天只能记一次。")


def _require_draft(month):
    if month.state != State.DRAFT:
        raise TeamError(
            f"{periods.label(month.period)}的考勤已经{month.get_state_display()}，不能再改。需要改动请单位负责人退回。"
        )


def _move(month, old, new, **fields):
    if not AttendanceMonth.objects.filter(pk=month.pk, state=old).update(state=new, **fields):
        raise StaleState
    month.refresh_from_db()


@transaction.atomic
def confirm_month(month, *, actor):
    """Leader: the month is complete. Raises TeamError that names members and days without a code."""
    missing = _days_without_code(month)
    if missing:
        raise TeamError(f"还有没填的日子：{'；'.join(missing[:10])}。补全后再确认，休息也要填“休”。")
    _move(month, State.DRAFT, State.CONFIRMED, confirmed_by=actor, confirmed_at=timezone.now(), question="")
    audit.record("attendance.confirmed", month, actor=actor, unit=month.team.unit)


def _days_without_code(month):
    """Per member the days of membership in the month that carry no code anywhere, as sentences."""
    first, last = periods.first_day(month.period), periods.last_day(month.period)
    memberships = Membership.objects.during(first, last).filter(team=month.team).select_related("user")
    written = set(
        Attendance.objects.filter(
            period=month.period, user__in=[membership.user_id for membership in memberships]
        ).values_list("user_id", "date")
    )
    gaps = {}
    for membership in memberships:
        until = membership.ended_on or last
        days = [day for day in periods.days_of(month.period) if membership.started_on <= day <= until]
        open_days = [str(day.day) for day in days if (membership.user_id, day) not in written]
        if open_days:
            gaps.setdefault(membership.user, []).extend(open_days)
    return [f"{user.name} {'、'.join(days[:5])}{' 等' if len(days) > 5 else ''} 日" for user, days in gaps.items()]


@transaction.atomic
def approve_month(month, *, actor):
    """Manager: the confirmed month counts from now on. The confirmer cannot approve."""
    if actor and month.confirmed_by_id == actor.pk:
        raise TeamError("考勤是您自己确认的，要由另一个人审批。")
    _move(month, State.CONFIRMED, State.APPROVED, approved_by=actor, approved_at=timezone.now())
    audit.record("attendance.approved", month, actor=actor, unit=month.team.unit)


@transaction.atomic
def return_month(month, question, *, actor):
    """Manager: back to the leader with a question."""
    _move(month, State.CONFIRMED, State.DRAFT, question=question, confirmed_by=None, confirmed_at=None)
    audit.record("attendance.returned", month, actor=actor, unit=month.team.unit, after={"question": question})


@transaction.atomic
def accept_past_month(month, *, actor):
    """Take over a month that was signed on paper before TeamHub: draft to approved, with a trail entry that says so."""
    _move(month, State.DRAFT, State.APPROVED, approved_at=timezone.now())
    audit.record("attendance.taken_over", month, actor=actor, unit=month.team.unit)
