"""Attendance of one day, filled in on a phone before the shift."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from teams import attendance_day, periods
from teams.access import team_for
from teams.forms.attendance import AttendanceGridForm
from teams.views.attendance import month_context, saved_cells


@require_http_methods(["GET", "HEAD", "POST"])
def day(request, team_id, date):
    team = team_for(request.user, team_id, "attendance.enter" if request.method == "POST" else "team.view")
    if date > timezone.localdate():
        raise Http404
    members, period = attendance_day.members_on(team, date), periods.period_of(date)
    form = AttendanceGridForm(request.POST, members=members, period=period) if request.method == "POST" else None
    if form and saved_cells(request, form, team, period, f"{periods.day_text(date)}考勤已保存。"):
        return redirect("teams:attendance-day", team.pk, date)
    context = month_context(request, team, period)
    shown = form if context["editable"] else None
    context["sheet"] = attendance_day.DaySheet(team, date, members, shown, editable=context["editable"])
    context["errors"] = list(form.non_field_errors()) if form else []
    context["big"], context["others"] = attendance_day.codes()
    return render(request, "teams/attendance_day.html", context)
