"""Twenty ballots of one person at one moment are one paper; a count and a late ballot do not cross."""

import time
import uuid
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from activities.errors import StaleState
from activities.models import BallotPaper, Candidate, Election, Voter
from activities.services import elections
from teams import audit
from teams.models import AuditEntry
from tests import electing
from tests.races import at_once, race

pytestmark = pytest.mark.django_db(transaction=True)


def naive_vote(election, actor):
    """Look whether the person has voted, then store the paper: what the service must not be."""
    if AuditEntry.objects.filter(verb="election.voted", actor=actor).exists():
        raise StaleState
    time.sleep(0.1)
    with transaction.atomic():
        BallotPaper.objects.create(key=uuid.uuid4(), election=election, choices=[])
        audit.record("election.voted", election, actor=actor)


def test_twenty_ballots_of_one_person_are_one_paper():
    town = electing.make_team_to_vote()
    election = electing.voting(town)
    told = race(partial(elections.vote, choices=[], actor=town.leader), election)
    assert told.count("done") == 1
    assert set(told) - {"done"} == {"polite: 您已经投过票了。每人一次，投了不能改。"}
    assert (BallotPaper.objects.count(), Voter.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(verb="election.voted").count() == 1


def test_control_the_naive_ballot_box_takes_several():
    town = electing.make_team_to_vote()
    election = electing.voting(town)
    race(partial(naive_vote, actor=town.leader), election)
    assert BallotPaper.objects.count() > 1


def test_twenty_counts_count_once():
    town = electing.make_team_to_vote()
    election = electing.voting(town)
    electing.cast(election, town, *[[0]] * 5)
    told = race(partial(elections.count, actor=town.union), election)
    assert told.count("done") == 1
    assert len([words for words in told if words.startswith("polite: ")]) == 19
    assert AuditEntry.objects.filter(verb="election.counted").count() == 1
    assert [row.votes for row in electing.candidates(election)] == [5, 0]


def test_every_paper_that_was_accepted_beside_a_count_is_in_it():
    """The count comes when all have voted; whoever votes at that moment waits for it or is waited for."""
    town = electing.make_team_to_vote()
    election = electing.voting(town)
    first = electing.candidates(election)[0].pk
    electing.cast(election, town, [0], [0], [0], [0])
    fresh = partial(Election.objects.get, pk=election.pk)
    late = [partial(elections.vote, fresh(), [first], actor=town.workers[-1])]
    counts = [partial(elections.count, fresh(), actor=town.union) for _ in range(4)]
    at_once(*late, *counts)
    found = fresh()
    votes = Candidate.objects.get(pk=first).votes
    papers = BallotPaper.objects.count()
    assert papers == 5
    assert (found.state, votes) in (("counted", papers), ("voting", None))
    assert timezone.localdate() <= found.vote_until
