"""Chains of boards for the tests of verification: units with teams, months, matters and revisions, and their heads."""

from bulletins.models import Bulletin
from bulletins.services import publish
from bulletins.services.heads import lines_of, note_heads
from bulletins.tables import Board, Column, Fact, Row
from tests import factories as make
from tests.factories import PERIOD


def board(score="90.50", kind="scores", title="考核得分榜"):
    rows = [Row(user=1, cells={"name": "张三", "score": score})]
    return Board(kind, title, [Fact("得分", score)], [Column("name", "姓名"), Column("score", "得分")], rows)


def post(team, score="90.50", kind="scores", period=PERIOD, topic=""):
    return publish(board(score, kind), team=team, period=period, topic=topic, actor=None)


def chain_of(unit):
    """The boards of a unit in the order of its chain."""
    return list(Bulletin.objects.filter(unit=unit).order_by("id"))


def noted_on(date, monkeypatch):
    """Note the heads as if it were another day; returns the lines that are kept outside."""
    with monkeypatch.context() as patch:
        patch.setattr("bulletins.services.heads.timezone.localdate", lambda: date)
        return lines_of(note_heads())


def long_chain(unit=None, months=3):
    """Two teams of a unit with their months, a revision and two matters in between: five boards a month."""
    teams = [make.make_team(unit or make.make_unit())]
    teams.append(make.make_team(teams[0].unit))
    for period in range(PERIOD, PERIOD + months):
        for team in teams:
            post(team, period=period)
        post(teams[0], "91.00", period=period)
        post(teams[1], kind="bonus", period=period)
        post(teams[1], kind="notice", period=period, topic=f"notice:{period}")
    return teams[0].unit
