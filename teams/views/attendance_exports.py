"""Attendance months as workbooks; each download leaves a trail, for it names people and why they were away."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from teams import audit, periods
from teams.access import access_of, home_unit, require, team_for
from teams.attendance_export import months_of
from teams.downloads import workbook_of, workbook_response


@require_POST
def team_month(request, team_id, period):
    """The month of one team."""
    team = team_for(request.user, team_id, "attendance.export")
    return _export(request, team, team.unit, [team], period, f"{team}{periods.label(period)}考勤")


@require_POST
def all_months(request, period):
    """The month of every team in reach, a sheet each."""
    require(request.user, "attendance.export")
    teams = access_of(request.user).teams("attendance.export", period).select_related("unit")
    name = f"{periods.label(period)}考勤"
    return _export(request, request.user, home_unit(request.user), teams, period, name)


def _export(request, subject, unit, teams, period, name):
    sheets = months_of(teams, period)
    if not sheets:
        messages.error(request, f"{periods.label(period)}没有成员，没有可以导出的考勤。")
        return redirect("teams:attendance-list", period)
    facts = {"period": period, "teams": [sheet.name for sheet in sheets]}
    audit.record("attendance.exported", subject, actor=request.user, unit=unit, after=facts)
    return workbook_response(workbook_of(*sheets), name)
