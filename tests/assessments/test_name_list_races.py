"""Several people do the same thing to a list at the same moment: one board, one answer, one list that stands."""

import threading
from functools import partial

import pytest
from django.db import connection

from assessments.models import Application, ApplicationStep, Challenge, Round
from assessments.services import challenges, name_lists
from bulletins.models import Bulletin
from teams.models import AuditEntry
from tests.name_lists import ListScene
from tests.races import at_once, race

pytestmark = pytest.mark.django_db(transaction=True)
RUNNERS = 5


@pytest.fixture
def scene():
    return ListScene().fixed(listed="ab", reserve="c", over="")


def test_two_post_at_once_and_one_board_hangs(scene):
    told = race(partial(name_lists.post, actor=scene.company), scene.round, RUNNERS)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (RUNNERS - 1)
    assert Bulletin.objects.filter(kind="nomination").count() == 1
    assert AuditEntry.objects.filter(verb="board.published").count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the write lock lets one transaction in at a time"
)
def test_control_without_the_lock_and_the_state_several_post(scene, monkeypatch):
    meeting, composed = threading.Barrier(RUNNERS), name_lists.board_of_names

    def slowly(held, actor, days):
        board = composed(held, actor, days)
        meeting.wait(20)
        return board

    monkeypatch.setattr(name_lists, "hold", lambda found: Round.objects.get(pk=found.pk))
    monkeypatch.setattr(name_lists, "board_of_names", slowly)
    monkeypatch.setattr(name_lists, "move", lambda *args, **kwargs: None)
    told = race(partial(name_lists.post, actor=scene.company), scene.round, RUNNERS)
    assert told == ["done"] * RUNNERS


def test_a_challenge_is_answered_once_and_the_name_leaves_once(scene):
    name_lists.post(scene.round, actor=scene.company)
    found = challenges.file(scene.fresh("a"), "有事故", actor=scene.worker)
    told = race(partial(challenges.uphold, answer="查实", actor=scene.company), found, RUNNERS)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (RUNNERS - 1)
    assert ApplicationStep.objects.filter(action="strike_off").count() == 1
    assert AuditEntry.objects.filter(verb="challenge.upheld").count() == 1


def test_the_same_person_doubts_a_name_once(scene):
    name_lists.post(scene.round, actor=scene.company)
    told = race(partial(challenges.file, text="有事故", actor=scene.worker), scene.fresh("a"), RUNNERS)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (RUNNERS - 1)
    assert Challenge.objects.count() == 1


def test_one_reserve_takes_the_last_place():
    scene = ListScene(quota={"total": 1, "reserve_percent": 200}).fixed(listed="a", reserve="bc", over="")
    name_lists.strike_off(scene.fresh("a"), "本人退出", actor=scene.company)
    deeds = [partial(name_lists.step_in, scene.fresh(name), actor=scene.company) for name in "bc"]
    told = at_once(*deeds)
    assert [word[:6] for word in told] == ["done", "polite"]
    assert Application.objects.filter(state="shortlisted").count() == 1
