"""Accounts (system administrator) and unit roles (security administrator)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import account_state, audit, careers, honours, selectors
from teams.access import access_of, home_unit, member_for, people_in_reach, person_for, require, unit_for
from teams.actions import carried_out, carry_out, first_errors
from teams.downloads import workbook, workbook_response
from teams.forms.people import PeopleForm, RoleForm, person_matches
from teams.models import Membership, UnitRole
from teams.roster import COLUMNS
from teams.services import accounts, second_factor
from teams.services.passwords import issue_passwords


@require_safe
def person_list(request):
    require(request.user, "people.view")
    access = access_of(request.user)
    form = PeopleForm(request.GET or None, access=access)
    filters = form.cleaned_data if form.is_valid() else {}
    people = person_matches(people_in_reach(request.user, "people.view"), filters)
    if form.errors:
        people = people.none()
    page = selectors.page_of(selectors.people_overview(people), request)
    context = {"form": form, "page": page, "can_manage": access.has("people.manage"), "errors": first_errors(form)}
    return render(request, "teams/person_list.html", context)


@require_POST
def roster_export(request):
    """The present roster as a workbook that can be corrected and imported again; leaves a trail, for it holds phones."""
    require(request.user, "people.manage")
    rows = selectors.roster_rows(people_in_reach(request.user, "people.manage"))
    audit.record(
        "roster.exported", request.user, actor=request.user, unit=home_unit(request.user), after={"rows": len(rows)}
    )
    return workbook_response(workbook("花名册", list(COLUMNS), rows), f"花名册 {timezone.localdate()}")


@require_safe
def person(request, user_id):
    found = person_for(request.user, user_id, "people.view")
    context = {
        "person": found,
        "memberships": found.memberships.select_related("team__unit").order_by("-started_on"),
        "roles": found.unit_roles.select_related("unit").order_by("ended_on", "-started_on"),
        "certificates": careers.certificates_of([found]),
        "honours": honours.honours_of([found]),
        "failures": account_state.failures_of(found),
        "is_locked": found.employee_no in account_state.locked_numbers(),
        "two_factors": second_factor.device_of(found),
    }
    return render(request, "teams/person_detail.html", context | _rights(request.user, found))


def _rights(user, person):
    """What the one may do on the page of the other, one flag each."""
    member = Membership.objects.open().filter(user=person).select_related("team").first()
    return {
        "can_manage": user != person and _reaches(user, person, "people.manage"),
        "can_reveal": _reaches(user, person, "phone.reveal"),
        "can_keep": _keeps(user, person, member, "certificate.keep"),
        "can_keep_honours": _keeps(user, person, member, "honour.keep"),
    }


def _keeps(user, person, member, capability):
    """Whether the one keeps the other's papers: by the team, or by the unit of somebody outside of all teams."""
    if member:
        return access_of(user).on_team(capability, member.team)
    return _reaches(user, person, capability)


def _reaches(user, person, capability):
    return people_in_reach(user, capability).filter(pk=person.pk).exists()


STEPS = {
    "deactivate": (accounts.deactivate, "账号已停用，正在登录的也已退出。"),
    "reactivate": (accounts.reactivate, "账号已启用。"),
    "sign-out": (accounts.end_sessions, "已让此人在所有设备上退出。"),
    "unlock": (accounts.unlock, "已解除密码错误的锁定。"),
    "reset-second-factor": (second_factor.reset, "两步验证已重置，此人在所有设备上已退出，下次登录只要密码。"),
}


@require_POST
def account(request, user_id, verb):
    found = person_for(request.user, user_id, "people.manage")
    if verb not in STEPS:
        raise Http404
    service, done = STEPS[verb]
    return carry_out(request, done, ("teams:person", [found.pk]), service, found, unit=home_unit(found))


@require_POST
def account_password(request, user_id):
    """A one-time password for one person, also for those without a team; shown once."""
    found = person_for(request.user, user_id, "people.manage")
    issued = issue_passwords([found], actor=request.user, unit=home_unit(found))
    return render(request, "teams/passwords.html", {"person": found, "issued": issued})


@require_POST
def phone(request, user_id):
    """The whole number of one person, which leaves a trail; in place when the page asks for a part of it."""
    found = member_for(request.user, user_id, "phone.reveal")
    number = accounts.reveal_phone(found, actor=request.user, unit=home_unit(found))
    template = "teams/_phone.html" if request.htmx else "teams/phone.html"
    return render(request, template, {"person": found, "number": number, "is_revealed": True})


@require_http_methods(["GET", "HEAD", "POST"])
def role_list(request):
    require(request.user, "roles.manage")
    units = access_of(request.user).units("roles.manage")
    form = RoleForm(request.POST or None, units=units, people=people_in_reach(request.user, "roles.manage"))
    if request.method == "POST" and form.is_valid() and _given(request, form):
        return redirect("teams:roles")
    given = UnitRole.objects.filter(unit__in=units, ended_on__isnull=True).select_related("user", "unit")
    return render(request, "teams/role_list.html", {"form": form, "given": given})


def _given(request, form):
    """Give the role of the form; whether that was possible."""
    person, unit, role = (form.cleaned_data[name] for name in ("employee_no", "unit", "role"))
    if not carried_out(form, accounts.give_role, person, unit, role, actor=request.user):
        return False
    messages.success(request, f"{person}现在是{unit}的{UnitRole.Role(role).label}。")
    return True


@require_POST
def role_end(request, role_id):
    given = get_object_or_404(UnitRole.objects.select_related("user", "unit"), pk=role_id)
    unit_for(request.user, given.unit_id, "roles.manage")
    return carry_out(request, "职务已结束。", ("teams:roles", []), accounts.end_role, given)
