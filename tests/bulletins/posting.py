"""Boards for the tests of signing, closing and reading: a team of members, and a table with a row for each."""

import datetime

from django.utils import timezone

from bulletins.models import Bulletin
from bulletins.services import publish
from bulletins.tables import Audience, Board, Column, Fact, Row
from teams.triggers import without_triggers
from tests.factories import PERIOD


def score_table(people, score="90.50", own="88.00", kind="scores"):
    """A score board whose facts are public, with a row for each of these people."""
    columns = [
        Column("name", "姓名", numeric=False, mask="name", plain=Audience.TEAM),
        Column("score", "得分", unit="分"),
    ]
    rows = [Row(user.pk, {"name": user.name, "score": own}, "/scores/own/") for user in people]
    facts = [Fact("得分", score, link="/scores/", capability="team.view"), Fact("名次", "第 2 名")]
    return Board(kind, "考核得分榜", facts, columns, rows)


def post(team, people, period=PERIOD, **changes):
    return publish(score_table(people, **changes), team=team, period=period, actor=None)


def let_run_out(*bulletins, days=1):
    """The notice of these boards ended so many days ago."""
    ended = timezone.localdate() - datetime.timedelta(days=days)
    with without_triggers():
        Bulletin.objects.filter(pk__in=[bulletin.pk for bulletin in bulletins]).update(
            notice_starts_on=ended - datetime.timedelta(days=4), notice_ends_on=ended
        )
