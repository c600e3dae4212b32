"""Challenges to posted names: the list of the own ones and those to investigate, filing one, its page, the answer."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.challenges import ChallengeFilterForm, ChallengeForm, VerdictForm
from assessments.honours import challenge_access as reach
from assessments.honours.name_lists import board_of
from assessments.honours.pages import pages_for
from assessments.models import Challenge
from assessments.services import challenges
from teams.actions import carry_out, first_errors, made
from teams.files import storing_files
from teams.selectors import page_of


@require_safe
def challenge_list(request):
    form = ChallengeFilterForm(request.GET)
    rows = reach.listed(request.user, **form.cleaned_data) if form.is_valid() else Challenge.objects.none()
    context = {"page": page_of(rows, request), "form": form, "errors": first_errors(form)}
    context |= {"pages": pages_for(request.user, "assessments:challenges")}
    return render(request, "assessments/challenge_list.html", context)


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
    with transaction.atomic(), storing_files(team=None, actor=user) as store:
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
        messages.error(request, first_errors(form))
        return redirect(back[0], *back[1])
    upheld = form.cleaned_data["verdict"] == Challenge.State.UPHELD
    service = challenges.uphold if upheld else challenges.dismiss
    done = "已认定属实，这个名字不再列入。" if upheld else "已答复提出人，名单不变。"
    return carry_out(request, done, back, service, found, form.cleaned_data["answer"])
