"""公推共选: the secret ballot and what a count decides."""

import datetime
import json

import pytest
from django.db import connection, models, transaction
from django.utils import timezone

from activities.elections import reads
from activities.elections.tally import counted as tally
from activities.elections.tally import most
from activities.errors import ActivityError, StaleState
from activities.models import BallotPaper, Election, Voter
from activities.services import elections
from teams.models import AuditEntry
from tests import electing
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def town():
    return electing.make_team_to_vote()


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
    with pytest.raises(Exception, match=table), transaction.atomic(), connection.cursor() as cursor:
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
