"""Challenges to posted names: the list of the own and those to investigate, a round's workbook, filing one, the answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.challenges import ChallengeFilterForm, ChallengeForm, VerdictForm
from assessments.honours import challenge_access as reach
from assessments.honours import challenge_sheets
from assessments.honours.name_lists import board_of
from assessments.honours.pages import pages_for
from assessments.honours.programmes import manages
from assessments.honours.rounds import managed
from assessments.models import Challenge
from assessments.services import challenges
from teams import audit
from teams.actions import carry_out, first_errors, made, turned_back
from teams.downloads import workbook_response
from teams.files import storing_files
from teams.selectors import page_of


@require_safe
def challenge_list(request):
    form = ChallengeFilterForm(request.GET, rounds=reach.rounds_of(request.user))
    rows = reach.listed(request.user, **form.cleaned_data) if form.is_valid() else Challenge.objects.none()
    context = {"page": page_of(rows, request), "form": form, "errors": first_errors(form)}
    context |= {"pages": pages_for(request.user, "assessments:challenges"), "taken": _taken(request.user, form)}
    return render(request, "assessments/challenge_list.html", context)


def _taken(user, form):
    """The chosen round, for those who may take its challenges home."""
    chosen = form.cleaned_data.get("in_round")
    return chosen if chosen and manages(user, chosen.programme) else None


@require_POST
def export(request, round_id):
    """All challenges of a round as a workbook; leaves a trail, for it names people."""
    found = managed(request.user, round_id)
    rows, unit = challenge_sheets.of_round(request.user, found), found.programme.unit
    audit.record("challenge.exported", found, actor=request.user, unit=unit, after={"rows": len(rows)})
    return workbook_response(challenge_sheets.workbook(found, rows), f"{found}公示异议")


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_new(request, application_id):
    """Doubt a posted name."""
    application = reach.posted_for(request.user, application_id)
    form = ChallengeForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (found := made(form, _filed, request.user, application, form)):
        messages.success(request, "异议已送到主办单位，办到哪一步在这里看。")
        return redirect("assessments:challenge", found.pk)
    context = {"form": form, "application": application, "board": board_of(application.round)}
    context |= {"refusal": challenges.refusal(application.round, application)}
    return render(request, "assessments/challenge_form.html", context)


def _filed(user, application, form):
    with storing_files(team=None, actor=user) as store:
        files = [store(upload) for upload in form.cleaned_data["files"]]
        text = form.cleaned_data["text"]
        return challenges.file(application, text, files, is_sealed=form.is_sealed, actor=user)


@require_safe
def challenge(request, challenge_id):
    found = reach.challenge_for(request.user, challenge_id)
    context = {"challenge": found, "application": found.application, "files": found.files.all(), "form": VerdictForm()}
    context |= {"investigates": reach.investigates(request.user, found)}
    return render(request, "assessments/challenge.html", context)


@require_POST
def answer(request, challenge_id):
    found, form = reach.challenge_to(request.user, challenge_id), VerdictForm(request.POST)
    back = ("assessments:challenge", [found.pk])
    if not form.is_valid():
        return turned_back(request, form, back)
    upheld = form.cleaned_data["verdict"] == Challenge.State.UPHELD
    service = challenges.uphold if upheld else challenges.dismiss
    done = "已认定属实，这个名字不再列入。" if upheld else "已答复提出人，名单不变。"
    return carry_out(request, done, back, service, found, form.cleaned_data["answer"])
