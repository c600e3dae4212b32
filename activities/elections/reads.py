"""What pages say of elections: lists, the standing of one, what this person may do, what waits for whom."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from activities.elections.names import named
from activities.elections.tally import most
from activities.models import Candidate, Election
from activities.services.election_results import is_taken_down
from activities.services.elections import standing, turnout
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
    """Candidates with how many named each (`nominated`) and a `label`: by votes once counted, else by name."""
    rows = election.candidates.select_related("user").annotate(nominated=Count("nominations"))
    by_votes = ["-is_elected", F("votes").desc(nulls_last=True)] if election.counted_at else []
    return named(rows.order_by(*by_votes, "user__name", "id"))


def ballot_of(election, ticked):
    """Those who stand, as a ballot lists them; `ticked` are the ids that were sent."""
    rows = named(election.candidates.filter(stands=True).select_related("user").order_by("user__name", "id"))
    for row in rows:
        row.ticked = str(row.pk) in ticked
    return rows


def tied_in(election, candidates):
    """Candidates who would be elected but for as many votes as somebody else."""
    papers = election.voters.count()
    missing = election.posts - sum(row.is_elected for row in candidates)
    able = [row for row in candidates if row.stands and not row.is_elected and row.votes * 2 > papers]
    return able if missing else []


def blanks_of(election):
    """How many papers name nobody; asked only after the count."""
    return election.papers.filter(choices=[]).count()


def holders_of(election):
    """Who holds the post now."""
    role = next((value for value, label in Membership.Role.choices if label == election.post), "")
    rows = Membership.objects.open().filter(team=election.team_id, role=role).select_related("user")
    return [row.user for row in rows]


def term_end(election):
    """The last day of the term of an appointment; None before it."""
    if not election.appointed_at:
        return None
    began = timezone.localtime(election.appointed_at).date()
    ends = periods.shift(periods.period_of(began), election.term_months)
    same = began.replace(year=ends // 100, month=ends % 100, day=min(began.day, periods.last_day(ends).day))
    return same - datetime.timedelta(days=1)


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
    if access.has("election.run"):
        yield from _terms_over(access, today)


SOON = datetime.timedelta(days=60)
"""So long before the end of a term whoever runs elections is told."""


def _terms_over(access, today):
    """Terms that end soon or have ended, of posts for which nobody has called an election since."""
    rows = Election.objects.filter(team__in=access.teams("election.run")).exclude(state=State.CANCELLED)
    latest = {(row.team_id, row.post): row for row in rows.select_related("team").order_by("id")}
    for row in latest.values():
        ends = term_end(row)
        if ends and ends <= today + SOON:
            address, when = reverse("activities:election", args=[row.pk]), f"任期到 {ends:%Y-%m-%d}"
            yield "换届选举", f"{row.team}{row.post}{when}，请发起选举", address, "wait", "待办"


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
    if word in BY_OTHERS and election.candidates.filter(user=access.user, stands=True).exists():
        return
    if word:
        yield f"选举：{word}", str(election), address, "wait", "待办"


BY_OTHERS = ("计票", "公示结果", "任命")
"""Steps in which a candidate has no hand."""


def next_step(election, today):
    """What whoever runs an election can do next, in a word; nothing while it waits for a day or for votes."""
    if election.state == State.NOMINATING and today > election.nominate_until:
        enough = standing(election).count() > election.posts and today <= election.vote_until
        return "开始投票" if enough else "改期或取消"
    if election.state == State.VOTING:
        return _after_the_vote(election, today)
    if election.state == State.COUNTED:
        return "公示结果" if election.candidates.filter(is_elected=True).exists() else "取消后重新选"
    if election.state == State.POSTED and is_taken_down(election):
        return "取消后重新选"
    return "任命" if election.state == State.POSTED and today > election.notice_until else ""


def _after_the_vote(election, today):
    voted, may = turnout(election)
    if voted < may and today <= election.vote_until:
        return ""
    return "计票" if voted >= most(may) else "改期或取消"


def stopped_by(election, today):
    """Why the next step is not the usual one, as a sentence; empty otherwise."""
    word = next_step(election, today)
    if word == "取消后重新选":
        return "没有人得票过半，没有人当选。" if election.state == State.COUNTED else "结果的公示已经撤回，不能任命。"
    if word != "改期或取消":
        return ""
    if election.state == State.VOTING:
        return "投票的人没有过半，不能计票。往后改期请大家接着投，或者取消。"
    if today > election.vote_until:
        return "投票截止日期已经过了，还没有开始投票。往后改期，或者取消。"
    number = standing(election).count()
    return f"同意参选的有 {number} 人，要多于名额 {election.posts} 人才能投票。往后改期再推荐，或者取消。"


def hand_over(election, candidates, holders):
    """Who takes the post over from whom, as a sentence for the appointment."""
    elected = [row for row in candidates if row.is_elected]
    leaving = "、".join(user.name for user in holders if user not in [row.user for row in elected])
    said = f"从今天起由{'、'.join(row.label for row in elected)}担任{election.team}{election.post}"
    return said + (f"，{leaving}转为组员。" if leaving else "。") + "岗位系数不变，要变请另行提出。"


def ballot_for(user, pk):
    """The Election for whoever may vote in it: members of its team; 403 for others who see it."""
    found = election_for(user, pk)
    if not votes_in(user, found.team):
        raise PermissionDenied
    return found
