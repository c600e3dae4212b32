"""Boards on the wall: posted once, corrected by a further revision."""

import datetime

import pytest

from bulletins.models import Bulletin
from bulletins.services import GENESIS, digest, publish
from bulletins.tables import Board, Column, Fact, Row
from teams.models import AuditEntry
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
