"""What the home page says to a person: what waits, the own score, the own bonus."""

from django.urls import reverse
from django.utils import timezone

from assessments.models import Check, MemberScore, MonthClose
from assessments.services.closes import units_with_teams
from incentives import selectors as incentive
from incentives.models import Distribution, Pool
from teams import periods
from teams.access import access_of
from teams.models import AttendanceMonth, Membership


def page_of(user):
    """Context of the home page."""
    access, current = access_of(user), periods.current_period()
    membership = Membership.objects.open().filter(user=user).select_related("team__unit").first()
    return {
        "membership": membership,
        "today": timezone.localdate(),
        "period": current,
        "queue": [item for source in SOURCES for item in source(user, access, current)],
        "score": MemberScore.objects.filter(user=user, period=current).order_by("-id").first(),
        "line": incentive.latest_line(user),
    }


def _item(title, detail, url, state="wait", word="待办"):
    return {"title": title, "detail": detail, "url": url, "state": state, "word": word}


def _checks(user, access, current):
    today = timezone.localdate()
    teams = list(access.teams("check.self"))
    done = set(Check.objects.filter(team__in=teams, date=today, kind=Check.Kind.SELF).values_list("team_id", flat=True))
    for team in teams:
        if team.pk in done:
            url = reverse("assessments:checks", args=[team.pk, current])
            yield _item("今日自查", f"{team.name}今天的自查已提交", url, "ok", "已完成")
        else:
            yield _item("今日自查", f"{team.name}今天还没有自查", reverse("assessments:self-check", args=[team.pk]))


def _attendance_to_confirm(user, access, current):
    past = periods.shift(current, -1)
    teams = list(access.teams("attendance.confirm"))
    months = {month.team_id: month for month in AttendanceMonth.objects.filter(team__in=teams, period=past)}
    for team in teams:
        month = months.get(team.pk)
        if month is None or month.state == AttendanceMonth.State.DRAFT:
            detail = f"{team.name}{periods.label(past)}考勤还没有确认"
            if month and month.question:
                detail = f"{team.name}{periods.label(past)}考勤被退回：{month.question}"
            yield _item("确认考勤", detail, reverse("teams:attendance", args=[team.pk, past]))


def _attendance_to_approve(user, access, current):
    months = AttendanceMonth.objects.filter(
        team__in=access.teams("attendance.approve"), state=AttendanceMonth.State.CONFIRMED
    ).select_related("team")
    for month in months:
        url = reverse("teams:attendance", args=[month.team_id, month.period])
        yield _item("审批考勤", f"{month.team.name}{periods.label(month.period)}", url)


def _closes(user, access, current):
    past = periods.shift(current, -1)
    if not access.has("month.close"):
        return
    closed = set(MonthClose.objects.filter(period=past, state="closed").values_list("unit_id", flat=True))
    for unit in units_with_teams(past):
        if access.on_unit("month.close", unit.pk) and unit.pk not in closed:
            yield _item(
                "月结",
                f"{unit.name}{periods.label(past)}还没有关账",
                reverse("assessments:close", args=[unit.pk, past]),
            )


def _bonuses(user, access, current):
    past = periods.shift(current, -1)
    waits = [
        ("bonus.draft", "拟定奖金分配", None),
        ("bonus.approve", "批准奖金分配", Distribution.State.DRAFT),
        ("bonus.post", "奖金入账", Distribution.State.APPROVED),
    ]
    for capability, title, state in waits:
        teams = access.teams(capability)
        pools = Pool.objects.filter(team__in=teams, period=past).select_related("team", "distribution")
        for pool in pools:
            distribution = getattr(pool, "distribution", None)
            if (distribution.state if distribution else None) == state:
                url = reverse("incentives:distribution", args=[pool.team_id, past])
                yield _item(title, f"{pool.team.name}{periods.label(past)}", url)


SOURCES = [_checks, _attendance_to_confirm, _attendance_to_approve, _closes, _bonuses]
