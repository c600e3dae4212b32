"""Reads of the ground floor that pages share."""

import datetime

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q

from teams import periods
from teams.models import Attendance, AttendanceMonth, AuditEntry, Membership, Overtime

PAGE_SIZE = 50


def page_of(rows, request):
    """The page of `rows` that ?page= asks for."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def team_overview(teams, query=""):
    """Teams with unit, leader and head count for the list; `query` finds team, unit or member by name or number."""
    if query:
        teams = teams.filter(
            Q(name__icontains=query)
            | Q(unit__name__icontains=query)
            | Q(
                pk__in=Membership.objects.open()
                .filter(Q(user__name__icontains=query) | Q(user__employee_no__icontains=query))
                .values("team")
            )
        )
    leaders = Membership.objects.open().filter(role=Membership.Role.LEADER).select_related("user")
    return (
        teams.select_related("unit")
        .annotate(heads=Count("memberships", filter=Q(memberships__ended_on__isnull=True)))
        .prefetch_related(Prefetch("memberships", queryset=leaders, to_attr="leaders"))
    )


def members_of(team):
    """Present memberships of a team with their people, by employee number."""
    return Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")


def members_during(team, period):
    """One membership per person who belonged to the team on some day of the month: the one that held last."""
    rows = Membership.objects.during(periods.first_day(period), periods.last_day(period)).filter(team=team)
    latest = {row.user_id: row for row in rows.select_related("user").order_by("user__employee_no", "started_on")}
    return list(latest.values())


def grid_of(team, period):
    """What the attendance grid shows: ({(user id, day): code}, {user id: overtime})."""
    codes = Attendance.objects.filter(team=team, period=period).values_list("user_id", "date", "code")
    overtime = Overtime.objects.filter(team=team, period=period).values_list("user_id", "hours")
    return {(user, date.day): code for user, date, code in codes}, dict(overtime)


def attendance_states(teams, period):
    """{team id: AttendanceMonth} of a month."""
    months = AttendanceMonth.objects.filter(team__in=teams, period=period).select_related("team__unit")
    return {month.team_id: month for month in months}


def trail(unit_ids, filters):
    """Trail entries of the units in reach, newest first, narrowed by text `q`, `verb` and `day` (YYYY-MM-DD)."""
    entries = AuditEntry.objects.filter(unit__in=unit_ids).select_related("actor")
    if filters["q"]:
        words = filters["q"]
        entries = entries.filter(
            Q(label__icontains=words) | Q(actor__name__icontains=words) | Q(actor__employee_no__icontains=words)
        )
    if filters["verb"]:
        entries = entries.filter(verb__startswith=filters["verb"])
    try:
        return entries.filter(at__date=datetime.date.fromisoformat(filters["day"])) if filters["day"] else entries
    except ValueError:
        return entries
