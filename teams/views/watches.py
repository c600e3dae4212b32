"""The duty roster of a team's month, and each watch with its hand-over."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import periods, watch_plan
from teams.access import access_of, team_for
from teams.actions import carried_out, carry_out
from teams.errors import TeamError
from teams.forms.watches import FillForm, HandOverForm, WatchPlanForm
from teams.models import Shift, Watch
from teams.services import watches
from teams.switches import month_links, team_month_switch
from teams.watch_plan import WatchPlan


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, team_id, period):
    """The duty roster of a month; ?shift= and ?fill= propose, only what is posted is stored."""
    team = team_for(request.user, team_id, "watch.plan" if request.method == "POST" else "team.view")
    form = WatchPlanForm(request.POST, period=period) if request.method == "POST" else None
    if form and _saved(request, form, team):
        return redirect("teams:watches", team.pk, period)
    shifts, fill, start = FillForm(request.GET).asked()
    sheet = WatchPlan(team, period, shifts=shifts, form=form)
    can_plan = sheet.open and access_of(request.user).on_team("watch.plan", team)
    if can_plan and not form:
        _propose(request, sheet, fill, start)
    return render(request, "teams/watch_plan.html", _context(request, team, period, sheet=sheet, can_plan=can_plan))


def _context(request, team, period, url_name="teams:watches", **more):
    teams = access_of(request.user).teams("team.view").select_related("unit")
    months = month_links(period, lambda month: reverse(url_name, args=[team.pk, month]), ahead=1)
    switch = team_month_switch(url_name, team, period, teams) | {"months": months}
    return {"team": team, "period": period, "switch": switch, "all_shifts": Shift.choices, **more}


def _propose(request, sheet, fill, start):
    """Fill the empty cells of the page as it was asked for, and say what there is to do about it."""
    if not fill:
        return
    if fill == "week":
        sheet.propose_week()
    else:
        sheet.propose_turn(start)
    if sheet.proposed:
        messages.info(request, f"已替您填好 {sheet.proposed} 个空格，还没有保存。核对后点“保存”才算数。")
    else:
        messages.warning(request, "没有能填的空格：前一周没有排班，或者剩下的日子都排满了。")


def _saved(request, form, team):
    """Save a posted roster; what stands in the way becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        changed = watches.plan(team, form.cleaned_data["changes"], actor=request.user)
    except TeamError as error:
        form.refuse(error)
        return False
    messages.success(request, f"值班表已保存，改了 {changed} 个班。" if changed else "值班表已保存，没有改动。")
    return True


@require_safe
def hand_over_list(request, team_id, period):
    """The month's hand-overs: who, when, and what is missing."""
    team = team_for(request.user, team_id, "team.view")
    rows = watch_plan.hand_overs(team, period)
    missed = sum(row.state == watch_plan.MISSED for row in rows)
    context = _context(request, team, period, "teams:hand-overs", rows=rows, missed=missed)
    return render(request, "teams/watch_hand_overs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def watch(request, watch_id):
    """One watch: its hand-over, written by the person on watch or, in case of need, by whoever plans the roster."""
    found = _watch(request, watch_id)
    may_hand_over = found.user == request.user or access_of(request.user).on_team("watch.plan", found.team)
    if request.method == "POST" and not may_hand_over:
        raise PermissionDenied
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _handed_over(request, form, found):
        return redirect("teams:watch", found.pk)
    return render(request, "teams/watch_detail.html", _watch_context(request, found, form, may_hand_over))


def _watch(request, pk):
    found = get_object_or_404(Watch.objects.select_related("team__unit", "user", "taken_by"), pk=pk)
    team_for(request.user, found.team_id, "team.view")
    return found


def _handed_over(request, form, found):
    if not carried_out(form, watches.hand_over, found, form.cleaned_data["text"], actor=request.user):
        return False
    messages.success(request, "已交班，等下一班的人接班。")
    return True


def _watch_context(request, found, form, may_hand_over):
    due = not found.handed_at and found.date <= timezone.localdate()
    waits = found.handed_at and not found.taken_by_id
    return {
        "watch": found,
        "period": periods.period_of(found.date),
        "team": found.team,
        "state": watch_plan.state_of(found),
        "form": form,
        "handed_by": found.handed_at and watch_plan.handed_by(found),
        "before": watch_plan.before(found),
        "can_hand_over": due and may_hand_over,
        "can_take_over": waits and _may_take_over(request, found),
    }


def _may_take_over(request, found):
    return found.user_id != request.user.pk and found.team_id in access_of(request.user).team_roles


@require_POST
def take_over(request, watch_id):
    """A member of the team takes the watch over; unit roles do not stand watch."""
    found = _watch(request, watch_id)
    if found.team_id not in access_of(request.user).team_roles:
        raise PermissionDenied
    return carry_out(request, "已接班。", ("teams:watch", [found.pk]), watches.take_over, found)
