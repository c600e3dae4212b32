"""Agreements of mentor and apprentice: the list, proposing one, its page with what each may do."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.learning import ExamForm, MentorshipFilterForm, MentorshipForm
from activities.learning import mentorships as reads
from activities.models import Mentorship
from activities.services import mentorships
from teams import audit
from teams.access import access_of, home_unit, team_for
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, made
from teams.downloads import workbook, workbook_response
from teams.models import Team
from teams.selectors import page_of

State = Mentorship.State


@require_safe
def mentorship_list(request):
    form, rows = _filtered(request)
    manages = access_of(request.user).teams("mentorship.manage").select_related("unit")
    context = {"form": form, "errors": first_errors(form), "page": page_of(rows, request), "manages": manages}
    return render(request, "activities/mentorship_list.html", context)


def _filtered(request):
    teams = Team.objects.filter(pk__in=reads.visible_to(request.user).order_by().values("team"))
    form = MentorshipFilterForm(request.GET, teams=teams)
    return form, reads.listed(request.user, **(form.cleaned_data if form.is_valid() else {}))


@require_POST
def export(request):
    _form, found = _filtered(request)
    rows = reads.exported(found, lambda row: reads.shows_result(request.user, row))
    unit = home_unit(request.user)
    audit.record("mentorship.exported", request.user, actor=request.user, unit=unit, after={"rows": len(rows)})
    return workbook_response(workbook("师带徒", reads.HEADERS, rows), "师带徒")


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, team_id):
    team = team_for(request.user, team_id, "mentorship.manage")
    people = {"apprentices": reads.apprentices_of(team), "mentors": reads.mentors_for(team)}
    form = MentorshipForm(request.POST or None, **people)
    facts = form.cleaned_data if form.is_valid() else {}
    found = made(form, mentorships.propose, team, actor=request.user, **facts) if facts else None
    if found:
        messages.success(request, "已提出，等师傅和徒弟各自确认。")
        return redirect("activities:mentorship", found.pk)
    return render(request, "activities/mentorship_form.html", {"team": team, "form": form})


def _mentorship(user, pk):
    found = reads.mentorship_for(user, pk)
    if found is None:
        raise Http404
    return found


def _to(user, pk, capability):
    """The agreement, if the person may do that for its team; else 404 or 403."""
    found = _mentorship(user, pk)
    if not access_of(user).on_team(capability, found.team):
        raise PermissionDenied
    return found


def _own(user, pk):
    """The agreement of the person's own, as mentor or apprentice."""
    found = _mentorship(user, pk)
    if user.pk not in (found.mentor_id, found.apprentice_id):
        raise PermissionDenied
    return found


@require_safe
def detail(request, mentorship_id):
    return _page(request, _mentorship(request.user, mentorship_id), ExamForm())


def _page(request, found, form):
    user, access, is_open = request.user, access_of(request.user), found.state in mentorships.OPEN
    of_two = user.pk in (found.mentor_id, found.apprentice_id)
    until = reads.may_object_until(found) if is_open else None
    context = {
        "mentorship": found,
        "exam_form": form,
        "shows_result": reads.shows_result(user, found),
        "may_agree": reads.to_confirm(user).filter(pk=found.pk).exists(),
        "may_object": of_two and is_open and (until is None or timezone.localdate() <= until),
        "object_until": until,
        "may_end": is_open and access.on_team("mentorship.manage", found.team),
        "may_examine": found.state == State.RUNNING and not of_two and access.on_team("mentorship.examine", found.team),
    }
    return render(request, "activities/mentorship.html", context)


@require_POST
def agree(request, mentorship_id):
    found = _own(request.user, mentorship_id)
    return carry_out(request, "已确认。", _back(found), mentorships.agree, found)


def _back(found):
    return ("activities:mentorship", [found.pk])


@require_POST
def object_to(request, mentorship_id):
    found = _own(request.user, mentorship_id)
    return carry_out_with_reason(request, "已提出，协议结束。", _back(found), mentorships.object_to, found)


@require_POST
def end(request, mentorship_id):
    found = _to(request.user, mentorship_id, "mentorship.manage")
    return carry_out_with_reason(request, "协议已提前结束。", _back(found), mentorships.end, found)


@require_POST
def examine(request, mentorship_id):
    found, form = _to(request.user, mentorship_id, "mentorship.examine"), ExamForm(request.POST)
    if form.is_valid() and carried_out(form, mentorships.examine, found, actor=request.user, **form.cleaned_data):
        messages.success(request, "考核结果已记下。")
        return redirect("activities:mentorship", found.pk)
    return _page(request, found, form)
