"""Two people, or the night and somebody, at the same title or round at the same moment: one effect."""

import threading
from functools import partial

import pytest
from django.db import connection

from assessments.models import Recheck, Title, TitleStep
from assessments.services import naming, title_checks, titles
from assessments.services.titles import Verdict
from bulletins.models import Bulletin
from teams.models import AuditEntry, Honour
from tests.races import at_once, race
from tests.titles import DAY, Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene():
    return Scene()


def name(scene, number):
    naming.name_round(scene.round, f"工发{number}号", scene.today, actor=scene.company)


def test_two_secretaries_name_a_round_at_once_and_one_does(scene):
    scene.listed()
    told = at_once(partial(name, scene, 1), partial(name, scene, 2))
    assert [word[:6] for word in told] == ["done", "polite"]
    assert (Title.objects.count(), TitleStep.objects.count(), Honour.objects.count()) == (2, 2, 2)
    assert Title.objects.values("document").distinct().count() == 1
    boards = Bulletin.objects.filter(kind=Bulletin.Kind.NAMING)
    assert boards.count() == 1
    assert AuditEntry.objects.filter(verb="board.published", object_id=boards.get().pk).count() == 1


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the write lock lets one transaction in at a time"
)
def test_control_without_the_compare_and_set_both_go_on_until_a_constraint_stops_one(scene, monkeypatch):
    scene.listed()
    meeting, winners = threading.Barrier(2), naming._winners

    def slowly(held):
        found = winners(held)
        meeting.wait(20)
        return found

    def claim(held, document, named_on):
        held.document, held.named_on = document, named_on

    monkeypatch.setattr(naming, "_claim", claim)
    monkeypatch.setattr(naming, "_winners", slowly)
    monkeypatch.setattr(naming, "advance", lambda *args, **kwargs: None)
    monkeypatch.setattr(naming.title_honours, "give", lambda title, actor: None)
    refused, done = at_once(partial(name, scene, 1), partial(name, scene, 2))
    assert done == "done"
    assert "IntegrityError" in refused


def test_a_recheck_is_opened_once_by_two_nights(scene):
    title = scene.title(back=330)
    told = at_once(*[partial(title_checks.keep, scene.today)] * 3)
    assert told == ["done"] * 3
    assert Recheck.objects.filter(title=title).count() == 1
    assert AuditEntry.objects.filter(verb="recheck.opened").count() == 1


def test_a_recheck_is_decided_once(scene):
    recheck = scene.recheck(scene.title())
    deeds = [
        partial(titles.keep, verdict=Verdict("好"), actor=scene.runner),
        partial(titles.revoke, verdict=Verdict("不好"), way="ordered", actor=scene.runner),
        partial(titles.rectify, verdict=Verdict("要改"), until=scene.today + DAY, actor=scene.runner),
    ]
    rows = [Recheck.objects.get(pk=recheck.pk) for _ in deeds]
    told = at_once(*(partial(deed, row) for deed, row in zip(deeds, rows, strict=True)))
    assert [word[:6] for word in told] == ["done", "polite", "polite"]
    assert AuditEntry.objects.filter(verb__in=["title.kept", "title.revoked", "title.rectified"]).count() == 1


def test_a_rectification_is_closed_once(scene):
    title = scene.title(Title.State.RECTIFYING)
    told = race(partial(titles.restore, reason="已整改", actor=scene.runner), title, 4)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * 3
    assert TitleStep.objects.filter(title=title, text__startswith="已整改").count() == 1
