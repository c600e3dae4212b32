"""公推共选: each step from each state, what a count decides, what comes after it, and that nothing tells who chose whom."""

import datetime
import json

import pytest
from django.db import connection, models
from django.utils import timezone

from activities.elections import reads
from activities.elections.tally import counted as tally
from activities.elections.tally import most
from activities.errors import ActivityError, StaleState
from activities.models import BallotPaper, Candidate, Election, Voter
from activities.services import election_results, elections
from bulletins.models import Bulletin
from teams.errors import TeamError
from teams.models import AuditEntry, Membership
from tests import electing
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def town():
    return electing.make_team_to_vote()


def role_of(user):
    return Membership.objects.open().get(user=user).role


# -- Every step from every state ---------------------------------------------------------------------------------------

STEPS = {
    # step -> what it is tried with, and in which states it goes on
    "nominate": (lambda e, t: elections.nominate(e, t.workers[3], actor=t.leader), {"nominating"}),
    "answer": (lambda e, t: elections.answer(candidate(e, t), False, actor=t.workers[0]), {"nominating"}),
    "open": (lambda e, t: elections.open_voting(ready(e, t), actor=t.union), {"nominating"}),
    "vote": (lambda e, t: elections.vote(e, [], actor=make.make_member(t.team)), {"voting"}),
    "count": (lambda e, t: elections.count(all_voted(e, t), actor=t.union), {"voting"}),
    "post": (lambda e, t: election_results.post_result(e, 3, actor=t.union), {"counted"}),
    "appoint": (lambda e, t: election_results.appoint(over(e), actor=t.manager), {"posted"}),
    "put off": (lambda e, t: elections.put_off(e, *later(e), "再等等", actor=t.union), {"nominating", "voting"}),
    "cancel": (
        lambda e, t: election_results.cancel(e, "重来", actor=t.union),
        {"nominating", "voting", "counted", "posted"},
    ),
}


def candidate(election, town):
    return election.candidates.filter(user=town.workers[0]).first() or Candidate.objects.create(
        election=election, user=town.workers[0]
    )


def ready(election, town):
    if election.state == "nominating":
        electing.stand(election, *town.workers[:2])
        electing.past(election, "nominate_until")
    return election


def all_voted(election, town):
    if election.state == "voting":
        electing.cast(election, town, *[[0]] * 5)
    return election


def over(election):
    Election.objects.filter(pk=election.pk, notice_until__isnull=False).update(
        notice_until=TODAY() - datetime.timedelta(days=1)
    )
    return election


def later(election):
    day = election.nominate_until
    return day, max(election.vote_until, day) + datetime.timedelta(days=1)


@pytest.mark.parametrize("state", electing.BRING)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_goes_on_from_its_states_alone(town, state, step):
    election = electing.BRING[state](town)
    deed, states = STEPS[step]
    before = AuditEntry.objects.count()
    if state in states:
        deed(election, town)
        expected = 3 if step == "open" else 6 if step == "count" else 1
        assert AuditEntry.objects.count() == before + expected  # the people who stand or vote on the way are deeds, too
    else:
        with pytest.raises(TeamError):
            deed(election, town)
        assert AuditEntry.objects.count() == before


# -- Calling and nominating --------------------------------------------------------------------------------------------


def test_an_election_is_called_for_days_to_come_and_more_people_than_posts(town):
    today = TODAY()
    with pytest.raises(ActivityError, match="已经过了"):
        electing.call(town, nominate_until=today - datetime.timedelta(days=1))
    with pytest.raises(ActivityError, match="晚于推荐"):
        electing.call(town, vote_until=today + datetime.timedelta(days=2))
    with pytest.raises(ActivityError, match="最长 92 天"):
        electing.call(town, vote_until=today + datetime.timedelta(days=93))
    with pytest.raises(ActivityError, match="差额"):
        electing.call(town, post="副班长", posts=5)
    with pytest.raises(ActivityError, match="一名班长"):
        electing.call(town, posts=2)
    assert not Election.objects.exists()


def test_a_team_has_one_election_at_a_time(town):
    first = electing.call(town)
    with pytest.raises(ActivityError, match="没有结束的选举"):
        electing.call(town, post="副班长")
    election_results.cancel(first, "重来", actor=town.union)
    assert electing.call(town, post="副班长").state == "nominating"


def test_a_member_names_others_once_and_himself_stands_at_once(town):
    election, (one, other, *_) = electing.call(town), town.workers
    named = elections.nominate(election, other, actor=one)
    assert named.stands is None
    with pytest.raises(StaleState, match="已经推荐过"):
        elections.nominate(election, other, actor=one)
    elections.nominate(election, one, actor=one)
    assert Candidate.objects.get(user=one).stands is True
    assert Candidate.objects.get(user=other).nominations.count() == 1


def test_only_members_name_and_are_named_in_time(town):
    election, stranger = electing.call(town), make.make_member(make.make_team())
    with pytest.raises(ActivityError, match="不是.*成员"):
        elections.nominate(election, stranger, actor=town.leader)
    with pytest.raises(ActivityError, match="只有.*成员能推荐"):
        elections.nominate(election, town.leader, actor=town.manager)
    electing.past(election, "nominate_until")
    with pytest.raises(ActivityError, match="已经截止"):
        elections.nominate(election, town.leader, actor=town.workers[0])


def test_a_candidate_alone_answers_and_may_change_the_answer(town):
    election = electing.call(town)
    named = elections.nominate(election, town.workers[0], actor=town.leader)
    with pytest.raises(ActivityError, match="由本人"):
        elections.answer(named, True, actor=town.leader)
    elections.answer(named, False, actor=town.workers[0])
    with pytest.raises(ActivityError, match="不参选"):
        elections.nominate(election, town.workers[0], actor=town.workers[1])
    elections.answer(named, True, actor=town.workers[0])
    with pytest.raises(StaleState, match="已经是这样"):
        elections.answer(named, True, actor=town.workers[0])
    assert Candidate.objects.get().stands is True


def test_the_vote_needs_more_people_who_stand_than_posts(town):
    election = electing.call(town)
    elections.nominate(election, town.workers[1], actor=town.leader)
    electing.stand(election, town.workers[0])
    with pytest.raises(ActivityError, match="第二天起"):
        elections.open_voting(election, actor=town.union)
    electing.past(election, "nominate_until")
    with pytest.raises(ActivityError, match="要多于名额"):
        elections.open_voting(election, actor=town.union)
    elections.answer(Candidate.objects.get(user=town.workers[1]), True, actor=town.workers[1])
    elections.open_voting(election, actor=town.union)
    election.refresh_from_db()
    assert election.state == "voting"


def test_whoever_left_the_team_stands_no_more(town):
    election = electing.call(town)
    electing.stand(election, *town.workers[:3])
    Membership.objects.filter(user=town.workers[0]).update(ended_on=TODAY())
    electing.past(election, "nominate_until")
    elections.open_voting(election, actor=town.union)
    assert [row.user for row in electing.candidates(election)] == town.workers[1:3]


# -- The ballot --------------------------------------------------------------------------------------------------------


def test_a_member_votes_once_for_candidates_and_at_most_as_many_as_posts(town):
    election = electing.voting(town, standing=3, post="副班长", posts=2)
    one, two, three = [row.pk for row in electing.candidates(election)]
    with pytest.raises(ActivityError, match="最多选 2 人"):
        elections.vote(election, [one, two, three], actor=town.leader)
    with pytest.raises(ActivityError, match="不是候选人"):
        elections.vote(election, [one, 987654], actor=town.leader)
    elections.vote(election, [two, one], actor=town.leader)
    with pytest.raises(StaleState, match="已经投过票"):
        elections.vote(election, [three], actor=town.leader)
    with pytest.raises(ActivityError, match="只有.*成员能投票"):
        elections.vote(election, [one], actor=town.manager)
    assert [paper.choices for paper in election.papers.all()] == [[one, two]]


def test_nobody_votes_after_the_last_day(town):
    election = electing.voting(town)
    electing.past(election, "vote_until")
    with pytest.raises(ActivityError, match="已经截止"):
        elections.vote(election, [], actor=town.leader)


def test_nothing_that_is_stored_leads_from_a_voter_to_a_paper(town):
    """The columns of both tables, what the trail says of a vote, and the order in which papers come back."""
    election = electing.voting(town)
    electing.cast(election, town, [0], [1], [0], [], [1])
    names = {field.name for field in BallotPaper._meta.get_fields()}
    assert names == {"key", "election", "choices"}
    assert {field.name for field in Voter._meta.get_fields()} == {"id", "election", "user"}
    assert not [field for field in BallotPaper._meta.get_fields() if isinstance(field, models.DateTimeField)]
    rows = AuditEntry.objects.filter(verb="election.voted")
    assert {(row.object_id, row.object_type, json.dumps([row.before, row.after])) for row in rows} == {
        (election.pk, "activities.election", "[{}, {}]")
    }
    assert rows.count() == 5
    keys = [paper.key for paper in election.papers.all()]
    assert keys == sorted(keys)


def test_papers_come_back_in_an_order_that_does_not_depend_on_who_came_first():
    """Of many ballots given one after the other: as often as not the earlier comes back later."""
    ups = 0
    for _ in range(12):
        town = electing.make_team_to_vote()
        election = electing.voting(town)
        electing.cast(election, town, [0], [1], [], [], [])
        one, two = electing.candidates(election)
        order = [paper.choices for paper in election.papers.all()]
        ups += order.index([one.pk]) < order.index([two.pk])
    assert 0 < ups < 12


@pytest.mark.parametrize("deed", ["update", "delete"])
@pytest.mark.parametrize("model", [Voter, BallotPaper])
def test_the_database_keeps_voters_and_papers(town, model, deed):
    election = electing.voting(town)
    electing.cast(election, town, [0])
    table, column = model._meta.db_table, "user_id" if model is Voter else "choices"
    told = {"update": f"UPDATE {table} SET {column} = {column}", "delete": f"DELETE FROM {table}"}
    with pytest.raises(Exception, match=table), connection.cursor() as cursor:
        cursor.execute(told[deed])


# -- The count ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("papers", "posts", "elected", "tied"),
    [
        ([], 1, "", ""),
        (["a"], 1, "a", ""),
        (["a", "b"], 1, "", ""),
        (["a", "a", "b"], 1, "a", ""),
        (["a", "a", "b", "b"], 1, "", ""),
        (["a", "a", ""], 1, "a", ""),
        (["a", "a", "", ""], 1, "", ""),
        (["ab", "ab", "ab"], 2, "ab", ""),
        (["ab", "ab", "c"], 1, "", "ab"),
        (["abc", "abc", "ab"], 2, "ab", ""),
        (["abc", "abc", "a"], 2, "a", "bc"),
        (["abc", "abc", "abc"], 2, "", "abc"),
        (["ab", "ac", "ad"], 2, "a", ""),
    ],
)
def test_worked_examples_of_a_count(papers, posts, elected, tied):
    found = tally([list(paper) for paper in papers], list("abcd"), posts)
    assert (found.elected, found.tied) == (frozenset(elected), frozenset(tied))


def test_more_than_half_is_the_least_whole_number_above_it():
    assert [most(number) for number in range(6)] == [1, 1, 2, 2, 3, 3]


def test_a_count_waits_for_the_last_day_or_the_last_voter(town):
    election = electing.voting(town)
    electing.cast(election, town, [0], [0], [0], [0])
    with pytest.raises(ActivityError, match="还有 1 人没有投"):
        elections.count(election, actor=town.union)
    elections.vote(election, [], actor=town.workers[-1])
    elections.count(election, actor=town.union)
    assert [(row.votes, row.is_elected) for row in electing.candidates(election)] == [(4, True), (0, False)]


def test_without_more_than_half_of_the_members_nothing_is_counted(town):
    election = electing.voting(town)
    electing.cast(election, town, [0], [0])
    electing.past(election, "vote_until")
    with pytest.raises(ActivityError, match="没有过半"):
        elections.count(election, actor=town.union)
    assert all(row.votes is None for row in electing.candidates(election))
    later = TODAY() + datetime.timedelta(days=2)
    election.refresh_from_db()
    elections.put_off(election, election.nominate_until, later, "有人出差", actor=town.union)
    elections.vote(election, [electing.candidates(election)[0].pk], actor=town.workers[2])
    electing.past(election, "vote_until")
    elections.count(election, actor=town.union)
    assert Election.objects.get().state == "counted"


def test_who_stands_has_no_hand_in_the_result(town):
    make.give_role(town.unit, "manager", town.workers[0])
    election = electing.voting(town)
    electing.cast(election, town, *[[0]] * 5)
    with pytest.raises(ActivityError, match="您是候选人"):
        elections.count(election, actor=town.workers[0])


def test_a_tie_elects_none_of_those_who_share_it(town):
    election = electing.counted(town, [0, 1], [0, 1], [0, 1], [0, 2], [1], standing=3, post="副班长", posts=1 + 1)
    assert [row.is_elected for row in electing.candidates(election)] == [True, True, False]
    again = electing.make_team_to_vote()
    election = electing.counted(again, [0, 1], [0, 1], [0, 1], [2], [2], standing=3, post="副班长", posts=2)
    assert reads.tied_in(election, electing.candidates(election)) == []


def test_tied_candidates_are_named(town):
    election = electing.counted(town, [0, 1], [0, 1], [0, 2], [0, 2], [1, 2], standing=3, post="副班长", posts=2)
    rows = electing.candidates(election)
    assert [row.is_elected for row in rows] == [True, False, False]
    assert reads.tied_in(election, rows) == rows[1:]


# -- Afterwards --------------------------------------------------------------------------------------------------------


def test_the_result_hangs_as_a_notice_and_leaves_one_row(town):
    election = electing.counted(town)
    with pytest.raises(ActivityError, match="至少 3 个工作日"):
        election_results.post_result(election, 2, actor=town.union)
    before = AuditEntry.objects.count()
    notice = election_results.post_result(election, 3, actor=town.union)
    election.refresh_from_db()
    assert (election.state, election.notice_until) == ("posted", notice.notice_ends_on)
    assert [row["cells"]["c1"] for row in notice.content["rows"]] == ["5", "0"]
    assert AuditEntry.objects.count() == before + 1
    assert election_results.notice_of(election) == notice


def test_nobody_elected_nothing_hangs(town):
    election = electing.counted(town, [0], [0], [1], [1], [])
    with pytest.raises(ActivityError, match="没有人当选"):
        election_results.post_result(election, 3, actor=town.union)
    assert not Bulletin.objects.exists()


def test_the_elected_takes_the_post_over_when_the_notice_is_over(town):
    election, winner = electing.posted(town), town.workers[0]
    with pytest.raises(ActivityError, match="第二天起可以任命"):
        election_results.appoint(election, actor=town.manager)
    electing.past(election, "notice_until")
    election_results.appoint(election, actor=town.manager)
    assert (role_of(winner), role_of(town.leader)) == ("leader", "worker")
    assert Membership.objects.filter(user=winner).count() == 2
    row = AuditEntry.objects.get(verb="election.appointed")
    assert (row.before["post"], row.after["post"]) == ([town.leader.name], [winner.name])
    election.refresh_from_db()
    assert reads.term_end(election).year == TODAY().year + 3


def test_who_is_elected_again_keeps_the_membership(town):
    election = electing.call(town)
    electing.stand(election, town.leader, town.workers[0])
    electing.past(election, "nominate_until")
    elections.open_voting(election, actor=town.union)
    electing.cast(election, town, *[[0]] * 5)
    elections.count(election, actor=town.union)
    election_results.post_result(election, 3, actor=town.union)
    electing.past(election, "notice_until")
    election_results.appoint(election, actor=town.manager)
    assert Membership.objects.get(user=town.leader).role == "leader"


def test_who_left_meanwhile_is_not_appointed(town):
    election = electing.posted(town)
    Membership.objects.filter(user=town.workers[0]).update(ended_on=TODAY())
    electing.past(election, "notice_until")
    with pytest.raises(TeamError, match="不能任命"):
        election_results.appoint(election, actor=town.manager)
    assert Election.objects.get().state == "posted"
    assert role_of(town.leader) == "leader"


def test_a_member_since_today_changes_the_duty_without_a_second_row(town):
    Membership.objects.filter(user=town.workers[0]).update(started_on=TODAY())
    electing.appointed(town)
    assert Membership.objects.get(user=town.workers[0]).role == "leader"


def test_calling_off_a_posted_result_takes_the_notice_down(town):
    election = electing.posted(town)
    with pytest.raises(ActivityError, match="写明原因"):
        election_results.cancel(election, "", actor=town.union)
    before = AuditEntry.objects.count()
    election_results.cancel(election, "有人反映拉票", actor=town.union)
    assert Bulletin.objects.order_by("-id").first().title.startswith("（已撤回）")
    assert AuditEntry.objects.count() == before + 1


# -- What waits --------------------------------------------------------------------------------------------------------


def titles(user):
    user.__dict__.pop("_access", None)
    return [title for title, *_ in reads.waiting_for(user)]


def test_what_waits_follows_the_election(town):
    election, (one, other, third, _) = electing.call(town), town.workers
    elections.nominate(election, other, actor=one)
    assert titles(one) == []
    assert titles(other) == ["参不参选", "推荐候选人"]
    assert titles(town.union) == []
    electing.stand(election, one, other)
    electing.past(election, "nominate_until")
    assert (titles(third), titles(town.union)) == ([], ["选举：开始投票"])
    elections.open_voting(election, actor=town.union)
    electing.cast(election, town, [0])
    assert (titles(town.leader), titles(third)) == ([], ["无记名投票"])
    electing.cast(election, electing.SimpleNamespace(members=town.workers), *[[0]] * 4)
    electing.past(election, "vote_until")
    assert titles(town.union) == ["选举：计票"]
    elections.count(election, actor=town.union)
    election_results.post_result(election, 3, actor=town.union)
    assert titles(town.manager) == []
    electing.past(election, "notice_until")
    assert (titles(town.manager), titles(town.union)) == (["选举：任命"], [])
