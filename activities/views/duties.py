"""Duties: what waits for a person, how well teams keep their days, what units ask for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import selectors
from activities.asked import kinds_by_code
from activities.forms.duties import DutyFilterForm, RulesForm
from activities.models import Duty
from activities.services import duties
from activities.services.rules import set_rules
from activities.unit_due import own_dues, unit_dues
from teams import audit, periods
from teams.access import access_of, home_unit, team_for, unit_for
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors
from teams.downloads import Figure, workbook, workbook_response
from teams.models import Team
from teams.once import once
from teams.selectors import page_of
from teams.switches import month_links, unit_month_switch


@require_safe
@once()
def duty_list(request):
    """What a person can do or waive, what has waited longest first; without a filter what is still to do."""
    form, teams, rows = _found(request.user, request.GET)
    page = page_of(rows, request)
    page.object_list = _shown(request.user, page.object_list)
    context = {"form": form, "errors": first_errors(form), "page": page, "teams": teams, **_places(request.user)}
    context["own_dues"] = [] if request.GET else own_dues(request.user, timezone.localdate())
    return render(request, "activities/duty_list.html", context)


def _found(user, data):
    """(the filter form, the teams that occur, the duties that it lets through, the earliest due first)."""
    found = selectors.duties_for(user)
    teams = Team.objects.filter(pk__in=found.values("team")).select_related("unit")
    form = DutyFilterForm(data, teams=teams, kinds=selectors.kinds_to_filter(teams))
    rows = selectors.filtered(found, **form.cleaned_data) if form.is_valid() else found.none()
    return form, teams, rows.select_related("team__unit", "user", "done_by").order_by("due_on", "team_id", "id")


LIST_HEADERS = ["单位", "班组", "任务", "事项", "办理人", "截止", "状态", "完成时间", "完成人", "免办原因"]
MOST_EXPORTED = 20_000
"""Duties in one workbook; more are exported month by month."""


@require_POST
@once()
def export_list(request):
    """The filtered list as a workbook; leaves a trail, for it names people."""
    user, today = request.user, timezone.localdate()
    _, _, rows = _found(user, request.POST)
    kinds = kinds_by_code()
    lines = [_line(duty, kinds[duty.kind].name, today) for duty in rows[:MOST_EXPORTED]]
    audit.record("duty.exported", user, actor=user, unit=home_unit(user), after={"rows": len(lines)})
    return workbook_response(workbook("待办", LIST_HEADERS, lines), f"待办 {today}")


def _line(duty, kind, today):
    done_at = duty.done_at and f"{timezone.localtime(duty.done_at):%Y-%m-%d %H:%M}"
    told = [kind, duty.title, duty.user, duty.due_on, selectors.shown(duty, today)[1]]
    return [duty.team.unit, duty.team, *told, done_at, duty.done_by, duty.reason]


def _shown(user, rows):
    """The duties of a page with what the template asks of each: colour, word, address, what this person may do."""
    access, today = access_of(user), timezone.localdate()
    rows = list(rows)
    for duty in rows:
        duty.colour, duty.word = selectors.shown(duty, today)
        undone = duty.state in (Duty.State.OPEN, Duty.State.MISSED)
        own = selectors.can_do(access, duty)
        if own and selectors.waits(duty):
            duty.address = duty.page = selectors.address_of(duty)
        elif access.on_team("team.view", duty.team):
            duty.page = selectors.seen_at(duty)
        rests = duty.state == Duty.State.WAIVED and not duty.is_withdrawn
        duty.can_waive = undone and not own and access.on_unit("duty.waive", duty.team.unit_id)
        duty.can_ask_again = rests and access.on_unit("duty.waive", duty.team.unit_id)
    return rows


def _places(user):
    """Where the list leads to, and the months of its filter."""
    access = access_of(user)
    return {
        "unit": access.units("team.view").first(),
        "rule_unit": access.units("duty.rule").first(),
        "current": periods.current_period(),
        "months": month_links(periods.current_period(), periods.dashed),
    }


def _duty(request, pk):
    """The duty, if the person may waive it, and the list as it was filtered."""
    found = get_object_or_404(Duty.objects.select_related("unit"), pk=pk)
    team_for(request.user, found.team_id, "duty.waive")
    filters = QueryDict(request.POST.get("filters", "")[:500]).urlencode()
    return found, (f"{reverse('activities:duties')}?{filters}", [])


@require_POST
def waive(request, duty_id):
    duty, back = _duty(request, duty_id)
    if selectors.can_do(access_of(request.user), duty):
        raise PermissionDenied("该自己办的事不能自己免办，请别的负责人或考核员来办。")
    return carry_out_with_reason(request, f"{duty}免办，不计入按时率。", back, duties.waive, duty)


@require_POST
def ask_again(request, duty_id):
    duty, back = _duty(request, duty_id)
    return carry_out(request, f"{duty}照常要办。", back, duties.ask_again, duty)


@require_safe
def compliance(request, unit_id, period):
    """Teams by kinds of duty: how many were done in time."""
    unit = unit_for(request.user, unit_id, "team.view")
    kinds, rows, total = selectors.compliance_of(unit, period)
    access = access_of(request.user)
    context = {
        "unit": unit,
        "period": period,
        "kinds": kinds,
        "rows": rows,
        "total": total,
        "not_by_team": "、".join(kind.name for kind in kinds if not kind.by_team),
        "rule_unit": unit if access.on_unit("duty.rule", unit.pk) else None,
        "links": access.on_unit("duty.waive", unit.pk),
        "unit_dues": unit_dues([unit], timezone.localdate()) if period == periods.current_period() else [],
        "switch": unit_month_switch("activities:compliance", unit, period, access.units("team.view")),
    }
    return render(request, "activities/compliance.html", context)


HEADERS = ["单位", "班组", "任务", "应办", "按时", "迟办", "没有办", "逾期", "免办", "按时率（%）"]


@require_POST
def export(request, unit_id, period):
    """The table as a workbook, one line a team and kind; leaves a trail."""
    unit = unit_for(request.user, unit_id, "team.view")
    _, rows, _ = selectors.compliance_of(unit, period)
    lines = [[row.unit, row.team, kind.name, *_figures(tally)] for row in rows for kind, tally in row.cells if tally]
    facts = {"period": period, "rows": len(lines)}
    audit.record("duty.exported", unit, actor=request.user, unit=unit, after=facts)
    return workbook_response(workbook("按时率", HEADERS, lines), f"{unit}{periods.label(period)}待办按时率")


def _figures(tally):
    counts = [tally.asked, tally.done, tally.late, tally.missed, tally.overdue, tally.waived]
    percent = None if tally.percent is None else Figure(str(tally.percent))
    return [*(Figure(str(count)) for count in counts), percent]


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, unit_id):
    """Which recurring duties a unit asks of its teams."""
    unit = unit_for(request.user, unit_id, "duty.rule")
    form = RulesForm(request.POST or None, rules=selectors.rules_of(unit))
    if request.method == "POST" and form.is_valid() and _set(request, unit, form):
        return redirect("activities:duty-rules", unit.pk)
    units = access_of(request.user).units("duty.rule")
    context = {"unit": unit, "form": form, "links": _unit_links(unit, units), "current": periods.current_period()}
    return render(request, "activities/rules.html", context)


def _set(request, unit, form):
    """Set the rules that the form says; whether that was possible."""
    if not carried_out(form, set_rules, unit, form.cleaned_data["wanted"], actor=request.user):
        return False
    messages.success(request, "已保存，从下一次列出待办起按新规则。")
    return True


def _unit_links(unit, units):
    address = "activities:duty-rules"
    return [{"label": u.name, "url": reverse(address, args=[u.pk]), "active": u.pk == unit.pk} for u in units]
