"""Units, teams and their people."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from teams import careers, honours, periods, selectors
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
    members = list(selectors.members_of(team))
    held = careers.certificates_of([member.user for member in members])
    context = {
        "team": team,
        "members": members,
        "profile": careers.profile_of(members),
        "certificates": held,
        "ending": [certificate for certificate in held if certificate.standing != "valid"],
        "honours": honours.with_pages(request.user, honours.hand_out(team, members)),
        "period": periods.current_period(),
        "shows_political_status": bool(_roles_on(request.user, team) & KNOW_POLITICAL_STATUS),
    }
    return render(request, "teams/team_detail.html", context | _rights(request.user, team))


def _rights(user, team):
    """What the person may do on the page, one flag each."""
    flags = {
        "can_see_coefficients": "coefficient.view",
        "can_issue": "people.manage",
        "can_present": "team.present",
        "can_keep": "certificate.keep",
        "can_reveal": "phone.reveal",
        "can_see_person": "people.view",
    }
    return {flag: access_of(user).on_team(capability, team) for flag, capability in flags.items()}


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
