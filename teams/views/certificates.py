"""Certificates: a team's list, and the overview of everything in reach."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import audit, careers, selectors
from teams.access import access_of, home_unit, person_for, require, team_for
from teams.actions import carried_out, carry_out_with_reason, first_errors
from teams.downloads import workbook, workbook_response
from teams.forms.certificates import CertificateFilterForm, CertificateForm, NewCertificateForm
from teams.models import Certificate, Membership
from teams.services import certificates

VALUES = ("name", "number", "issued_on", "expires_on")


@require_http_methods(["GET", "HEAD", "POST"])
def team_list(request, team_id):
    """The certificates of a team's members; whoever keeps them adds one here and reads the numbers."""
    team = team_for(request.user, team_id, "certificate.keep" if request.method == "POST" else "team.view")
    form = NewCertificateForm(request.POST or None, members=selectors.members_of(team))
    if request.method == "POST" and form.is_valid() and _added(request, form):
        return redirect("teams:certificates", team.pk)
    context = {
        "team": team,
        "form": form,
        "certificates": careers.certificates_of(selectors.members_of(team).values("user")),
        "names": careers.certificate_names(),
        "can_keep": access_of(request.user).on_team("certificate.keep", team),
    }
    return render(request, "teams/certificate_list.html", context)


def _added(request, form):
    """Record what the form says; whether that was possible."""
    values = {name: form.cleaned_data[name] for name in VALUES}
    holder = form.cleaned_data["member"].user
    if not carried_out(form, certificates.add, holder, actor=request.user, **values):
        return False
    messages.success(request, f"已登记{holder}的“{values['name']}”。")
    return True


def _certificate_for(user, pk):
    """The certificate in force with this id, if the person keeps those of its holder, and the place to go back to."""
    found = get_object_or_404(Certificate.objects.select_related("user"), pk=pk)
    member = Membership.objects.open().filter(user=found.user).first()
    if member:
        team_for(user, member.team_id, "certificate.keep")
        return found, ("teams:certificates", [member.team_id])
    person_for(user, found.user_id, "certificate.keep")
    return found, ("teams:person", [found.user_id])


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, certificate_id):
    certificate, (name, args) = _certificate_for(request.user, certificate_id)
    if certificate.withdrawn_on and request.method != "POST":
        raise Http404
    given = {value: getattr(certificate, value) for value in VALUES}
    form = CertificateForm(request.POST or None, initial=given)
    valid = request.method == "POST" and form.is_valid()
    if valid and carried_out(form, certificates.correct, certificate, actor=request.user, **form.cleaned_data):
        messages.success(request, "已更正，原来的记录保留。")
        return redirect(name, *args)
    context = {"certificate": certificate, "form": form, "names": careers.certificate_names(), "back": (name, args[0])}
    return render(request, "teams/certificate_form.html", context)


@require_POST
def withdraw(request, certificate_id):
    certificate, back = _certificate_for(request.user, certificate_id)
    return carry_out_with_reason(request, f"{certificate}已注销。", back, certificates.withdraw, certificate)


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
