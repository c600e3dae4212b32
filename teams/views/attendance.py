"""Attendance of a team's month: grid, import, confirmation, approval."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import periods, selectors
from teams.access import access_of, team_for
from teams.actions import carry_out, carry_out_with_reason, first_errors
from teams.attendance_export import sheet_name
from teams.attendance_grid import MonthGrid
from teams.attendance_sheet import WORKED, check_members, read_attendance
from teams.errors import TeamError
from teams.forms import WorkbookForm
from teams.forms.attendance import AttendanceGridForm
from teams.models import Attendance, AttendanceMonth, Team
from teams.services import attendance
from teams.shift_cycles import LENGTHS
from teams.switches import month_links, team_month_switch
from teams.workbooks import read_workbook, text_of


@require_safe
def month_list(request, period=None):
    """All teams in reach with the state of their month; the manager's approval queue."""
    period = period or periods.current_period()
    teams = access_of(request.user).teams("team.view", period).select_related("unit")
    states = selectors.attendance_states(teams, period)
    return render(
        request,
        "teams/attendance_list.html",
        {
            "period": period,
            "rows": [(team, states.get(team.pk)) for team in teams],
            "can_export": access_of(request.user).has("attendance.export"),
            "months": month_links(period, lambda month: reverse("teams:attendance-list", args=[month])),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.enter" if request.method == "POST" else "team.view")
    members = selectors.members_during(team, period)
    form = AttendanceGridForm(request.POST, members=members, period=period) if request.method == "POST" else None
    if form and saved_cells(request, form, team, period, f"{periods.label(period)}考勤已保存。"):
        return redirect("teams:attendance", team.pk, period)
    context = month_context(request, team, period)
    shown, editable = form if context["editable"] else None, context["editable"]
    context["grid"] = MonthGrid(team, period, members, shown, editable=editable)
    context["tireless"] = _tireless(context)
    context["errors"] = list(form.non_field_errors()) if form else []
    return render(request, "teams/attendance_grid.html", context)


def _tireless(context):
    """A word of warning before the month goes on, when people have not a single day of rest in it."""
    heads = len(context["grid"].without_rest)
    due = context["can_approve"] or (context["can_confirm"] and not context["too_early"])
    return f"{heads} 人全月无休，请核对" if due and heads else ""


def saved_cells(request, form, team, period, done):
    """Save a posted grid and say `done`; what stands in the way becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        attendance.change_month(team, period, form.cleaned_data["changes"], actor=request.user)
    except TeamError as error:
        form.refuse(error)
        return False
    messages.success(request, done)
    return True


def month_context(request, team, period):
    """What pages about a team's month have in common: its state, and what the person can do."""
    access = access_of(request.user)
    months = AttendanceMonth.objects.select_related("confirmed_by", "approved_by")
    month = months.filter(team=team, period=period).first()
    draft = month is None or month.state == AttendanceMonth.State.DRAFT
    can_approve = access.on_team("attendance.approve", team)
    confirmed = bool(month) and month.state == AttendanceMonth.State.CONFIRMED
    return {
        "team": team,
        "period": period,
        "month": month,
        "late": selectors.corrections_into(team, period).count(),
        "codes": Attendance.Code.choices,
        "worked": WORKED,
        "day_shift": team.shift_pattern == Team.ShiftPattern.DAY,
        "too_early": attendance.too_early_to_confirm(period),
        "editable": draft and _has_come(period) and access.on_team("attendance.enter", team),
        "can_export": access.on_team("attendance.export", team),
        "can_confirm": draft and access.on_team("attendance.confirm", team),
        "can_approve": confirmed and can_approve,
        "next_waiting": None if confirmed or not can_approve else _next_to_approve(request.user),
        "latest_day": min(periods.last_day(period), timezone.localdate()),
        "cycles": LENGTHS,
        "switch": team_month_switch(
            "teams:attendance", team, period, access.teams("team.view", period).select_related("unit")
        ),
    }


def _has_come(period):
    return periods.first_day(period) <= timezone.localdate()


def _next_to_approve(user):
    """The earliest month that waits for this manager, or None."""
    waiting = AttendanceMonth.objects.filter(
        team__unit__in=access_of(user).unit_ids("attendance.approve"), state=AttendanceMonth.State.CONFIRMED
    ).exclude(confirmed_by=user)
    return waiting.select_related("team").order_by("period", "team__unit__position", "team__position", "id").first()


@require_POST
def import_sheet(request, team_id, period):
    """Read the team's sheet from a workbook into the draft month: all of it, or nothing with every problem named."""
    team = team_for(request.user, team_id, "attendance.enter")
    form = WorkbookForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise TeamError(first_errors(form))
        members = _members_in(form.cleaned_data["file"], team, period)
        attendance.save_month(team, period, members, actor=request.user, source=form.cleaned_data["file"].name[-100:])
    except TeamError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"已读入 {len(members)} 人的{periods.label(period)}考勤，请核对后确认。")
    return redirect("teams:attendance", team.pk, period)


def _members_in(file, team, period):
    months, problems = read_attendance(read_workbook(file), period)
    names = [text_of(name) for name in (sheet_name(f"{team.unit}{team}"), team.name, sheet_name(team.name))]
    sheet = next((name for name in names if name in months), None)
    if sheet is None and len(months) > 1:
        raise TeamError(f"文件里没有名为“{team.name}”的工作表，只有：{'、'.join(months)}。")
    members = months[sheet] if sheet else next(iter(months.values()))
    problems = [p for p in problems if text_of(p.sheet) == sheet or len(months) == 1]
    problems += check_members(team.name, members, team, period)
    if problems:
        places = [f"第 {p.row} 行 {p.column} 列：{p.reason}" if p.row else p.reason for p in problems[:20]]
        raise TeamError("考勤没有导入，请改正后重新上传。" + "；".join(places))
    return {member.employee_no: (member.codes, member.overtime) for member in members}


@require_POST
def confirm(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.confirm")
    month = attendance.month_of(team, period)
    back = ("teams:attendance", [team.pk, period])
    return carry_out(request, "考勤已确认，等待单位负责人审批。", back, attendance.confirm_month, month)


@require_POST
def approve(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.approve")
    month = get_object_or_404(AttendanceMonth, team=team, period=period)
    back = ("teams:attendance", [team.pk, period])
    return carry_out(request, "考勤已审批，可以用于考核和奖金。", back, attendance.approve_month, month)


@require_POST
def send_back(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.approve")
    month = get_object_or_404(AttendanceMonth, team=team, period=period)
    back = ("teams:attendance", [team.pk, period])
    return carry_out_with_reason(request, "已退回班组长修改。", back, attendance.return_month, month)
