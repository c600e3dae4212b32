"""Checks to come: drawn, set and cancelled by the assessor; the cross-check by the team that was drawn for it."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.plans import MutualDrawForm, PlanFilterForm, PlanForm, SpotDrawForm
from assessments.models import CheckPlan
from assessments.plans import lists as plan_lists
from assessments.services import plans
from assessments.views.checks import sheet_page
from teams import periods
from teams.access import access_of, require, team_for, unit_for
from teams.actions import carried_out, carry_out_with_reason, first_errors, turned_back
from teams.errors import TeamError
from teams.models import Team
from teams.selectors import page_of
from teams.switches import month_links, unit_month_switch


@require_safe
def current(request):
    """The checks to come of the first unit in whose name the person plans."""
    require(request.user, "check.plan")
    unit = _units(request.user, "check.plan").first()
    if unit is None:
        raise Http404
    return redirect("assessments:plans", unit.pk, periods.current_period())


@require_http_methods(["GET", "HEAD", "POST"])
def unit_plans(request, unit_id, period):
    """A unit's month: the list, and for the assessor the draws and a form for a check by hand."""
    unit = unit_for(request.user, unit_id, "check.plan" if request.method == "POST" else "team.view")
    form = PlanForm(request.POST if request.method == "POST" else None, teams=Team.objects.open().filter(unit=unit))
    if form.is_valid() and _added(request, form):
        return redirect("assessments:plans", unit.pk, periods.period_of(form.cleaned_data["last"]))
    access, filters = access_of(request.user), PlanFilterForm(request.GET)
    rows = plan_lists.plans_of(Q(unit=unit), period, access).filter(**filters.conditions())
    page = page_of(rows, request)
    context = _context(request, unit, period) | {"form": form, "filters": filters, "page": page}
    context["plans"] = plan_lists.with_reasons(page)
    return render(request, "assessments/plan_list.html", context)


def _added(request, form):
    wish = form.cleaned_data
    if not carried_out(
        form, plans.add_plan, wish["team"], wish["kind"], wish["first"], wish["last"], actor=request.user
    ):
        return False
    messages.success(request, f"已安排{wish['team']}的检查，班组从今天起看得到。")
    return True


def _units(user, capability):
    """Units with teams on which the person has the capability."""
    return (
        access_of(user).units(capability).filter(pk__in=Team.objects.open().values("unit")).order_by("position", "pk")
    )


def _sisters(user, unit):
    return _units(user, "check.plan").filter(parent=unit.parent_id).exclude(pk=unit.pk)


def _context(request, unit, period):
    can_plan = access_of(request.user).on_unit("check.plan", unit.pk)
    switch = unit_month_switch("assessments:plans", unit, period, _units(request.user, "team.view"))
    months = month_links(period, lambda month: reverse("assessments:plans", args=[unit.pk, month]), ahead=1)
    context = {"unit": unit, "period": period, "can_plan": can_plan, "switch": switch | {"months": months}}
    return context | (_preview(request.user, unit, period) if can_plan else {})


def _preview(user, unit, period):
    """What the draws will do, so far as it may be known before."""
    today = timezone.localdate()
    teams = list(Team.objects.open().filter(unit=unit))
    return {
        "today": today,
        "teams": teams,
        "weekly": plans.draws_by_itself(unit, today),
        "waiting": [team for team, days in plans.days_to_draw(unit, plans.monday_of(today)).items() if days],
        "mutual_drawn": plans.mutual_plans([unit], period).exists(),
        "past": periods.last_day(period) < today,
        "last_pairs": plans.last_pairs(teams),
        "spot_form": SpotDrawForm(),
        "mutual_form": MutualDrawForm(sisters=_sisters(user, unit)),
    }


@require_POST
def draw_spot(request, unit_id):
    unit = unit_for(request.user, unit_id, "check.plan")
    form = SpotDrawForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, ("assessments:plans", [unit.pk, periods.current_period()]))
    week, number = form.cleaned_data["week"], form.cleaned_data["number"]
    drawn = plans.draw_spot_checks(unit, week, number=number, actor=request.user)
    if drawn:
        messages.success(request, f"已替 {drawn} 个班组抽好抽查日期。班组到当天才看得到。")
    else:
        messages.info(request, "这一周各班组的抽查都抽过了，或者没有可抽的日子，没有再抽。")
    return redirect("assessments:plans", unit.pk, periods.period_of(max(week, timezone.localdate())))


@require_POST
def draw_mutual(request, unit_id, period):
    unit = unit_for(request.user, unit_id, "check.plan")
    form = MutualDrawForm(request.POST, sisters=_sisters(request.user, unit))
    try:
        if not form.is_valid():
            raise TeamError(first_errors(form))
        pairs = plans.draw_mutual_checks(unit, period, sister=form.cleaned_data["sister"], actor=request.user)
    except TeamError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"互查已抽好，共 {pairs} 对，{periods.last_day(period):%Y-%m-%d} 前查完。")
    return redirect("assessments:plans", unit.pk, period)


@require_POST
def cancel(request, plan_id):
    plan = get_object_or_404(CheckPlan.objects.select_related("unit", "team"), pk=plan_id)
    unit_for(request.user, plan.unit_id, "check.plan")
    back = ("assessments:plans", [plan.unit_id, periods.period_of(plan.due_on)])
    return carry_out_with_reason(request, "安排已取消。", back, plans.cancel, plan)


@require_http_methods(["GET", "HEAD", "POST"])
def mutual(request, plan_id):
    """The sheet of a cross-check, for the people of the team that was drawn to make it."""
    plan = get_object_or_404(CheckPlan.objects.select_related("team__unit", "by_team", "check_made"), pk=plan_id)
    team_for(request.user, plan.by_team_id, "check.mutual")
    today = timezone.localdate()
    if plan.check_made and plan.check_made.key == request.POST.get("key"):
        return redirect("assessments:check", plan.check_made_id)
    if plan.state != CheckPlan.State.PLANNED or not plan.due_from <= today <= plan.due_on:
        messages.warning(request, f"{plan.team}的这次互查{_why_closed(plan, today)}，现在不能填。")
        return redirect("assessments:checks", plan.by_team_id, periods.period_of(plan.due_on))
    return sheet_page(request, plan.team, inspecting=True, plan=plan)


def _why_closed(plan, today):
    if plan.state != CheckPlan.State.PLANNED:
        return plan.get_state_display()
    return "已经过期" if plan.due_on < today else f" {periods.day_text(plan.due_from)}才开始"
