"""Several people do the same thing to a studio at the same moment: one effect, and never more spent than there is."""

import threading
from functools import partial

import pytest
from django.db import connection

from assessments.models import Studio, StudioMoney, StudioStep
from assessments.services import studio_money, studio_results, studios
from teams.models import AuditEntry
from tests.races import at_once, race
from tests.studios import Scene, now

pytestmark = pytest.mark.django_db(transaction=True)
SPENDERS = 6


@pytest.fixture
def scene():
    return Scene()


def spend_at_once(scene):
    """Six people spend 40 of 100 at once; what each was told."""
    studio = scene.growing()
    scene.grant(studio, 100)
    return at_once(*[partial(scene.money, now(studio), "material", 40)] * SPENDERS)


def test_the_balance_covers_what_is_spent_at_once(scene):
    told = spend_at_once(scene)
    assert [word[:6] for word in told] == ["done"] * 2 + ["polite"] * (SPENDERS - 2)
    assert sum(StudioMoney.objects.values_list("amount", flat=True)) == 20


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the write lock lets one transaction in at a time"
)
def test_control_without_the_lock_more_is_spent_than_there_is(scene, monkeypatch):
    studio, meeting, require = scene.growing(), threading.Barrier(SPENDERS), studio_money._require_covered
    scene.grant(studio, 100)

    def slowly(*args):
        require(*args)
        meeting.wait(20)

    monkeypatch.setattr(studio_money, "held", lambda studio: studio)
    monkeypatch.setattr(studio_money, "_require_covered", slowly)
    at_once(*[partial(scene.money, now(studio), "material", 40)] * SPENDERS)
    assert studio_money.balance_of(studio) == 100 - SPENDERS * 40


def test_a_row_is_taken_back_once(scene):
    studio = scene.growing()
    scene.grant(studio, 1000)
    row = scene.money(studio, "material", 40)
    told = race(partial(studio_money.reverse, reason="记错", actor=scene.union), row, SPENDERS)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (SPENDERS - 1)
    assert StudioMoney.objects.filter(reverses=row).count() == 1


def test_a_studio_is_revoked_once(scene):
    studio = scene.growing()
    told = race(partial(studios.revoke, text="不办了", actor=scene.union), studio, SPENDERS)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (SPENDERS - 1)
    assert StudioStep.objects.filter(studio=studio, state=Studio.State.REVOKED).count() == 1
    assert AuditEntry.objects.filter(verb="studio.revoked").count() == 1


def test_a_result_is_verified_once(scene):
    result = scene.result(scene.growing())
    told = race(partial(studio_results.verify, benefit=result.claimed, actor=scene.finance), result, SPENDERS)
    assert [word[:6] for word in told] == ["done"] + ["polite"] * (SPENDERS - 1)
    assert AuditEntry.objects.filter(verb="studio_result.verified").count() == 1


def test_two_take_the_lead_at_once_and_one_has_it(scene):
    studio = scene.whole()
    deeds = [
        partial(studios.rename, now(studio), person, name="", text="接班", actor=scene.union)
        for person in (scene.mate, scene.third)
    ]
    assert [word[:6] for word in at_once(*deeds)] == ["done", "polite"]
    assert AuditEntry.objects.filter(verb="studio.renamed").count() == 1
