"""The work calendar: a year with its holidays and the plant's own days."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from teams import work_calendar
from teams.access import home_unit, reaches_root, require_at_root
from teams.actions import carried_out, carry_out, turned_back
from teams.forms.calendar import DaysForm, WorkDaysForm
from teams.services import calendar


@require_http_methods(["GET", "HEAD", "POST"])
def year_page(request, year=None):
    """Twelve months; the system administrator registers days here."""
    year = _valid(timezone.localdate().year if year is None else year)
    if request.method == "POST":
        require_at_root(request.user, "calendar.manage")
    form = WorkDaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _registered(request, form):
        return redirect("teams:calendar", form.cleaned_data["first"].year)
    can_manage = reaches_root(request.user, "calendar.manage")
    return render(request, "teams/calendar.html", _shown(year) | {"form": form, "can_manage": can_manage})


def _shown(year):
    return {
        "year": year,
        "today": timezone.localdate(),
        "months": work_calendar.months_of(year),
        "runs": work_calendar.runs_of(year),
        "is_published": work_calendar.is_published(year),
    }


def _valid(year):
    if year not in work_calendar.YEARS:
        raise Http404
    return year


def _registered(request, form):
    """Register what the form says; whether that was possible."""
    unit = home_unit(request.user)
    if not carried_out(form, calendar.set_days, **form.cleaned_data, unit=unit, actor=request.user):
        return False
    messages.success(request, "已登记，考勤表和公示期从现在起按新的日历算。")
    return True


@require_POST
def remove(request, year):
    require_at_root(request.user, "calendar.manage")
    form, back = DaysForm(request.POST), ("teams:calendar", [_valid(year)])
    if not form.is_valid():
        return turned_back(request, form, back)
    unit, done = home_unit(request.user), "已取消登记，这几天按国家日历算。"
    return carry_out(request, done, back, calendar.remove_days, **form.cleaned_data, unit=unit)
