"""What pages say of elections: lists, the standing of one, what this person may do, what waits for whom."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from activities.models import Candidate, Election
from teams import periods
from teams.access import access_of, team_for
from teams.models import Membership
from teams.selectors import with_words

State = Election.State
SHOWN = {
    State.NOMINATING: ("wait", "推荐中"),
    State.VOTING: ("wait", "投票中"),
    State.COUNTED: ("warn", "已计票，待公示"),
    State.POSTED: ("wait", "公示中"),
    State.APPOINTED: ("ok", "已任命"),
    State.CANCELLED: ("none", "已取消"),
}
"""Kind of state and word for the includes."""


def elections_of(user):
    """Elections of the teams that the person sees, the latest first."""
    rows = Election.objects.filter(team__in=access_of(user).teams("team.view"))
    heads = Count("candidates", filter=Q(candidates__stands=True) | Q(candidates__stands=None))
    return rows.select_related("team__unit").annotate(heads=heads).order_by("-id")


def listed(user, *, q="", team=None, state=""):
    """As elections_of, those that fit the filters."""
    rows = with_words(elections_of(user), q, "team__name__icontains", "team__unit__name__icontains", "post__icontains")
    if team:
        rows = rows.filter(team=team)
    return rows.filter(state=state) if state else rows


def election_for(user, pk, capability="team.view"):
    """The Election with this id for whoever has the capability on its team; else 404 or 403."""
    found = get_object_or_404(Election.objects.select_related("team__unit", "called_by"), pk=pk)
    found.team = team_for(user, found.team_id, capability)
    return found


def candidate_for(user, pk):
    """The Candidate with this id, if the person may see the election."""
    found = get_object_or_404(Candidate.objects.select_related("user"), pk=pk)
    found.election = election_for(user, found.election_id)
    return found


def votes_in(user, team):
    """Whether the person is a member of the team now."""
    return team.pk in access_of(user).team_roles


def candidates_of(election):
    """Candidates with how many named each (`named`): by votes once counted, else by name."""
    rows = election.candidates.select_related("user").annotate(named=Count("nominations"))
    by_votes = ["-is_elected", F("votes").desc(nulls_last=True)] if election.counted_at else []
    return rows.order_by(*by_votes, "user__name", "id")


def tied_in(election, candidates):
    """Candidates who would be elected but for as many votes as somebody else."""
    papers = election.voters.count()
    missing = election.posts - sum(row.is_elected for row in candidates)
    able = [row for row in candidates if row.stands and not row.is_elected and row.votes * 2 > papers]
    return able if missing else []


def holders_of(election):
    """Who holds the post now."""
    role = next((value for value, label in Membership.Role.choices if label == election.post), "")
    rows = Membership.objects.open().filter(team=election.team_id, role=role).select_related("user")
    return [row.user for row in rows]


def term_end(election):
    """The day on which the term of an appointment ends; None before it."""
    if not election.appointed_at:
        return None
    began = timezone.localtime(election.appointed_at).date()
    ends = periods.shift(periods.period_of(began), election.term_months)
    return began.replace(year=ends // 100, month=ends % 100, day=min(began.day, periods.last_day(ends).day))


def waiting_for(user):
    """(title, detail, address, kind of state, word) of what an election asks of the person now, for the home page."""
    access, today = access_of(user), timezone.localdate()
    rows = elections_of(user).exclude(state__in=[State.APPOINTED, State.CANCELLED])
    for election in rows.filter(Q(team__in=list(access.team_roles)) | Q(team__in=access.teams("election.run"))):
        address = reverse("activities:election", args=[election.pk])
        if election.team_id in access.team_roles:
            yield from _asked_of_member(election, user, today, address)
        if access.on_team("election.run", election.team):
            yield from _asked_of_caller(election, access, today, address)


def _asked_of_member(election, user, today, address):
    votes = election.state == State.VOTING and today <= election.vote_until
    if votes and not election.voters.filter(user=user).exists():
        ballot = reverse("activities:election-vote", args=[election.pk])
        yield "无记名投票", f"{election}，{election.vote_until:%Y-%m-%d} 截止", ballot, "wait", "待办"
    if election.state != State.NOMINATING:
        return
    if election.candidates.filter(user=user, stands=None).exists():
        yield "参不参选", f"有人推荐您：{election}", address, "wait", "待办"
    named = election.candidates.filter(nominations__by=user).exists()
    if today <= election.nominate_until and not named:
        yield "推荐候选人", f"{election}，{election.nominate_until:%Y-%m-%d} 截止", address, "wait", "待办"


def _asked_of_caller(election, access, today, address):
    word = next_step(election, today)
    if word == "任命" and not access.on_team("election.appoint", election.team):
        return
    if word:
        yield f"选举：{word}", str(election), address, "wait", "待办"


def next_step(election, today):
    """What whoever runs an election can do next, in a word; nothing while it waits for a day or for votes."""
    if election.state == State.NOMINATING and today > election.nominate_until:
        return "开始投票"
    if election.state == State.VOTING and today > election.vote_until:
        return "计票"
    if election.state == State.COUNTED:
        return "公示结果"
    if election.state == State.POSTED and today > election.notice_until:
        return "任命"
    return ""


def ballot_for(user, pk):
    """The Election for whoever may vote in it: members of its team; 403 for others who see it."""
    found = election_for(user, pk)
    if not votes_in(user, found.team):
        raise PermissionDenied
    return found
