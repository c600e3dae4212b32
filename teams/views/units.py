"""Units, teams and their people."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from teams import selectors
from teams.access import access_of, team_for
from teams.figures import whole_number
from teams.forms import SearchForm
from teams.models import Team
from teams.services.passwords import issue_passwords


@require_safe
def team_list(request):
    query, form = request.GET.get("q", "").strip(), SearchForm(request.GET)
    teams = access_of(request.user).teams("team.view") if form.is_valid() else Team.objects.none()
    return render(
        request,
        "teams/team_list.html",
        {
            "teams": selectors.team_overview(teams, query),
            "query": query,
            "can_import": access_of(request.user).has("people.manage"),
        },
    )


KNOW_POLITICAL_STATUS = {"leader", "manager", "party", "admin"}
"""The duties and roles that work with it; nobody else reads a colleague's political status."""


@require_safe
def team_detail(request, team_id):
    team = team_for(request.user, team_id, "team.view")
    return render(
        request,
        "teams/team_detail.html",
        {
            "team": team,
            "members": selectors.members_of(team),
            "can_see_coefficients": access_of(request.user).on_team("coefficient.view", team),
            "can_issue": access_of(request.user).on_team("people.manage", team),
            "shows_political_status": bool(_roles_on(request.user, team) & KNOW_POLITICAL_STATUS),
        },
    )


def _roles_on(user, team):
    access = access_of(user)
    return {access.team_roles.get(team.pk), *access.unit_roles.get(team.unit_id, ())}


@require_POST
def issue(request, team_id):
    """One-time passwords for the whole team or one member; shown once, ready to print."""
    team = team_for(request.user, team_id, "people.manage")
    members = selectors.members_of(team)
    if request.POST.get("user"):
        members = members.filter(user_id=whole_number(request.POST["user"]))
        if not members:
            raise Http404
    elif request.POST.get("who") == "new":
        members = members.filter(user__last_login__isnull=True)
    users = [member.user for member in members]
    issued = issue_passwords(users, actor=request.user, unit=team.unit)
    return render(request, "teams/passwords.html", {"team": team, "issued": issued})
