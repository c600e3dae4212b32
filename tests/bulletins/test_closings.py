"""公示结束证明: once, when the notice has run its time with nothing open; what holds it up is said."""

import datetime
import time

import pytest
from django.db import transaction
from django.utils import timezone

from bulletins.closings import in_state, standing_of, workdays_left
from bulletins.errors import BulletinError
from bulletins.models import Bulletin, Closing, Objection
from bulletins.services import closings, notices, signatures
from bulletins.tasks import close_notices
from teams.models import AuditEntry
from teams.triggers import without_triggers
from tests import factories as make
from tests.bulletins.posting import let_run_out, post
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


@pytest.fixture
def people(team):
    return [make.make_member(team) for _ in range(3)]


@pytest.fixture
def board(team, people):
    return post(team, people)


def object_to(board, user, state="filed"):
    facts = {"answer": "核对过", "decided_by": make.make_user()} if state in ("kept", "refused") else {}
    return Objection.objects.create(
        number=f"YY-{Objection.objects.count()}",
        bulletin=board,
        row_user=user,
        column="score",
        label="得分",
        reason="少算",
        filed_by=user,
        state=state,
        accept_by=board.notice_ends_on,
        **facts,
    )


def test_the_task_certifies_what_has_run_its_time(board, people):
    signatures.sign(board, actor=people[0])
    object_to(board, people[1], state="kept")
    close_notices()
    assert not Closing.objects.exists()
    let_run_out(board)
    close_notices()
    row = Closing.objects.get()
    assert (row.bulletin, row.concerned, row.signed, row.objections) == (board, 3, 1, 1)
    close_notices()
    assert AuditEntry.objects.filter(verb="board.closed").count() == Closing.objects.count() == 1


def test_on_its_last_day_a_notice_still_runs(board):
    let_run_out(board, days=0)
    assert closings.close_due() == 0
    with pytest.raises(BulletinError, match="公示期还没有到"):
        closings.close(board.pk)


@pytest.mark.parametrize("state", Objection.OPEN)
def test_an_open_objection_holds_it_up(client, board, people, state):
    objection = object_to(board, people[0], state=state) if state == "filed" else object_to(board, people[0])
    with without_triggers():
        Objection.objects.filter(pk=objection.pk).update(state=state, decided_by=make.make_user(), answer="是")
    let_run_out(board)
    assert closings.close_due() == 0
    assert "还有 1 件异议没有办结" in client.get(f"/boards/{board.serial}/").content.decode()


def test_an_objection_to_the_first_revision_holds_up_the_second(team, board, people):
    object_to(board, people[0])
    second = post(team, people, score="91.00")
    let_run_out(board, second)
    assert closings.close_due() == 0
    with without_triggers():
        Objection.objects.update(state="withdrawn")
    assert closings.close_due() == 1
    assert Closing.objects.get().bulletin == second


def test_another_boards_objection_does_not(team, board, people):
    other = post(team, people, kind="attendance")
    object_to(other, people[0])
    let_run_out(board, other)
    assert closings.close_due() == 1
    assert Closing.objects.get().bulletin == board


def test_a_notice_that_only_tells_something_gets_no_certificate(team):
    wish = {"key": "a" * 12, "title": "停水", "text": "明天停水", "audience": 0, "days": 1}
    let_run_out(notices.post_notice({"team": team}, wish, actor=None))
    assert closings.close_due() == 0


def test_one_that_cannot_be_closed_keeps_no_other_open(team, board, people, monkeypatch):
    other = post(team, people, kind="attendance")
    let_run_out(board, other)
    close = closings.close
    monkeypatch.setattr(closings, "close", lambda pk: 1 / 0 if pk == board.pk else close(pk))
    assert closings.close_due() == 1
    assert Closing.objects.get().bulletin == other


def test_the_board_shows_the_certificate(client, board, people):
    signatures.sign(board, actor=people[0])
    let_run_out(board)
    before = client.get(f"/boards/{board.serial}/")
    assert "夜里自动出公示结束证明" in before.content.decode()
    closings.close(board.pk)
    html = client.get(f"/boards/{board.serial}/", headers={"If-None-Match": before.headers["ETag"]}).content.decode()
    assert "榜上 3 人，1 人核对签字，没有异议" in html


# -- How long it still runs ----------------------------------------------------------------------------------------------

MONDAY = datetime.date(2026, 11, 9)


@pytest.mark.parametrize(
    ("last", "left"),
    [
        (MONDAY, 0),
        (MONDAY + datetime.timedelta(days=1), 1),
        (datetime.date(2026, 11, 13), 4),
        (datetime.date(2026, 11, 16), 5),
    ],
)
def test_working_days_to_come(monkeypatch, last, left):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: MONDAY)
    assert workdays_left(last) == left


def test_what_is_said_of_a_running_notice(board, monkeypatch):
    facts = {"superseded": False, "open_objections": 0, "closing": None}
    monkeypatch.setattr(timezone, "localdate", lambda *moment: board.notice_ends_on)
    assert standing_of(board, **facts).detail == "今天是最后一天。"
    monkeypatch.setattr(timezone, "localdate", lambda *moment: board.notice_starts_on)
    assert standing_of(board, **facts).detail == "还有 3 个工作日。"
    disputed = standing_of(board, **facts | {"open_objections": 2}).detail
    assert disputed == "还有 3 个工作日。有 2 件异议没有办结。"
    assert standing_of(board, **facts | {"superseded": True}).word == "已有新的一版"


def test_the_states_of_the_wall(team, board, people):
    over, disputed = post(team, people, kind="attendance"), post(team, people, kind="points")
    let_run_out(over, disputed)
    object_to(disputed, people[0])
    found = {state: list(in_state(Bulletin.objects.all(), state)) for state in ("running", "over", "disputed")}
    assert found == {"running": [board], "over": [over], "disputed": [disputed]}


# -- The race, and its control -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_write_one_certificate():
    team = make.make_team()
    board = post(team, [make.make_member(team)])
    let_run_out(board)
    outcomes = race(lambda row: closings.close(row.pk), board)
    assert (
        outcomes.count("done") == Closing.objects.count() == AuditEntry.objects.filter(verb="board.closed").count() == 1
    )
    assert all(outcome.startswith("polite: ") for outcome in outcomes if outcome != "done")


def close_naively(board):
    if Closing.objects.filter(bulletin=board).exists():
        raise BulletinError("已经有了")
    time.sleep(0.1)
    with transaction.atomic():
        Closing.objects.create(bulletin=board, concerned=1, signed=0, objections=0)


@pytest.mark.django_db(transaction=True)
def test_control_who_looks_first_and_holds_nothing_stumbles():
    team = make.make_team()
    board = post(team, [make.make_member(team)])
    outcomes = race(close_naively, board)
    assert any("IntegrityError" in outcome for outcome in outcomes)
