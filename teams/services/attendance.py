"""A team's attendance of a month: written by its people, confirmed by the leader, approved by the manager."""

from django.db import transaction
from django.utils import timezone

from teams import audit, periods, selectors
from teams.errors import StaleState, TeamError
from teams.figures import short_text
from teams.models import Attendance, AttendanceMonth, AuditEntry, Overtime, User

State = AttendanceMonth.State
OVERTIME = "overtime"
"""Stands where a cell of the month has its day number: the member's overtime."""


class ChangedMeanwhile(TeamError):
    """Another person saved other values into `cells`, pairs of employee number and day or OVERTIME."""

    def __init__(self, message, cells):
        super().__init__(message)
        self.cells = cells


def month_of(team, period):
    """The AttendanceMonth of a team, opened as a draft when there is none yet."""
    return AttendanceMonth.objects.get_or_create(team=team, period=period)[0]


def _open_draft(team, period):
    """The month as a draft that nobody else writes until this transaction ends."""
    month = AttendanceMonth.objects.select_for_update().get(pk=month_of(team, period).pk)
    if month.state != State.DRAFT:
        raise TeamError(
            f"{periods.label(period)}的考勤已经{month.get_state_display()}，不能再改。需要改动请单位负责人退回。"
        )
    return month


@transaction.atomic
def save_month(team, period, members, *, actor, source="grid"):
    """Write the month of the listed members: codes per day and overtime replace what was there for them.

    `members` maps employee numbers to (codes {day: code}, overtime in hundredths). Raises TeamError when the month is no
    longer a draft, when somebody was not in the team on such a day, or when a day has not come yet.
    """
    _refuse_unborn_days(period, members)
    month = _open_draft(team, period)
    _refuse_days_outside(team, period, members)
    before = _stored(team, period)
    _replace(team, period, members)
    after = _stored(team, period)
    if before != after or source != "grid":
        trail = {"before": _in_trail(before, period), "after": _in_trail(after, period) | {"source": source}}
        audit.record("attendance.saved", month, actor=actor, unit=team.unit, **trail)
    return month


def _replace(team, period, members):
    users = {user.employee_no: user for user in User.objects.filter(employee_no__in=members)}
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


@transaction.atomic
def change_month(team, period, changes, *, actor):
    """Write single cells and leave all others as they are by now, so that two people can fill one month.

    `changes` maps (employee number, day or OVERTIME) to (what stood there when the person began, what shall stand there).
    Raises ChangedMeanwhile when one of these cells holds a third value by now; TeamError as save_month.
    """
    month = _open_draft(team, period)
    stored = _stored(team, period)
    _refuse_conflicts(month, stored, changes, actor)
    return save_month(team, period, _with(stored, changes), actor=actor)


def _refuse_conflicts(month, stored, changes, actor):
    now = {cell: _value(stored, *cell) for cell in changes}
    cells = [cell for cell, pair in changes.items() if now[cell] not in pair]
    if cells:
        names = dict(
            User.objects.filter(employee_no__in={number for number, _ in cells}).values_list("employee_no", "name")
        )
        places = [f"{names[number]}{_place(place, now[number, place])}" for number, place in cells[:3]]
        more = f"等 {len(cells)} 处" if len(cells) > 3 else ""
        raise ChangedMeanwhile(
            f"{_last_saving(month, actor)}保存过这个月的考勤，和您改的不一样：{'，'.join(places)}{more}。"
            "没有冲突的格子已经合在一起；请核对标红的格子，再点保存就以您填的为准。",
            cells,
        )


def _value(months, number, place):
    codes, hours = months.get(number, ({}, 0))
    return hours if place == OVERTIME else codes.get(place, "")


def _place(place, value):
    if place == OVERTIME:
        return f"加班已改成 {short_text(value)} 小时"
    return f" {place} 日已改成“{value}”" if value else f" {place} 日已擦空"


def _last_saving(month, actor):
    """Who saved the month last, and when: "宋明远 14:05 刚"."""
    saved = AuditEntry.objects.filter(
        object_type=month._meta.label_lower, object_id=month.pk, verb="attendance.saved"
    ).first()
    if not saved or not saved.actor:
        return "刚才有人"
    at = timezone.localtime(saved.at)
    who = "您自己" if saved.actor == actor else saved.actor.name
    return f"{who} {at:%H:%M} 刚" if at.date() == timezone.localdate() else f"{who} {at:%m-%d %H:%M} "


def _with(stored, changes):
    """The months of the members whose cells change, as save_month takes them."""
    members = {number: stored.get(number, ({}, 0)) for number, _ in changes}
    for (number, place), (_, value) in changes.items():
        codes, hours = members[number]
        members[number] = (codes, value) if place == OVERTIME else (codes | {place: value}, hours)
    return {
        number: ({day: code for day, code in codes.items() if code}, hours)
        for number, (codes, hours) in members.items()
    }


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


def _stored(team, period):
    """{employee number: (codes {day: code}, overtime)} of everybody who has something in the month."""
    codes = Attendance.objects.filter(team=team, period=period).values_list("user__employee_no", "date", "code")
    overtime = dict(Overtime.objects.filter(team=team, period=period).values_list("user__employee_no", "hours"))
    days = {}
    for number, date, code in codes:
        days.setdefault(number, {})[date.day] = code
    return {number: (days.get(number, {}), overtime.get(number, 0)) for number in sorted({*days, *overtime})}


def _in_trail(months, period):
    """What the trail keeps of a month: each member's codes day by day ("." where none) and overtime in hundredths."""
    days = range(1, periods.last_day(period).day + 1)
    return {
        number: ["".join(codes.get(day, ".") for day in days) if codes else "", hours]
        for number, (codes, hours) in months.items()
    }


def _refuse_days_outside(team, period, members):
    """Nobody has attendance in a team on days when he or she did not belong to it."""
    known = {member.user.employee_no: member for member in selectors.members_during(team, period)}
    outside = []
    for number, (codes, _) in members.items():
        days = known[number].days if number in known else set()
        wrong = sorted({int(day) for day in codes} - days)
        if wrong:
            outside.append(f"{_name(known, number)} {day_ranges(wrong)} 日")
    if outside:
        raise TeamError(f"{'；'.join(outside)}不是{team.name}的人，这些日子请空着，不能在这里记考勤。")


def _name(known, number):
    return known[number].user.name if number in known else User.objects.get(employee_no=number).name


def day_ranges(days):
    """Day numbers as people write them: ``day_ranges([5, 20, 21, 22]) == "5、20–22"``."""
    ranges = []
    for day in days:
        if ranges and ranges[-1][1] == day - 1:
            ranges[-1][1] = day
        else:
            ranges.append([day, day])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)


def _refuse_days_elsewhere(period, users, members):
    taken = Attendance.objects.filter(period=period, user__in=users.values()).select_related("team", "user")
    for row in taken:
        if row.date.day in {int(day) for day in members[row.user.employee_no][0]}:
            raise TeamError(f"{row.user.name} {row.date.day} 日的考勤已经记在{row.team}，一个人一天只能记一次。")


def _move(month, old, new, **fields):
    if not AttendanceMonth.objects.filter(pk=month.pk, state=old).update(state=new, **fields):
        raise StaleState
    month.refresh_from_db()


def too_early_to_confirm(period):
    """Why a month cannot be confirmed before its last day; "" from then on."""
    today, month = timezone.localdate(), f"{period % 100}月"
    if today < periods.first_day(period):
        return f"{month}还没到，到时候再填"
    return "" if today >= periods.last_day(period) else f"{month}还没过完，月底再确认"


@transaction.atomic
def confirm_month(month, *, actor):
    """Leader: the month is complete. Raises TeamError that names members and days without a code."""
    if too_early := too_early_to_confirm(month.period):
        raise TeamError(f"{too_early}。")
    # Moved first: from here on nobody writes a cell, so that what is checked is what gets confirmed.
    _move(month, State.DRAFT, State.CONFIRMED, confirmed_by=actor, confirmed_at=timezone.now(), question="")
    _refuse_days_outside(month.team, month.period, _stored(month.team, month.period))
    _refuse_gaps(month)
    audit.record("attendance.confirmed", month, actor=actor, unit=month.team.unit)


def _refuse_gaps(month):
    """Every day of membership carries a code, in this team or another; who has gaps is named, a whole team in one word."""
    members = selectors.members_during(month.team, month.period)
    gaps = _gaps(month.period, members)
    if not gaps:
        return
    named = [f"{member.user.name} {days} 日" for member, days in gaps[:3]]
    text = "；".join(named) + (f"等 {len(gaps)} 人" if len(gaps) > 3 else "")
    if len(gaps) == len(members) > 1 and len({days for _, days in gaps}) == 1:
        text = f"全班 {gaps[0][1]} 日"
    raise TeamError(f"还有没填的日子：{text}。补全后再确认，休息也要填“休”。")


def _gaps(period, members):
    """[(membership, day ranges)] of the members with days in the team that carry no code anywhere."""
    rows = Attendance.objects.filter(period=period, user__in=[member.user_id for member in members])
    written = {(user, date.day) for user, date in rows.values_list("user_id", "date")}
    open_days = (
        (member, [day for day in sorted(member.days) if (member.user_id, day) not in written]) for member in members
    )
    return [(member, day_ranges(days)) for member, days in open_days if days]


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
