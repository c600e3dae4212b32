"""The naming of a round, and titles looked at again: what waits, the facts of a year, the result."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.titles import NameForm, RecheckForm
from assessments.honours import name_lists
from assessments.honours import title_access as reach
from assessments.honours import titles as reads
from assessments.honours.content import recheck_words
from assessments.honours.pages import pages_for
from assessments.honours.rounds import managed
from assessments.honours.title_facts import facts_of
from assessments.honours.title_moves import MOVES
from assessments.honours.title_rules import rule_of, scored_criteria, total_of
from assessments.models import Recheck
from assessments.services import naming, titles
from teams.access import require
from teams.actions import carried_out, carry_out_with_reason


@require_http_methods(["GET", "HEAD", "POST"])
def name_round(request, round_id):
    """The list of a round once more, what still hinders it, and the document that names it."""
    found, form = managed(request.user, round_id), NameForm(request.POST or None)
    if form.is_valid() and _named(form, found, request.user):
        messages.success(request, "已命名：称号、荣誉和命名公告都有了，证书可以打印。")
        return redirect("assessments:round", found.pk)
    context = {"round": found, "form": form, "names": name_lists.names_of(found)}
    context |= {"hindrances": list(name_lists.hindrances(found))}
    return render(request, "assessments/title_naming.html", context)


def _named(form, found, actor):
    facts = form.cleaned_data
    return carried_out(form, naming.name_round, found, facts["document"], facts["named_on"], actor=actor)


@require_safe
def recheck_list(request):
    """Rechecks that wait for a result and rectifications that wait for their end."""
    require(request.user, "title.recheck")
    rechecks, mending = reads.to_recheck(request.user)
    context = {"rechecks": rechecks, "mending": mending, "today": timezone.localdate()}
    context |= {"pages": pages_for(request.user, "assessments:titles")}
    return render(request, "assessments/title_rechecks.html", context)


@require_POST
def call(request, title_id):
    """Look at a title again today, for a reason."""
    title = reach.title_to_run(request.user, title_id)
    return carry_out_with_reason(request, "复评已经开始。", ("assessments:title", [title.pk]), _called, title)


def _called(title, reason, *, actor):
    return titles.open_recheck(title, timezone.localdate(), reason, actor=actor)


@require_http_methods(["GET", "HEAD", "POST"])
def recheck(request, recheck_id):
    found = reach.recheck_to_run(request.user, recheck_id)
    form = RecheckForm(request.POST or None, title=found.title)
    if form.is_valid() and _decided(form, found, request.user):
        messages.success(request, MOVES[form.cleaned_data["result"]].done)
        return redirect("assessments:title", found.title_id)
    context = {"recheck": found, "title": found.title, "form": form, "rule": list(recheck_words(rule_of(found.title)))}
    return render(request, "assessments/title_recheck.html", context | _shown(found))


def _shown(found):
    """The facts as they are now, or as they were decided on; and the points that were given."""
    is_open = found.result == Recheck.Result.OPEN
    facts = facts_of(found.title, timezone.localdate()) if is_open else found.facts
    scored = [(row, found.scores.get(row["code"])) for row in scored_criteria(found.title)]
    line = rule_of(found.title).get("pass_line", 0)
    return {"is_open": is_open, "facts": facts, "scored": scored, "total": total_of(found.scores), "pass_line": line}


def _decided(form, found, actor):
    data, verdict = form.cleaned_data, form.verdict
    further = {"keep": (), "rectify": (data["until"],), "revoke": (data["way"],)}[data["result"]]
    return carried_out(form, getattr(titles, data["result"]), found, verdict, *further, actor=actor)
