"""The walls of teams: all of them, and one."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activities import walls
from activities.forms.walls import WallFilterForm
from teams.access import access_of
from teams.actions import first_errors
from teams.models import Team
from teams.selectors import page_of


@require_safe
def wall_list(request):
    form = WallFilterForm(request.GET)
    teams = walls.walls(**form.cleaned_data) if form.is_valid() else Team.objects.none()
    context = {"form": form, "errors": first_errors(form), "page": page_of(teams, request)}
    return render(request, "activities/wall_list.html", context)


@require_safe
def wall(request, team_id):
    team = walls.walls().filter(pk=team_id).first()
    if team is None:
        raise Http404
    access = access_of(request.user)
    context = {"team": team, "is_insider": access.on_team("team.view", team), **walls.wall_of(request.user, team)}
    context |= {"can_present": access.on_team("team.present", team)}
    return render(request, "activities/wall.html", context)
