"""Every address that changes something leaves exactly one row in the trail: who did what, to what, of which unit."""

import pytest
from celery.app.task import Task
from django.db import transaction
from django.urls import reverse

from teams import audit
from teams.models import AuditEntry
from tests.access.deeds import DEEDS, LEAVE_NOTHING
from tests.access.table import TABLE
from tests.access.world import client_of, url_of, value_of
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db

POSTED = {str(page): page for page in reversed(TABLE) if page.post and str(page) not in LEAVE_NOTHING}
"""Pages that somebody may post to; of an open and a closed month the open one, which stands first."""


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """What a worker does afterwards is a deed of its own."""
    monkeypatch.setattr(Task, "apply_async", lambda *args, **kwargs: None)


def carry_out(world, name):
    """Send the deed's form; the rows that it leaves in the trail. All of it is undone again."""
    deed, page = DEEDS[name], POSTED[name]
    with transaction.atomic():
        body = (deed.before(world) if deed.before else None) or {}
        body |= deed.body(world) if callable(deed.body) else deed.body
        last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        args = [value_of(world, arg) for arg in deed.args] if deed.args else None
        address = reverse(page.name, args=args) if args else url_of(world, page)
        client_of(world, deed.who).post(address, {key: value_of(world, value) for key, value in body.items()})
        rows = list(AuditEntry.objects.filter(id__gt=last).order_by("id"))
        transaction.set_rollback(True)
    return rows


def complaints(world, name):
    """What is wrong with the trail of a deed, in a list; empty when it is right."""
    deed, rows = DEEDS[name], carry_out(world, name)
    if [row.verb for row in rows] != [deed.verb]:
        return [f"{name}: {[row.verb for row in rows]} instead of {deed.verb}"]
    (row,) = rows
    right = row.actor == world.people[deed.who] and row.unit_id and row.label and row.address == "127.0.0.1"
    return [] if right else [f"{name}: {vars(row)}"]


def test_every_page_that_somebody_may_post_to_has_its_deed():
    assert set(DEEDS) == set(POSTED)


@pytest.mark.parametrize("name", by_turns(DEEDS, 3))
def test_a_deed_leaves_exactly_one_row(world, name):
    assert complaints(world, name) == []


# -- Controls: the sweep notices a deed without a row, and one with two ------------------------------------------------

SOME = [
    "teams:unit-add",
    "teams:coefficient-step change approve",
    "assessments:veto-add",
    "incentives:rule-delete rule",
]


@pytest.mark.parametrize("name", SOME)
def test_control_a_deed_that_leaves_no_row_is_found(world, monkeypatch, name):
    monkeypatch.setattr(audit, "record", lambda *args, **kwargs: None)
    assert complaints(world, name)


@pytest.mark.parametrize("name", SOME)
def test_control_a_deed_that_leaves_two_rows_is_found(world, monkeypatch, name):
    record = audit.record

    def twice(*args, **kwargs):
        record(*args, **kwargs)
        return record(*args, **kwargs)

    monkeypatch.setattr(audit, "record", twice)
    assert complaints(world, name)
