"""What the pages of certificates and of honours share: adding, correcting and withdrawing one."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams import careers
from teams.access import person_for, team_for
from teams.actions import carried_out, carry_out_with_reason
from teams.forms.papers import CertificateForm, HonourForm
from teams.models import Certificate, Honour, Membership, Team
from teams.services import papers


@dataclass(frozen=True)
class Kind:
    """In what the pages of one kind of paper differ; `listing` and `withdrawal` are names of addresses."""

    model: type
    form: type
    capability: str
    listing: str
    withdrawal: str


CERTIFICATES = Kind(
    Certificate, CertificateForm, "certificate.keep", "teams:certificates", "teams:certificate-withdraw"
)
HONOURS = Kind(Honour, HonourForm, "honour.keep", "teams:honours", "teams:honour-withdraw")


def added(request, form, kind):
    """Record what the valid form of a new paper says; whether that was possible."""
    values = dict(form.cleaned_data)
    holder = values.pop("holder")
    if not carried_out(form, papers.add, kind.model, holder, actor=request.user, **values):
        return False
    messages.success(request, f"已登记{holder}的“{values['name']}”。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, paper_id, kind):
    paper, (name, args) = _paper_for(request.user, paper_id, kind)
    if paper.withdrawn_on and request.method != "POST":
        raise Http404
    given = {value: getattr(paper, value) for value in kind.form.base_fields}
    form = kind.form(request.POST or None, initial=given)
    valid = request.method == "POST" and form.is_valid()
    if valid and carried_out(form, papers.correct, paper, actor=request.user, **form.cleaned_data):
        messages.success(request, "已更正，原来的记录保留。")
        return redirect(name, *args)
    names = careers.names_of(kind.model)
    context = {"paper": paper, "form": form, "names": names, "kind": kind, "back": (name, args[0])}
    return render(request, "teams/paper_form.html", context)


@require_POST
def withdraw(request, paper_id, kind):
    paper, back = _paper_for(request.user, paper_id, kind)
    return carry_out_with_reason(request, f"{paper}已注销。", back, papers.withdraw, paper)


def _paper_for(user, pk, kind):
    """The paper with this id, if the person keeps those of its holder, and the place to go back to."""
    found = get_object_or_404(kind.model, pk=pk)
    team_id = _team_of(found.holder)
    if team_id:
        team_for(user, team_id, kind.capability)
        return found, (kind.listing, [team_id])
    person_for(user, found.user_id, kind.capability)
    return found, ("teams:person", [found.user_id])


def _team_of(holder):
    """The id of the team that holds a paper itself or by its member; None for somebody outside of all teams."""
    if isinstance(holder, Team):
        return holder.pk
    return Membership.objects.open().filter(user=holder).values_list("team_id", flat=True).first()
