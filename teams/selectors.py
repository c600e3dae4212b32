"""Reads of the ground floor that pages share."""

import datetime
from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from teams import periods
from teams.figures import coefficient_text
from teams.models import Attendance, AttendanceCorrection, AttendanceMonth, AuditEntry, Membership, Overtime, UnitRole

PAGE_SIZE = 50


def page_of(rows, request):
    """The page of `rows` that ?page= asks for."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def with_words(rows, words, *paths):
    """Rows in which every one of the words stands somewhere: `paths` are lookups such as "user__name__icontains"."""
    for word in words.split():
        rows = rows.filter(reduce(or_, (Q(**{path: word}) for path in paths)))
    return rows


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
    """One membership per person who belonged to the team on some day of the month: the one that held last.

    Its `days` are the day numbers on which the person belonged to the team, those of earlier memberships included.
    """
    first, last = periods.first_day(period), periods.last_day(period)
    rows = Membership.objects.during(first, last).filter(team=team).select_related("user")
    latest, days = {}, {}
    for row in rows.order_by("user__employee_no", "started_on"):
        row.days = days.setdefault(row.user_id, set())
        row.days.update(range(max(row.started_on, first).day, min(row.ended_on or last, last).day + 1))
        latest[row.user_id] = row
    return list(latest.values())


def grid_of(team, period):
    """What the attendance grid shows: ({(user id, day): code}, {user id: overtime})."""
    codes = Attendance.objects.filter(team=team, period=period).values_list("user_id", "date", "code")
    overtime = Overtime.objects.filter(team=team, period=period).values_list("user_id", "hours")
    return {(user, date.day): code for user, date, code in codes}, dict(overtime)


def held_elsewhere(team, period, members):
    """{(user id, day): Attendance} that other teams hold of these members in the month."""
    rows = Attendance.objects.filter(period=period, user__in=[member.user_id for member in members])
    return {(row.user_id, row.date.day): row for row in rows.exclude(team=team).select_related("team")}


def corrections_of(team, period):
    """Corrections of a team's month, newest first."""
    days = (periods.first_day(period), periods.last_day(period))
    return _corrections(team=team, date__range=days)


def corrections_into(team, period):
    """Corrections of earlier months that count in a team's month, newest first."""
    return _corrections(counts_team=team, counts_in=period)


def _corrections(**which):
    rows = AttendanceCorrection.objects.filter(**which)
    return rows.select_related("user", "proposed_by", "decided_by", "counts_team")


def attendance_states(teams, period):
    """{team id: AttendanceMonth} of a month."""
    months = AttendanceMonth.objects.filter(team__in=teams, period=period).select_related("team__unit")
    return {month.team_id: month for month in months}


def trail(unit_ids, filters):
    """Trail entries of the units in reach, newest first, narrowed by the cleaned filters of a TrailForm."""
    entries = AuditEntry.objects.filter(unit__in=unit_ids).select_related("actor")
    if filters.get("who"):
        entries = entries.filter(
            Q(actor__name__icontains=filters["who"]) | Q(actor__employee_no__icontains=filters["who"])
        )
    if filters.get("kind"):
        entries = entries.filter(object_type=filters["kind"])
    if filters.get("what"):
        entries = entries.filter(label__icontains=filters["what"])
    if filters.get("verb"):
        entries = entries.filter(verb=filters["verb"])
    if filters.get("refused"):
        entries = entries.filter(verb="access.refused")
    return _between(entries, filters.get("since"), filters.get("until"))


def _between(entries, since, until):
    """Entries from the beginning of one day to the end of another, both Beijing dates and both optional."""
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    return entries.filter(at__lt=_midnight(until + datetime.timedelta(days=1))) if until else entries


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def unit_tree(units):
    """Units as an indented list: [(depth, unit)], parents before children; `team_count` and `heads` with all below."""
    found = units.annotate(
        team_count=Count("teams", filter=Q(teams__disbanded_on__isnull=True), distinct=True),
        heads=Count("teams__memberships", filter=Q(teams__memberships__ended_on__isnull=True), distinct=True),
    )
    children = {}
    known = {unit.pk for unit in found}
    for unit in found:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)

    def below(parent, depth):
        for unit in children.get(parent, []):
            inner = list(below(unit.pk, depth + 1))
            for _, child in (row for row in inner if row[0] == depth + 1):
                unit.team_count += child.team_count
                unit.heads += child.heads
            yield depth, unit
            yield from inner

    return list(below(None, 0))


def people_overview(people):
    """People with their open membership and unit roles, for the list."""
    memberships = Membership.objects.open().select_related("team__unit")
    roles = UnitRole.objects.filter(ended_on__isnull=True).select_related("unit")
    return people.distinct().prefetch_related(
        Prefetch("memberships", queryset=memberships, to_attr="open_memberships"),
        Prefetch("unit_roles", queryset=roles, to_attr="open_roles"),
    )


def offices_of(user):
    """What a person is in units now, the first given first."""
    return list(UnitRole.objects.filter(user=user, ended_on__isnull=True).select_related("unit").order_by("id"))


def roster_rows(people):
    """The members among these people as rows of a roster workbook, in the order of teams.roster.COLUMNS."""
    members = Membership.objects.open().filter(user__in=people).select_related("user", "team__unit")
    return [
        [
            member.user.employee_no,
            member.user.name,
            member.team.unit.name,
            member.team.name,
            member.get_role_display(),
            coefficient_text(member.coefficient),
            member.user.get_political_status_display(),
            member.user.hired_on,
            member.user.phone,
        ]
        for member in members.order_by("team__unit__position", "team__position", "user__employee_no")
    ]
