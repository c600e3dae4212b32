"""Boards on the wall: posted once, corrected by a further revision, and every later touch is seen."""

import datetime

import pytest
from django.db import IntegrityError

from bulletins.models import Bulletin
from bulletins.services import GENESIS, digest, first_broken, publish
from bulletins.tables import Board, Column, Fact, Row
from teams.models import AuditEntry
from teams.triggers import without_triggers
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team()


def board(score="90.50", kind="scores", title="考核得分榜"):
    rows = [Row(user=1, cells={"name": "张三", "score": score})]
    return Board(kind, title, [Fact("得分", score)], [Column("name", "姓名"), Column("score", "得分")], rows)


def post(team, score="90.50", kind="scores", period=PERIOD):
    return publish(board(score, kind), team=team, period=period, actor=None)


def test_a_board_hangs_as_it_was_handed_in(team):
    bulletin = post(team)
    assert bulletin.content == {
        "facts": [{"label": "得分", "value": "90.50", "audience": 0}],
        "columns": [
            {"key": "name", "label": "姓名", "numeric": True, "unit": "", "audience": 2},
            {"key": "score", "label": "得分", "numeric": True, "unit": "", "audience": 2},
        ],
        "rows": [{"user": 1, "cells": {"name": "张三", "score": "90.50"}, "link": ""}],
        "notes": [],
        "total": {},
    }
    assert (bulletin.serial, bulletin.revision, bulletin.previous_hash) == (f"202610K{team.pk:04d}-1", 1, GENESIS)
    assert bulletin.content_hash == digest(Bulletin.objects.get())


def test_posting_twice_hangs_it_once(team):
    assert post(team) == post(team)
    assert (Bulletin.objects.count(), AuditEntry.objects.filter(verb="board.published").count()) == (1, 1)


def test_a_change_is_a_further_revision_and_the_first_stays_readable(team):
    first, second = post(team, "90.50"), post(team, "91.00")
    assert (second.revision, second.serial[-2:], second.previous_hash) == (2, "-2", first.content_hash)
    assert list(Bulletin.objects.current()) == [second]
    assert Bulletin.objects.get(revision=1).content["facts"][0]["value"] == "90.50"


def test_going_back_to_the_first_figures_is_a_third_revision(team):
    assert [post(team, score).revision for score in ("90.50", "91.00", "90.50")] == [1, 2, 3]


def test_a_notice_runs_three_full_working_days_after_the_day_it_was_posted(team, monkeypatch):
    friday = datetime.datetime(2026, 11, 6, 15, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: friday)
    bulletin = post(team)
    # Friday evening in Beijing; Monday, Tuesday and Wednesday are the three days.
    assert (bulletin.notice_starts_on, bulletin.notice_ends_on) == (
        datetime.date(2026, 11, 6),
        datetime.date(2026, 11, 11),
    )


# -- The chain ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def chain(team):
    """Six boards of two teams of one unit, and one of another unit that has a chain of its own."""
    other = make.make_team(team.unit)
    for period in (202608, 202609, 202610):
        post(team, period=period)
        post(other, period=period)
    post(make.make_team())
    return list(Bulletin.objects.filter(unit=team.unit).order_by("id"))


def tamper(function):
    with without_triggers():
        function()


def test_an_untouched_chain_is_whole(chain):
    assert first_broken(chain[0].unit) is None
    assert [row.previous_hash for row in chain] == [GENESIS, *[row.content_hash for row in chain[:-1]]]


FORGERIES = {
    "title": "改过",
    "period": 202611,
    "revision": 7,
    "serial": "202610K9999-1",
    "kind": "bonus",
    "content": {"facts": []},
    "notice_ends_on": datetime.date(2030, 1, 1),
    "published_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    "previous_hash": "f" * 64,
    "content_hash": "f" * 64,
}


@pytest.mark.parametrize("field", FORGERIES)
@pytest.mark.parametrize("position", range(6))
def test_a_forged_field_is_found_in_the_row_where_it_was_forged(field, position, chain):
    victim = chain[position]
    tamper(lambda: Bulletin.objects.filter(pk=victim.pk).update(**{field: FORGERIES[field]}))
    assert first_broken(victim.unit) == victim


@pytest.mark.parametrize("field", ["team", "published_by"])
def test_a_board_cannot_be_handed_to_somebody_else(field, chain):
    other = {"team": make.make_team(), "published_by": make.make_user()}[field]
    tamper(lambda: Bulletin.objects.filter(pk=chain[2].pk).update(**{field: other}))
    assert first_broken(chain[0].unit) == chain[2]


@pytest.mark.parametrize("position", range(5))
def test_a_board_taken_down_is_missed_by_the_next(position, chain):
    tamper(lambda: Bulletin.objects.filter(pk=chain[position].pk).delete())
    assert first_broken(chain[0].unit) == chain[position + 1]


def test_the_last_board_is_missed_only_by_those_who_noted_its_fingerprint(chain):
    """The chain cannot know what came after its end: the fingerprint on the printed sheet does."""
    tamper(lambda: Bulletin.objects.filter(pk=chain[-1].pk).delete())
    assert first_broken(chain[0].unit) is None
    assert not Bulletin.objects.filter(content_hash=chain[-1].content_hash).exists()


def test_a_board_slipped_in_is_found(chain):
    forged = Bulletin.objects.get(pk=chain[2].pk)
    forged.pk, forged.revision, forged.serial, forged.title = None, 9, "forged", "多出来的一张"
    forged.previous_hash = "e" * 64
    forged.content_hash = digest(forged)
    forged.save(force_insert=True)
    assert first_broken(forged.unit) == forged


def test_two_boards_in_exchange_are_found(chain):
    def swap():
        contents = chain[1].content, chain[3].content
        Bulletin.objects.filter(pk=chain[1].pk).update(content=contents[1] | {"notes": ["3"]})
        Bulletin.objects.filter(pk=chain[3].pk).update(content=contents[0] | {"notes": ["1"]})

    tamper(swap)
    assert first_broken(chain[0].unit) == chain[1]


def test_a_forger_who_makes_the_fingerprint_anew_is_betrayed_by_the_next_row(chain):
    victim = Bulletin.objects.get(pk=chain[1].pk)
    victim.title = "改过"
    tamper(lambda: Bulletin.objects.filter(pk=victim.pk).update(title="改过", content_hash=digest(victim)))
    assert first_broken(victim.unit) == chain[2]


def test_a_chain_has_no_fork(chain):
    fork = Bulletin.objects.get(pk=chain[2].pk)
    fork.pk, fork.revision, fork.serial, fork.content_hash = None, 9, "fork", "d" * 64
    with pytest.raises(IntegrityError):
        fork.save(force_insert=True)


def test_another_unit_is_not_troubled(chain):
    tamper(lambda: Bulletin.objects.filter(pk=chain[0].pk).update(title="改过"))
    assert first_broken(Bulletin.objects.exclude(unit=chain[0].unit).get().unit) is None
