"""公推共选: the list, calling one, its page with what can be done now, the ballot on a phone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.elections import reads, record
from activities.elections.reads import ballot_for, candidate_for, election_for
from activities.forms import elections as forms
from activities.models import Election
from activities.services import election_results, elections
from activities.services.elections import turnout
from teams import audit
from teams.access import access_of, require
from teams.actions import carried_out, carry_out, carry_out_with_reason, first_errors, turned_back
from teams.downloads import workbook_of, workbook_response
from teams.selectors import page_of

State = Election.State


@require_safe
def election_list(request):
    form = forms.ElectionFilterForm(request.GET, user=request.user)
    rows = reads.listed(request.user, **form.cleaned_data) if form.is_valid() else Election.objects.none()
    page = page_of(rows, request)
    for row in page.object_list:
        row.shown = reads.SHOWN[row.state]
    runs = access_of(request.user).has("election.run")
    context = {"form": form, "errors": first_errors(form), "page": page, "runs": runs}
    return render(request, "activities/election_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call(request):
    require(request.user, "election.run")
    form = forms.CallForm(request.POST or None, user=request.user)
    if form.is_valid() and carried_out(form, elections.call, **form.cleaned_data, actor=request.user):
        messages.success(request, "已发起，班组的人可以推荐了。")
        return redirect("activities:elections")
    return render(request, "activities/election_call.html", {"form": form})


@require_safe
def detail(request, election_id):
    election = election_for(request.user, election_id)
    today = timezone.localdate()
    candidates = reads.candidates_of(election)
    context = {"election": election, "candidates": candidates, "shown": reads.SHOWN[election.state]}
    context |= {"turnout": turnout(election), "next_step": reads.next_step(election, today)}
    if election.counted_at:
        context |= {"tied": reads.tied_in(election, candidates), "blanks": reads.blanks_of(election)}
    context |= _own(request.user, election, candidates) | _more(election, candidates, today)
    return render(request, "activities/election.html", context)


def _own(user, election, candidates):
    """What the person is in the election and may do."""
    access = access_of(user)
    return {
        "is_member": reads.votes_in(user, election.team),
        "own": next((row for row in candidates if row.user_id == user.pk), None),
        "has_voted": election.voters.filter(user=user).exists(),
        "runs": access.on_team("election.run", election.team),
        "appoints": access.on_team("election.appoint", election.team),
    }


def _more(election, candidates, today):
    """What depends on how far the election is: who is named, who holds the post, the notice, the end of the term."""
    hangs, holders = election.state in (State.POSTED, State.APPOINTED), reads.holders_of(election)
    return _steps(election, candidates, holders, today) | {
        "nomination_form": forms.NominationForm(election=election) if today <= election.nominate_until else None,
        "holders": holders,
        "notice": election_results.notice_of(election) if hangs else None,
        "term_end": reads.term_end(election),
        "can_vote_now": today <= election.vote_until,
    }


def _steps(election, candidates, holders, today):
    """What whoever runs the election needs for the next step."""
    days = {"nominate_until": election.nominate_until, "vote_until": election.vote_until}
    return {
        "put_off_form": forms.PutOffForm(initial=days),
        "days_form": forms.NoticeDaysForm(),
        "stopped_by": reads.stopped_by(election, today),
        "by_others": reads.BY_OTHERS,
        "hand_over": reads.hand_over(election, candidates, holders),
    }


@require_POST
def export(request, election_id):
    """The record of the election as a workbook; leaves a trail, for it names people."""
    election = election_for(request.user, election_id)
    sheet = record.sheet_of(election)
    after = {"rows": len(sheet.rows)}
    audit.record("election.exported", election, actor=request.user, unit=election.team.unit, after=after)
    return workbook_response(workbook_of(sheet), f"选举记录 {election} {timezone.localdate()}")


@require_POST
def nominate(request, election_id):
    election = ballot_for(request.user, election_id)
    form = forms.NominationForm(request.POST, election=election)
    if not form.is_valid():
        return turned_back(request, form, _page(election))
    return carry_out(request, "已推荐。", _page(election), elections.nominate, election, form.cleaned_data["user"])


def _page(election):
    return "activities:election", [election.pk]


@require_POST
def answer(request, candidate_id):
    candidate = candidate_for(request.user, candidate_id)
    if candidate.user_id != request.user.pk:
        raise PermissionDenied
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, _page(candidate.election))
    stands = form.cleaned_data["stands"]
    said = "已登记：您参选。" if stands else "已登记：您不参选。"
    return carry_out(request, said, _page(candidate.election), elections.answer, candidate, stands)


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request, election_id):
    """The ballot: what is ticked is stored without a name and shown to nobody."""
    election = ballot_for(request.user, election_id)
    form = forms.BallotForm(request.POST if request.method == "POST" else None, election=election)
    if form.is_valid() and _voted(request, election, form):
        return redirect("activities:election", election.pk)
    context = {
        "election": election,
        "form": form,
        "candidates": reads.ballot_of(election, form.data.getlist("choices") if form.is_bound else []),
        "open": election.state == State.VOTING and timezone.localdate() <= election.vote_until,
        "has_voted": election.voters.filter(user=request.user).exists(),
    }
    return render(request, "activities/election_vote.html", context)


def _voted(request, election, form):
    choices = [row.pk for row in form.cleaned_data["choices"]]
    if not carried_out(form, elections.vote, election, choices, actor=request.user):
        return False
    messages.success(request, "已投票。没有人看得到您选了谁。")
    return True


STEPS = {
    "open": (elections.open_voting, "投票开始了，班组的人在“今日”里看得到。"),
    "count": (elections.count, "已计票，结果在下面。"),
}


@require_POST
def step(request, election_id, step):
    election = election_for(request.user, election_id, "election.run")
    service, said = STEPS[step]
    return carry_out(request, said, _page(election), service, election)


@require_POST
def post_result(request, election_id):
    election = election_for(request.user, election_id, "election.run")
    form = forms.NoticeDaysForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, _page(election))
    said, days = "结果已经张榜公示。", form.cleaned_data["days"]
    return carry_out(request, said, _page(election), election_results.post_result, election, days)


@require_POST
def appoint(request, election_id):
    election = election_for(request.user, election_id, "election.appoint")
    return carry_out(request, "已任命，岗位从今天起换人。", _page(election), election_results.appoint, election)


@require_POST
def cancel(request, election_id):
    election = election_for(request.user, election_id, "election.run")
    return carry_out_with_reason(request, "选举已取消。", _page(election), election_results.cancel, election)


@require_POST
def put_off(request, election_id):
    election = election_for(request.user, election_id, "election.run")
    form = forms.PutOffForm(request.POST)
    if not form.is_valid():
        return turned_back(request, form, _page(election))
    days = [form.cleaned_data[name] for name in ("nominate_until", "vote_until", "reason")]
    return carry_out(request, "已改期。", _page(election), elections.put_off, election, *days)
