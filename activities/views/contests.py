"""Contests: the list, planning one, its page with entrants and ranking, scores, posting on the board."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms.contests import ContestFilterForm, ContestForm, EnterForm, PostForm, ScoresForm, initial_of
from activities.learning import contests as reads
from activities.models import Contest, Entrant
from activities.services import contests
from teams import audit
from teams.access import access_of, require
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, made
from teams.downloads import workbook, workbook_response
from teams.forms import SearchForm
from teams.selectors import page_of, with_words

State = Contest.State
MOST_SHOWN = 60
"""How many candidates a page offers to tick; a search finds the others."""


@require_safe
def contest_list(request):
    form = ContestFilterForm(request.GET)
    rows = reads.listed(request.user, **(form.cleaned_data if form.is_valid() else {}))
    context = {"form": form, "errors": first_errors(form), "page": page_of(rows, request)}
    return render(
        request, "activities/contest_list.html", context | {"runs": access_of(request.user).has("contest.run")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    require(request.user, "contest.run")
    form = ContestForm(request.POST or None, units=access_of(request.user).units("contest.run"))
    facts = dict(form.cleaned_data) if form.is_valid() else {}
    contest = made(form, contests.create, facts.pop("unit"), actor=request.user, **facts) if facts else None
    if contest:
        messages.success(request, "竞赛已建好，接着选参赛者。")
        return redirect("activities:contest", contest.pk)
    return render(request, "activities/contest_form.html", {"form": form})


def _contest(user, pk):
    contest = reads.contest_for(user, pk)
    if contest is None:
        raise Http404
    return contest


def _run(user, pk):
    """The contest, if the person runs it; 404 for strangers, 403 for spectators."""
    contest = _contest(user, pk)
    if not reads.may_run(user, contest):
        raise PermissionDenied
    return contest


def _back(contest):
    return ("activities:contest", [contest.pk])


@require_safe
def detail(request, contest_id):
    contest = _contest(request.user, contest_id)
    runs = reads.may_run(request.user, contest)
    context = {
        "contest": contest,
        "entrants": reads.with_teams(reads.entrants_of(contest)),
        "runs": runs,
        "live": contest.state in contests.LIVE,
        "board": reads.posted(contest),
    }
    return render(request, "activities/contest.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, contest_id):
    contest = _run(request.user, contest_id)
    form = ContestForm(request.POST or None, initial=initial_of(contest))
    if form.is_valid() and carried_out(form, contests.change, contest, actor=request.user, **form.cleaned_data):
        messages.success(request, "已保存。")
        return redirect("activities:contest", contest.pk)
    return render(request, "activities/contest_form.html", {"form": form, "contest": contest})


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, contest_id):
    """Tick people or teams; those who are in it already are not offered."""
    contest = _run(request.user, contest_id)
    found = reads.candidates(contest)
    form = EnterForm(request.POST if request.method == "POST" else None, candidates=found)
    if form.is_valid() and carried_out(form, contests.enter, contest, form.cleaned_data["holders"], actor=request.user):
        messages.success(request, f"已加进 {len(form.cleaned_data['holders'])} 个参赛者。")
        return redirect("activities:contest", contest.pk)
    context = {"contest": contest, "form": form} | _offered(request, contest, found)
    return render(request, "activities/contest_enter.html", context)


def _offered(request, contest, found):
    search = SearchForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    of_teams = contest.subject == Contest.Subject.TEAM
    paths = ("name", "unit__name") if of_teams else ("name", "employee_no", "memberships__team__name")
    rows = with_words(found, words, *(f"{path}__icontains" for path in paths)).distinct()
    return {
        "search": search,
        "offered": rows[:MOST_SHOWN],
        "more": max(rows.count() - MOST_SHOWN, 0),
        "of_teams": of_teams,
    }


@require_POST
def leave(request, entrant_id):
    row = get_object_or_404(Entrant.objects.select_related("contest__unit", "user", "team"), pk=entrant_id)
    contest = _run(request.user, row.contest_id)
    return carry_out(request, f"已去掉{row}。", _back(contest), contests.leave, row)


@require_POST
def start(request, contest_id):
    contest = _run(request.user, contest_id)
    return carry_out(request, "竞赛开始了，比完来填成绩。", _back(contest), contests.start, contest)


@require_http_methods(["GET", "HEAD", "POST"])
def scores(request, contest_id):
    contest = _run(request.user, contest_id)
    entrants = reads.with_teams(reads.entrants_of(contest))
    form = ScoresForm(request.POST if request.method == "POST" else None, entrants=entrants)
    if form.is_valid() and carried_out(form, contests.enter_scores, contest, form.scores, actor=request.user):
        messages.success(request, "成绩已保存。")
        return redirect("activities:contest", contest.pk)
    return render(request, "activities/contest_scores.html", {"contest": contest, "form": form})


@require_POST
def rank(request, contest_id):
    contest = _run(request.user, contest_id)
    return carry_out(request, "名次已排好，核对后张榜。", _back(contest), contests.rank, contest)


@require_POST
def reopen(request, contest_id):
    contest = _run(request.user, contest_id)
    return carry_out(request, "可以改成绩了，改完重新排名。", _back(contest), contests.reopen, contest)


@require_POST
def cancel(request, contest_id):
    contest = _run(request.user, contest_id)
    return carry_out_with_reason(request, "竞赛已取消。", _back(contest), contests.cancel, contest)


@require_http_methods(["GET", "HEAD", "POST"])
def post(request, contest_id):
    """Say what will hang and who will be honoured, then do both."""
    contest = _run(request.user, contest_id)
    form = PostForm(request.POST or None, initial={"granted_by": contest.unit.name})
    if form.is_valid() and carried_out(form, contests.post, contest, actor=request.user, **form.cleaned_data):
        messages.success(request, "名次已张榜，荣誉已记下。" if form.cleaned_data["honoured"] else "名次已张榜。")
        return redirect("activities:contest", contest.pk)
    entrants = reads.with_teams(reads.entrants_of(contest))
    context = {"contest": contest, "form": form, "entrants": entrants, "board": reads.posted(contest)}
    return render(request, "activities/contest_post.html", context)


@require_POST
def export(request, contest_id):
    contest = _contest(request.user, contest_id)
    rows = reads.exported(contest)
    audit.record("contest.exported", contest, actor=request.user, unit=contest.unit, after={"rows": len(rows)})
    return workbook_response(workbook("名次", reads.HEADERS, rows), f"{contest}名次")
