"""The trail is sealed in runs; whatever is changed, taken out or slipped in afterwards shows."""

import datetime

import pytest
from django.utils import timezone

from teams import audit
from teams.models import AuditEntry, AuditSeal
from teams.services import trail
from teams.tasks import seal_trail
from teams.triggers import without_triggers
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(minutes=6)


@pytest.fixture
def sealed(monkeypatch):
    """Ten entries in runs of four, all sealed."""
    monkeypatch.setattr(trail, "RUN", 4)
    write(10)
    later = timezone.now() + LATER
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    seal_trail()
    return list(AuditSeal.objects.all())


def write(count):
    unit, actor = make.make_unit(), make.make_user()
    for number in range(count):
        audit.record("test.done", unit, actor=actor, unit=unit, after={"number": number})


def test_entries_are_sealed_in_runs_once_they_are_settled(sealed):
    assert [seal.count for seal in sealed] == [4, 4, 2]
    assert [seal.previous for seal in sealed] == [trail.GENESIS, sealed[0].digest, sealed[1].digest]
    assert (trail.first_broken(), trail.head()) == (None, sealed[-1])


def test_fresh_entries_wait_and_sealing_again_adds_nothing(sealed):
    assert trail.seal() is None
    write(1)
    assert trail.seal(now=timezone.now() - 3 * LATER) is None
    assert AuditSeal.objects.count() == 3


def change(entries):
    AuditEntry.objects.filter(pk=entries[5].pk).update(label="改过")


def take_out(entries):
    AuditEntry.objects.filter(pk=entries[5].pk).delete()


def take_out_with_its_seal(entries):
    AuditEntry.objects.filter(pk__in=[entry.pk for entry in entries[4:8]]).delete()
    AuditSeal.objects.filter(last=entries[7].pk).delete()


def swap(entries):
    one, other = entries[4], entries[5]
    AuditEntry.objects.filter(pk=one.pk).update(after=other.after)
    AuditEntry.objects.filter(pk=other.pk).update(after=one.after)


def forge_the_seal(entries):
    change(entries)
    second = AuditSeal.objects.order_by("id")[1]
    run = list(AuditEntry.objects.filter(pk__gte=second.first, pk__lte=second.last).order_by("pk"))
    AuditSeal.objects.filter(pk=second.pk).update(digest=trail.digest(second.previous, run))


@pytest.mark.parametrize(
    ("attack", "broken"), [(change, 1), (take_out, 1), (take_out_with_its_seal, 2), (swap, 1), (forge_the_seal, 2)]
)
def test_tampering_past_the_guards_shows_at_the_first_seal_that_no_longer_fits(attack, broken, sealed):
    with without_triggers():
        attack(list(AuditEntry.objects.order_by("pk")))
    assert trail.first_broken() == sealed[broken]


def test_whoever_is_refused_stands_in_the_trail(client):
    worker = make.make_member(make.make_team(make.make_unit("电厂")))
    client.force_login(worker)
    client.get("/roles/")
    client.post("/people/export/")
    client.get("/teams/999/")
    refused = AuditEntry.objects.filter(verb="access.refused").order_by("id")
    assert list(refused.values_list("actor", "unit__name", "after")) == [
        (worker.pk, "电厂", {"method": "GET", "path": "/roles/"}),
        (worker.pk, "电厂", {"method": "POST", "path": "/people/export/"}),
    ]
