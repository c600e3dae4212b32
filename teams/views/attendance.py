"""Attendance of a team's month: grid, import, confirmation, approval."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import periods, selectors
from teams.access import access_of, team_for
from teams.actions import carry_out, carry_out_with_reason, first_errors
from teams.attendance_sheet import WORKED, check_members, read_attendance
from teams.errors import TeamError
from teams.figures import short_text
from teams.forms import AttendanceGridForm, WorkbookForm
from teams.models import Attendance, AttendanceMonth, Team
from teams.services import attendance
from teams.switches import month_links, team_month_switch
from teams.workbooks import read_workbook, text_of
from teams.workdays import workdays_among


@require_safe
def month_list(request, period=None):
    """All teams in reach with the state of their month; the manager's approval queue."""
    period = period or periods.current_period()
    teams = access_of(request.user).teams("team.view").select_related("unit")
    states = selectors.attendance_states(teams, period)
    return render(
        request,
        "teams/attendance_list.html",
        {
            "period": period,
            "rows": [(team, states.get(team.pk)) for team in teams],
            "months": month_links(period, lambda month: reverse("teams:attendance-list", args=[month])),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request, team_id, period):
    team = team_for(request.user, team_id, "attendance.enter" if request.method == "POST" else "team.view")
    members = selectors.members_during(team, period)
    errors = []
    if request.method == "POST":
        form = AttendanceGridForm(request.POST, members=members, period=period)
        errors = _save(request, form, team, period)
        if not errors:
            return redirect("teams:attendance", team.pk, period)
    return render(request, "teams/attendance_grid.html", _grid_context(request, team, period, members, errors))


def _save(request, form, team, period):
    """Save a posted grid; returns the sentences that stand in the way."""
    if not form.is_valid():
        return [error for errors in form.errors.values() for error in errors]
    try:
        attendance.save_month(team, period, form.cleaned_data["months"], actor=request.user)
    except TeamError as error:
        return [str(error)]
    messages.success(request, f"{periods.label(period)}考勤已保存。")
    return []


def _grid_context(request, team, period, members, errors):
    access = access_of(request.user)
    month = AttendanceMonth.objects.filter(team=team, period=period).first()
    draft = month is None or month.state == AttendanceMonth.State.DRAFT
    return {
        "team": team,
        "period": period,
        "month": month,
        "days": _days(period),
        "rows": _rows(request, team, period, members),
        "codes": Attendance.Code.choices,
        "worked": WORKED,
        "errors": errors,
        "editable": draft and access.on_team("attendance.enter", team),
        "can_confirm": draft and access.on_team("attendance.confirm", team),
        "can_approve": bool(month)
        and month.state == AttendanceMonth.State.CONFIRMED
        and access.on_team("attendance.approve", team),
        "switch": team_month_switch("teams:attendance", team, period, access.teams("team.view").select_related("unit")),
    }


def _days(period):
    return [
        {"number": day.day, "weekday": "一二三四五六日"[day.weekday()], "off": not works}
        for day, works in workdays_among(periods.days_of(period)).items()
    ]


def _usual(team, period):
    """{day: code} that an ordinary day of the team would carry; '' for days that have not come yet."""
    today, day_shift = timezone.localdate(), team.shift_pattern == Team.ShiftPattern.DAY
    return {
        day.day: "" if day > today else "休" if day_shift and not works else "√"
        for day, works in workdays_among(periods.days_of(period)).items()
    }


def _rows(request, team, period, members):
    """Grid rows; after a refused save they show what was typed, so that nothing is lost."""
    codes, overtime = selectors.grid_of(team, period)
    typed = request.POST if request.method == "POST" else {}
    usual = _usual(team, period)
    return [
        {
            "user": member.user,
            "cells": [
                (day, typed.get(f"a-{member.user_id}-{day}", codes.get((member.user_id, day), "")), code)
                for day, code in usual.items()
            ],
            "worked": sum(codes.get((member.user_id, day), "-") in WORKED for day in usual),
            "overtime": typed.get(f"o-{member.user_id}", _hours(overtime.get(member.user_id))),
        }
        for member in members
    ]


def _hours(overtime):
    return short_text(overtime) if overtime else ""


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
    sheet = text_of(team.name)
    if sheet not in months and len(months) > 1:
        raise TeamError(f"文件里没有名为“{team.name}”的工作表，只有：{'、'.join(months)}。")
    members = months[sheet] if sheet in months else next(iter(months.values()))
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
