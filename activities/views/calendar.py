"""The month of duties as a calendar, and whose turn it is to host."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities import rotation as turns
from activities.duty_calendar import days_of_team, days_of_unit, weeks_of
from activities.models import ActivityKind
from teams import periods
from teams.access import access_of, team_for, unit_for
from teams.figures import whole_number
from teams.once import once
from teams.switches import team_month_switch, unit_month_switch


@require_safe
def current(request):
    """This month of the own team or, for those without one, of the first unit."""
    access, month = access_of(request.user), periods.current_period()
    if access.team_roles:
        return redirect("activities:calendar", next(iter(access.team_roles)), month)
    unit = access.units("team.view").first()
    if unit is None:
        raise PermissionDenied
    return redirect("activities:unit-calendar", unit.pk, month)


@require_safe
@once()
def of_team(request, team_id, period):
    """What was due of a team, day by day."""
    team, access = team_for(request.user, team_id, "team.view"), access_of(request.user)
    days = days_of_team(team, period, access, timezone.localdate())
    teams = access.teams("team.view").select_related("unit")
    switch = team_month_switch("activities:calendar", team, period, teams)
    unit = team.unit if access.on_unit("team.view", team.unit_id) else None
    context = {"team": team, "unit": unit, "switch": switch, **_month("activities:calendar", team, period, days)}
    return render(request, "activities/duty_calendar.html", context)


@require_safe
@once()
def of_unit(request, unit_id, period):
    """How much was done of what was due of a unit's teams, day by day, and which teams left some undone."""
    unit = unit_for(request.user, unit_id, "team.view")
    days = days_of_unit(unit, period, timezone.localdate())
    switch = unit_month_switch("activities:unit-calendar", unit, period, access_of(request.user).units("team.view"))
    context = {"unit": unit, "switch": switch, **_month("activities:unit-calendar", unit, period, days)}
    return render(request, "activities/unit_calendar.html", context)


def _month(name, place, period, days):
    """The days in weeks, and the links to the months around."""
    around = {"before": periods.shift(period, -1), "after": periods.shift(period, 1)}
    links = {key: reverse(name, args=[place.pk, month]) for key, month in around.items() if periods.is_period(month)}
    today = timezone.localdate()
    return {
        "period": period,
        "weeks": weeks_of(days),
        "links": links,
        "today": today,
        "is_current": periods.period_of(today) == period,
        "is_empty": not any(day.entries or day.asked for day in days),
        **around,
    }


@require_safe
@once()
def rotation(request, kind_id):
    """Whose turn it is to host a kind of activity, who did, and who has not yet spoken this year."""
    kind = get_object_or_404(ActivityKind.objects.select_related("unit"), pk=kind_id)
    units = list(turns.units_of(request.user, kind)) if kind.subject == kind.Subject.TEAM else []
    if not units or kind.is_confidential:
        raise Http404
    unit, year = _chosen(request, units), timezone.localdate().year
    links = [{"label": u.name, "url": f"?unit={u.pk}", "active": u == unit} for u in units]
    context = {"kind": kind, "unit": unit, "links": links, "year": year, "turns": turns.turns(kind, unit)}
    context |= {"latest": turns.latest(request.user, kind, unit)}
    context |= {"silent": turns.silent(request.user, kind, unit, year)}
    return render(request, "activities/rotation.html", context)


def _chosen(request, units):
    asked = request.GET.get("unit")
    if not asked:
        return units[0]
    found = [unit for unit in units if unit.pk == whole_number(asked)]
    if not found:
        raise Http404
    return found[0]
