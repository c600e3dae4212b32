"""Rounds: the list, preparing one, its page, and the steps from opening to the review."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.rounds import PutOffForm, RoundFilterForm, RoundForm
from assessments.honours import programmes as programme_reads
from assessments.honours import rounds as reads
from assessments.honours.name_lists import hindrances, notice_of
from assessments.honours.pages import pages_for
from assessments.models import Programme, Round
from assessments.services import rounds
from assessments.standards.access import reach
from teams.access import access_of, subtree_ids
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, turned_back
from teams.models import Team
from teams.selectors import page_of


@require_safe
def round_list(request):
    programmes = Programme.objects.filter(unit__in=reach(request.user))
    form = RoundFilterForm(request.GET, programmes=programmes)
    rows = reads.listed(request.user, **form.cleaned_data) if form.is_valid() else Round.objects.none()
    context = {"page": page_of(rows, request), "form": form, "errors": first_errors(form)}
    context |= {"runs": access_of(request.user).has("programme.manage"), "open": reads.open_for(request.user)}
    context |= {"pages": pages_for(request.user, "assessments:rounds")}
    return render(request, "assessments/round_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request, programme_id):
    programme = programme_reads.managed(request.user, programme_id)
    form = RoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, rounds.prepare, programme, actor=request.user, **form.cleaned_data):
        messages.success(request, "批次已备好，核对后开始申报。")
        return redirect("assessments:programme", programme.pk)
    return render(request, "assessments/round_form.html", {"form": form, "programme": programme})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, round_id):
    found = reads.managed(request.user, round_id)
    form = RoundForm(request.POST if request.method == "POST" else None, round_=found)
    if form.is_valid() and carried_out(form, rounds.change, found, actor=request.user, **form.cleaned_data):
        messages.success(request, "已保存。")
        return redirect("assessments:round", found.pk)
    return render(request, "assessments/round_form.html", {"form": form, "round": found, "programme": found.programme})


@require_safe
def detail(request, round_id):
    found = reads.round_for(request.user, round_id)
    invitation = reads.invitation_of(found)
    context = {
        "round": found,
        "said": programme_reads.said(found.frozen or found.programme),
        "invitation": invitation,
        "postponements": reads.postponements(found),
        "left": reads.days_left(found),
        "may_file": reads.may_file(request.user, found),
        "pages": pages_for(request.user, "assessments:rounds"),
        "notice": notice_of(found),
    }
    context |= _deeds(request.user, found, invitation) | _counted(request.user, found)
    return render(request, "assessments/round.html", context)


def _deeds(user, found, invitation):
    """What the person does with a round now, and what still keeps it from being named."""
    deeds = reads.deeds_for(user, found, invitation)
    return {"deeds": deeds, "hindrances": hindrances(found) if "name" in deeds else []}


def _counted(user, found):
    """What those who have to do with applications are told: how many there are, and what opening or closing means."""
    if not access_of(user).has("application.view"):
        return {}
    teams = Team.objects.open().filter(unit__in=subtree_ids(found.programme.unit)).count()
    return {"counted": True, "unfinished": reads.unfinished(found), "teams": teams} | reads.standings(found)


def _back(found):
    return ("assessments:round", [found.pk])


@require_POST
def open_round(request, round_id):
    found = reads.managed(request.user, round_id)
    return carry_out(request, "申报开始了，办法已经定住。", _back(found), rounds.open_round, found)


@require_POST
def invite(request, round_id):
    found = reads.managed(request.user, round_id)
    return carry_out(request, "通知已经张贴到公告栏。", _back(found), rounds.invite, found)


@require_POST
def put_off(request, round_id):
    found, form = reads.managed(request.user, round_id), PutOffForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, _back(found))
    wanted = [form.cleaned_data[name] for name in ("apply_until", "review_until", "reason")]
    return carry_out(request, "截止日期已推迟。", _back(found), rounds.put_off, found, *wanted)


@require_POST
def begin_review(request, round_id):
    found, early = reads.managed(request.user, round_id), "early" in request.POST
    return carry_out(request, "已进入评审，不再收申报。", _back(found), rounds.begin_review, found, early=early)


@require_POST
def cancel(request, round_id):
    found = reads.managed(request.user, round_id)
    return carry_out_with_reason(request, "批次已取消。", _back(found), rounds.cancel, found)
