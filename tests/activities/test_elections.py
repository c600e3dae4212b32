"""公推共选: each step from each state, who is named, what comes after the count, what waits for whom."""

import datetime

import pytest
from django.utils import timezone

from activities.elections import reads
from activities.errors import ActivityError, StaleState
from activities.models import Candidate, Election
from activities.services import election_results, elections
from bulletins.models import Bulletin
from bulletins.services.notices import withdraw_notice
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
    assert (reads.term_end(election) + datetime.timedelta(days=1)).year == TODAY().year + 3


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


def test_a_result_whose_notice_was_withdrawn_appoints_nobody_and_can_be_called_off(town):
    election = electing.posted(town)
    withdraw_notice(election_results.notice_of(election), "票数抄错了", actor=town.manager)
    electing.past(election, "notice_until")
    with pytest.raises(ActivityError, match="公示已经撤回"):
        election_results.appoint(election, actor=town.manager)
    assert role_of(town.leader) == "leader"
    assert (titles(town.manager), titles(town.union)) == (["选举：取消后重新选"], ["选举：取消后重新选"])
    election_results.cancel(election, "票数抄错了", actor=town.union)
    assert AuditEntry.objects.latest("id").verb == "election.cancelled"
    assert Bulletin.objects.filter(title__startswith="（已撤回）").count() == 1


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


def test_what_cannot_go_on_is_not_offered(town):
    """Too few who stand, the days gone by, too few who voted, nobody elected: each says what is left to do."""
    today, election = TODAY(), electing.call(town)
    electing.stand(election, town.workers[0])
    electing.past(election, "nominate_until")
    assert titles(town.union) == ["选举：改期或取消"]
    assert "同意参选的有 1 人，要多于名额 1 人" in reads.stopped_by(election, today)
    electing.past(election, "vote_until")
    assert "投票截止日期已经过了" in reads.stopped_by(election, today)
    again = electing.make_team_to_vote()
    election = electing.voting(again)
    electing.cast(election, again, [0], [0])
    assert (titles(again.union), reads.stopped_by(election, today)) == ([], "")
    electing.past(election, "vote_until")
    assert "没有过半，不能计票" in reads.stopped_by(election, today)
    election = electing.counted(electing.make_team_to_vote(), [0], [0], [1], [1], [])
    assert reads.next_step(election, today) == "取消后重新选"
    assert "没有人当选" in reads.stopped_by(election, today)


def test_everybody_has_voted_and_the_count_waits_for_somebody_who_does_not_stand(town):
    make.give_role(town.unit, "union", town.workers[0])
    election = electing.voting(town)
    electing.cast(election, town, *[[0]] * 5)
    assert (titles(town.workers[0]), titles(town.union)) == ([], ["选举：计票"])


def test_an_appointment_says_who_takes_over_from_whom(town):
    election = electing.posted(town)
    said = reads.hand_over(election, reads.candidates_of(election), reads.holders_of(election))
    assert said.startswith(f"从今天起由{town.workers[0].name}担任{town.team}班长，{town.leader.name}转为组员。")


def test_namesakes_are_told_apart_by_employee_number(town):
    for user, name in zip(town.workers[:3], ("张伟", "张伟", "李娜"), strict=True):
        type(user).objects.filter(pk=user.pk).update(name=name)
        user.refresh_from_db()
    election = electing.posted(town, standing=3)
    one, other = town.workers[:2]
    labels = {f"张伟（{one.employee_no}）", f"张伟（{other.employee_no}）", "李娜"}
    assert {row.label for row in reads.ballot_of(election, [])} == labels
    rows = election_results.notice_of(election).content["rows"]
    assert {row["cells"]["c0"] for row in rows} == labels
    assert reads.hand_over(election, reads.candidates_of(election), []).startswith(
        f"从今天起由张伟（{one.employee_no}）"
    )


def test_a_term_that_ends_soon_asks_for_the_next_election(town):
    election = electing.appointed(town)
    assert titles(town.union) == []
    Election.objects.filter(pk=election.pk).update(term_months=1)
    assert (titles(town.union), titles(town.workers[1])) == (["换届选举"], [])
    electing.call(town)
    assert titles(town.union) == []
