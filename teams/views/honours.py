"""Honours: the list of a team and its members, and the overview of everything in reach."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import audit, careers, honours, selectors
from teams.access import access_of, home_unit, require, team_for
from teams.actions import first_errors
from teams.downloads import workbook, workbook_response
from teams.forms.papers import HonourFilterForm, NewHonourForm
from teams.models import Honour, Team, Unit
from teams.views.papers import HONOURS, added


@require_http_methods(["GET", "HEAD", "POST"])
def team_list(request, team_id):
    """The honours of a team and its members; whoever keeps them adds one here."""
    team = team_for(request.user, team_id, "honour.keep" if request.method == "POST" else "team.view")
    form = NewHonourForm(request.POST or None, team=team, members=selectors.members_of(team))
    if request.method == "POST" and form.is_valid() and added(request, form, HONOURS):
        return redirect("teams:honours", team.pk)
    context = {
        "team": team,
        "form": form,
        "names": careers.names_of(Honour),
        "can_keep": access_of(request.user).on_team("honour.keep", team),
    }
    return render(request, "teams/honour_list.html", context | _shown(request, *_of_team(team, request.GET)))


@require_POST
def team_export(request, team_id):
    """The filtered list of a team as a workbook; leaves a trail."""
    team = team_for(request.user, team_id, "honour.keep")
    rows, _ = _of_team(team, request.POST)
    return _exported(request, rows, team, team.unit, f"{team}荣誉")


@require_safe
def overview(request):
    """Every honour in reach, by unit, level, year, state and words, and how many there are of each level."""
    rows, filters = _in_reach(request.user, request.GET)
    context = _shown(request, rows, filters) | {"levels": honours.count_levels(rows), "can_keep": True}
    return render(request, "teams/honour_overview.html", context)


@require_POST
def export(request):
    """The filtered overview as a workbook; leaves a trail."""
    rows, _ = _in_reach(request.user, request.POST)
    return _exported(request, rows, request.user, home_unit(request.user), "荣誉")


def _of_team(team, data):
    return _narrowed(Team.objects.filter(pk=team.pk), data)


def _in_reach(user, data):
    require(user, "honour.keep")
    teams = access_of(user).teams("honour.keep")
    units = Unit.objects.filter(pk__in=teams.values("unit")) if access_of(user).unit_ids("honour.keep") else None
    return _narrowed(teams, data, units)


def _narrowed(teams, data, units=None):
    """The honours of these teams and their people as the posted or asked filters say, and the filter form."""
    form = HonourFilterForm(data, years=honours.years_of(teams), units=units)
    if not form.is_valid():
        return Honour.objects.none(), form
    unit = form.cleaned_data.get("unit")
    return honours.honours_in(teams.filter(unit=unit) if unit else teams, form.cleaned_data), form


def _shown(request, rows, filters):
    """What both lists show: the page of honours and its filters."""
    return {
        "page": selectors.page_of(rows, request),
        "filters": filters,
        "errors": first_errors(filters),
        "is_narrowed": any(filters.data.get(name) for name in filters.fields),
    }


def _exported(request, rows, subject, unit, name):
    table = [_row(honour) for honour in rows]
    audit.record("honour.exported", subject, actor=request.user, unit=unit, after={"rows": len(table)})
    headers = [
        "单位",
        "班组",
        "获奖班组或个人",
        "工号",
        "荣誉名称",
        "级别",
        "授予单位",
        "文号",
        "授予日期",
        "有效期至",
        "状态",
    ]
    return workbook_response(workbook("荣誉", headers, table), f"{name} {timezone.localdate()}")


def _row(honour):
    team = honour.team or honour.user.open_memberships[0].team
    holder = [honour.holder, honour.user.employee_no if honour.user else ""]
    given = [honour.name, honour.get_level_display(), honour.granted_by, honour.document]
    dates = [honour.granted_on, honour.expires_on or "长期"]
    return [team.unit, team, *holder, *given, *dates, careers.STANDINGS[honour.standing]]
