"""The list of a round: its page with the live quota, the list that stands, its notice, and changes to it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.name_lists import DecideForm, ProposalForm, StepInForm, StrikeOffForm
from assessments.honours import name_lists as reads
from assessments.honours.content import quota_words
from assessments.honours.pages import pages_for
from assessments.honours.rounds import managed
from assessments.models import Application
from assessments.services import name_lists
from teams.actions import carried_out, carry_out, carry_out_with_reason, turned_back

DONE = {"shortlist": "列为拟命名", "reserve": "列为备选", "pass_over": "不列入", "reconsider": "重新考虑"}


def _listed(user, round_id):
    """The round with its list, for those who run it; 404 before there is one."""
    found = managed(user, round_id)
    if found.state not in reads.LISTED:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def name_list(request, round_id):
    """Tick who is named, who is in reserve and who is passed over; the quota counts along."""
    found = _listed(request.user, round_id)
    lines, may = reads.lines_of(found), reads.decidable(found, request.user)
    form = DecideForm(request.POST or None, waiting=[row.application for row in lines if row.application.pk in may])
    if form.is_valid() and _decided(request, found, form):
        return redirect("assessments:name-list", found.pk)
    ticked, equal = _ticked(request, found, form, lines, may)
    context = {
        "round": found,
        "lines": reads.with_titles(found, lines),
        "may": may,
        "form": form,
        "ticked": ticked,
        "equal": equal,
    }
    context |= {"quota": list(quota_words(found.frozen["quota"]))}
    context |= {"pages": pages_for(request.user, "assessments:rounds")}
    context |= {"tally": reads.tally(found, lines, [row for row in form.by_key.values() if row.pk in ticked])}
    return render(request, "assessments/name_list.html", context | _next(found, lines, may))


def _decided(request, found, form):
    action, picked = form.cleaned_data["do"], form.picked
    done = carried_out(form, name_lists.decide, found, action, picked, form.cleaned_data["reason"], actor=request.user)
    if done:
        messages.success(request, f"{len(picked)} 份{DONE[action]}。")
    return done


def _ticked(request, found, form, lines, may):
    """(ids that are ticked, subjects that share the last proposed place)."""
    asked = ProposalForm(request.GET)
    if form.is_bound or not asked.is_valid() or found.state != found.State.REVIEWING:
        return {row.pk for row in form.ticked}, []
    return reads.proposed(found, lines, asked.cleaned_data["propose"], may)


def _next(found, lines, may):
    """What the state of the round asks for: what is lacking, the notice, the forms for changes."""
    if found.state == found.State.REVIEWING:
        return {"lacking": reads.lacking(found, lines)}
    is_fixed = found.state == found.State.SHORTLISTED
    said = {"weak": reads.weak_points(found, lines)} if is_fixed else {"hindrances": reads.hindrances(found, lines)}
    rows = Application.objects.filter(pk__in=may).select_related("unit", "team", "user", "studio")
    forms = {"strike_off": StrikeOffForm(rows=rows), "step_in": StepInForm(rows=rows)}
    return said | forms | {"notice": reads.notice_of(found)}


@require_safe
def meter(request, round_id):
    """How the quota stands if what is ticked now is named."""
    found = _listed(request.user, round_id)
    lines, may = reads.lines_of(found), reads.decidable(found, request.user)
    form = DecideForm(request.GET, waiting=[row.application for row in lines if row.application.pk in may])
    context = {"tally": reads.tally(found, lines, form.ticked)}
    return render(request, "assessments/_name_list_meter.html", context)


def _back(found):
    return ("assessments:name-list", [found.pk])


@require_POST
def fix(request, round_id):
    found = _listed(request.user, round_id)
    return carry_out(request, "名单定了，可以公示。", _back(found), name_lists.fix, found)


@require_POST
def reopen(request, round_id):
    found = _listed(request.user, round_id)
    return carry_out_with_reason(request, "已退回评审，可以重新定。", _back(found), name_lists.reopen, found)


@require_POST
def post(request, round_id):
    found = _listed(request.user, round_id)
    return carry_out(request, "名单已经张榜公示。", _back(found), name_lists.post, found)


def _rows(user, found):
    return found.applications.filter(pk__in=reads.decidable(found, user)).select_related("round__programme")


@require_POST
def strike_off(request, round_id):
    found = _listed(request.user, round_id)
    form = StrikeOffForm(request.POST, rows=_rows(request.user, found))
    if not form.is_valid():
        return turned_back(request, form, _back(found))
    chosen, reason = form.cleaned_data["application"], form.cleaned_data["reason"]
    return carry_out(request, f"{chosen.subject}不再列入。", _back(found), name_lists.strike_off, chosen, reason)


@require_POST
def step_in(request, round_id):
    found = _listed(request.user, round_id)
    form = StepInForm(request.POST, rows=_rows(request.user, found))
    if not form.is_valid():
        return turned_back(request, form, _back(found))
    chosen = form.cleaned_data["application"]
    return carry_out(request, f"{chosen.subject}已递补。", _back(found), name_lists.step_in, chosen)
