"""Certificates: a team's list, and the overview of everything in reach."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import audit, careers, selectors
from teams.access import access_of, home_unit, require, team_for
from teams.actions import first_errors
from teams.downloads import workbook, workbook_response
from teams.forms.papers import CertificateFilterForm, NewCertificateForm
from teams.models import Certificate
from teams.views.papers import CERTIFICATES, added


@require_http_methods(["GET", "HEAD", "POST"])
def team_list(request, team_id):
    """The certificates of a team's members; whoever keeps them adds one here and reads the numbers."""
    team = team_for(request.user, team_id, "certificate.keep" if request.method == "POST" else "team.view")
    form = NewCertificateForm(request.POST or None, members=selectors.members_of(team))
    if request.method == "POST" and form.is_valid() and added(request, form, CERTIFICATES):
        return redirect("teams:certificates", team.pk)
    context = {
        "team": team,
        "form": form,
        "certificates": careers.certificates_of(selectors.members_of(team).values("user")),
        "names": careers.names_of(Certificate),
        "can_keep": access_of(request.user).on_team("certificate.keep", team),
    }
    return render(request, "teams/certificate_list.html", context)


@require_safe
def overview(request):
    """Every certificate in reach, by state and words."""
    rows, form = _in_reach(request.user, request.GET)
    context = {
        "form": form,
        "errors": first_errors(form),
        "page": selectors.page_of(rows, request),
        "renewals": _renewals(request.user),
        "standings": careers.STANDINGS,
    }
    return render(request, "teams/certificate_overview.html", context)


@require_POST
def export(request):
    """The filtered overview as a workbook; leaves a trail, for it holds the numbers of certificates."""
    rows, _ = _in_reach(request.user, request.POST)
    table = [_row(certificate) for certificate in rows]
    unit = home_unit(request.user)
    audit.record("certificate.exported", request.user, actor=request.user, unit=unit, after={"rows": len(table)})
    headers = ["单位", "班组", "姓名", "工号", "证书名称", "证书编号", "发证日期", "有效期至", "状态"]
    return workbook_response(workbook("证书", headers, table), f"证书 {timezone.localdate()}")


def _in_reach(user, data):
    """The certificates that a person keeps, narrowed as the posted or asked filters say, and the filter form."""
    require(user, "certificate.keep")
    form = CertificateFilterForm(data)
    rows = careers.certificates_in(
        access_of(user).teams("certificate.keep"), form.cleaned_data if form.is_valid() else {}
    )
    return (rows if form.is_valid() else rows.none()), form


def _renewals(user):
    found = careers.renewals(access_of(user).teams("certificate.keep")).values()
    return {"due": sum(due for due, _ in found), "expired": sum(expired for _, expired in found)}


def _row(certificate):
    team = certificate.user.open_memberships[0].team
    dates = [certificate.issued_on, certificate.expires_on or "长期"]
    holder = [certificate.user.name, certificate.user.employee_no]
    named = [certificate.name, certificate.number]
    return [team.unit, team, *holder, *named, *dates, careers.STANDINGS[certificate.standing]]
