"""公推共选:called, nominated, voted in secret, counted once, posted, appointed. docs/decisions/010-secret-ballot.md."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.elections.tally import counted, most
from activities.errors import ActivityError, StaleState
from activities.models import BallotPaper, Candidate, Election, Nomination, Voter
from teams import audit
from teams.models import Membership, User

State = Election.State
LONGEST = datetime.timedelta(days=92)
"""From the call to the last day of the vote."""
STALE = "这次选举已经到了下一步，请刷新页面再看。"


def electors(team):
    """People who may nominate, be nominated and vote: the present members of the team."""
    return User.objects.filter(memberships__in=Membership.objects.open().filter(team=team), is_active=True)


@transaction.atomic
def call(team, *, post, posts, term_months, nominate_until, vote_until, actor):
    """Call an election for a post (a label of Membership.Role) of a team; returns the Election."""
    today = timezone.localdate()
    if nominate_until < today:
        raise ActivityError("推荐截止日期已经过了，请改成今天或以后。")
    _require_days(nominate_until, vote_until, today)
    if post == Membership.Role.LEADER.label and posts > 1:
        raise ActivityError("一个班组只有一名班长，名额请填 1。")
    able = electors(team).count()
    if able <= posts:
        raise ActivityError(f"{team}只有 {able} 人，选 {posts} 名做不到差额（候选人要多于名额）。")
    facts = {"post": post, "posts": posts, "term_months": term_months}
    facts |= {"nominate_until": nominate_until, "vote_until": vote_until}
    try:
        with transaction.atomic():
            election = Election.objects.create(team=team, called_by=actor, **facts)
    except IntegrityError as error:
        raise ActivityError(f"{team}已有一次没有结束的选举，先办完或者取消它。") from error
    after = {name: str(value) for name, value in facts.items()}
    audit.record("election.called", election, actor=actor, unit=team.unit, after=after)
    return election


def _require_days(nominate_until, vote_until, first):
    if vote_until <= nominate_until:
        raise ActivityError("投票截止日期要晚于推荐截止日期。")
    if vote_until - first > LONGEST:
        raise ActivityError(f"从发起到投票截止最长 {LONGEST.days} 天，请把日期改近一些。")


@transaction.atomic
def nominate(election, user, *, actor):
    """A member names a member; who names himself or herself stands at once. Returns the Candidate."""
    held = lock(election, State.NOMINATING)
    if timezone.localdate() > held.nominate_until:
        raise ActivityError(f"推荐到 {held.nominate_until:%Y-%m-%d} 已经截止。")
    _require_elector(held, actor, "推荐")
    if not electors(held.team).filter(pk=user.pk).exists():
        raise ActivityError(f"{user}不是{held.team}的成员，请推荐本班组的人。")
    candidate, _ = Candidate.objects.get_or_create(election=held, user=user)
    if user.pk == actor.pk:
        Candidate.objects.filter(pk=candidate.pk).update(stands=True)
    elif candidate.stands is False:
        raise ActivityError(f"{user}已经表示不参选，请推荐别人。")
    try:
        with transaction.atomic():
            Nomination.objects.create(candidate=candidate, by=actor)
    except IntegrityError as error:
        raise StaleState(f"您已经推荐过{user}了。") from error
    audit.record("election.nominated", candidate, actor=actor, unit=held.team.unit)
    return candidate


@transaction.atomic
def answer(candidate, stands, *, actor):
    """The candidate says whether he or she stands; may say otherwise until the vote begins."""
    held = lock(candidate.election, State.NOMINATING)
    if candidate.user_id != actor.pk:
        raise ActivityError("参选不参选要由本人表示。")
    rows = Candidate.objects.filter(pk=candidate.pk).exclude(stands=stands)
    if not (rows | Candidate.objects.filter(pk=candidate.pk, stands=None)).update(stands=stands):
        raise StaleState("已经是这样登记的了。")
    verb = "election.accepted" if stands else "election.declined"
    audit.record(verb, candidate, actor=actor, unit=held.team.unit)


@transaction.atomic
def open_voting(election, *, actor):
    """Begin the vote: nominations are over and more people stand than posts are to be filled (差额)."""
    held = lock(election, State.NOMINATING)
    today = timezone.localdate()
    if today <= held.nominate_until:
        raise ActivityError(f"推荐到 {held.nominate_until:%Y-%m-%d} 才截止，第二天起可以开始投票。")
    if today > held.vote_until:
        raise ActivityError("投票截止日期已经过了，请先改期。")
    stand = standing(held)
    if stand.count() <= held.posts:
        raise ActivityError(
            f"同意参选的有 {stand.count()} 人，要多于名额 {held.posts} 人才能投票（差额）。请改期再推荐，或者取消。"
        )
    held.candidates.filter(stands=True).exclude(pk__in=stand.values("pk")).update(stands=False)
    move_on(held, State.NOMINATING, State.VOTING)
    audit.record("election.opened", held, actor=actor, unit=held.team.unit, after={"candidates": stand.count()})


def standing(election):
    """Candidates who stand and are members of the team now."""
    return election.candidates.filter(stands=True, user__in=electors(election.team))


@transaction.atomic
def vote(election, choices, *, actor):
    """A member's ballot, once and for good: ids of candidates, at most as many as posts; none is a blank paper.

    What was chosen is kept apart from who has voted; the trail has the deed alone.
    """
    held = lock(election, State.VOTING)
    if timezone.localdate() > held.vote_until:
        raise ActivityError(f"投票到 {held.vote_until:%Y-%m-%d} 已经截止。")
    _require_elector(held, actor, "投票")
    chosen = sorted(set(choices))
    if len(chosen) > held.posts:
        raise ActivityError(f"最多选 {held.posts} 人，您选了 {len(chosen)} 人。")
    if held.candidates.filter(pk__in=chosen, stands=True).count() != len(chosen):
        raise ActivityError("选的人里有不是候选人的，请刷新页面重新选。")
    try:
        with transaction.atomic():
            Voter.objects.create(election=held, user=actor)
    except IntegrityError as error:
        raise StaleState("您已经投过票了。每人一次，投了不能改。") from error
    BallotPaper.objects.create(key=uuid.uuid4(), election=held, choices=chosen)
    audit.record("election.voted", held, actor=actor, unit=held.team.unit)


def turnout(election):
    """(how many have voted, how many may): of the members now and whoever voted and left."""
    voted = set(election.voters.values_list("user", flat=True))
    return len(voted), len(voted | set(electors(election.team).values_list("pk", flat=True)))


@transaction.atomic
def count(election, *, actor):
    """Count the papers, once: after the last day, or as soon as everybody has voted. More than half must have voted."""
    held = lock(election, State.VOTING)
    require_no_candidate(held, actor)
    voted, may = turnout(held)
    if voted < may and timezone.localdate() <= held.vote_until:
        raise ActivityError(
            f"投票到 {held.vote_until:%Y-%m-%d} 才截止，还有 {may - voted} 人没有投，到期或投齐后再计票。"
        )
    if voted < most(may):
        raise ActivityError(f"{may} 人里只有 {voted} 人投票，没有过半，不能计票。请改期再投，或者取消。")
    candidates = list(held.candidates.filter(stands=True))
    result = counted(list(held.papers.values_list("choices", flat=True)), [row.pk for row in candidates], held.posts)
    for row in candidates:
        row.votes, row.is_elected = result.votes[row.pk], row.pk in result.elected
    Candidate.objects.bulk_update(candidates, ["votes", "is_elected"])
    move_on(held, State.VOTING, State.COUNTED, counted_at=timezone.now())
    after = {"papers": voted, "of": may, "elected": [row.user.name for row in candidates if row.is_elected]}
    audit.record("election.counted", held, actor=actor, unit=held.team.unit, after=after)


@transaction.atomic
def put_off(election, nominate_until, vote_until, reason, *, actor):
    """Put the days of an election off while people are nominated or vote; a day that is over stays."""
    held = lock(election, State.NOMINATING, State.VOTING)
    before = (held.nominate_until, held.vote_until)
    first = timezone.localtime(held.called_at).date()
    _require_days(nominate_until, vote_until, first)
    if held.state == State.VOTING and nominate_until != held.nominate_until:
        raise ActivityError("已经开始投票，推荐截止日期不能再改。")
    if nominate_until < held.nominate_until or vote_until < held.vote_until or before == (nominate_until, vote_until):
        raise ActivityError("改期只能往后改，请选比现在晚的日期。")
    move_on(held, held.state, held.state, nominate_until=nominate_until, vote_until=vote_until)
    said = {"before": {"days": [f"{day}" for day in before]}}
    said |= {"after": {"days": [f"{nominate_until}", f"{vote_until}"], "reason": reason}}
    audit.record("election.put_off", held, actor=actor, unit=held.team.unit, **said)


def lock(election, *states):
    """The election, locked against another step; raises StaleState when it is not in one of these states."""
    held = Election.objects.select_for_update().get(pk=election.pk)
    if held.state not in states:
        raise StaleState(STALE)
    return held


def move_on(held, old, new, **fields):
    """Compare-and-set of the state; raises StaleState when somebody was faster."""
    if not Election.objects.filter(pk=held.pk, state=old).update(state=new, **fields):
        raise StaleState(STALE)
    held.refresh_from_db()


def _require_elector(held, actor, what):
    if not electors(held.team).filter(pk=actor.pk).exists():
        raise ActivityError(f"只有{held.team}的成员能{what}。")


def require_no_candidate(held, actor):
    """Raise ActivityError for somebody who stands: he or she has no hand in the result."""
    if held.candidates.filter(user=actor, stands=True).exists():
        raise ActivityError("您是候选人，计票、公示和任命要由别人来办。")
