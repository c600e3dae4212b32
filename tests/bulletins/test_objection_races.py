"""Objections when several people act at once, and what the database itself refuses."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bulletins.models import Objection, ObjectionStep, ObjectionSupport
from bulletins.services import objections
from teams.models import AuditEntry
from tests.bulletins.objecting import Scene, State
from tests.factories import PERIOD
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def decisions(row):
    return row.steps.exclude(state="filed").count(), AuditEntry.objects.filter(
        object_id=row.pk, verb__in=DECISIONS
    ).count()


DECISIONS = ["objection.accepted", "objection.kept", "objection.upheld", "objection.refused"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["accept", "refuse"])
def test_of_two_deciders_one_decides(second):
    scene = Scene()
    row = scene.filed()
    deed = objections.accept if second == "accept" else partial(objections.refuse, ground="late", note="")
    outcomes = at_once(partial(objections.accept, row, actor=scene.manager), partial(deed, row, actor=scene.union))
    assert outcomes[0] == "done"
    assert outcomes[1].startswith("polite: 这条异议刚刚有了进展")
    assert decisions(row) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_comparison_both_decide(monkeypatch):
    def careless(objection, to, *wanted, **fields):
        Objection.objects.filter(pk=objection.pk).update(state=to, **fields)
        return Objection.objects.select_related("bulletin__unit").get(pk=objection.pk)

    scene = Scene()
    row = scene.filed()
    monkeypatch.setattr(objections, "_move", careless)
    monkeypatch.setattr(objections, "_held", lambda row, *wanted: Objection.objects.get(pk=row.pk))
    assert (
        at_once(*(partial(objections.accept, row, actor=who) for who in (scene.manager, scene.union))) == ["done"] * 2
    )
    assert decisions(row) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_a_decider_who_seconds_it_at_that_moment_does_not_answer_it_too():
    scene = Scene()
    row = scene.filed()
    outcomes = at_once(
        partial(objections.support, row, actor=scene.manager), partial(objections.accept, row, actor=scene.manager)
    )
    row.refresh_from_db()
    told = [said for said in outcomes if said != "done"]
    assert (row.state, row.supports.count(), told) in [
        ("filed", 1, ["polite: 提出、附议异议的人，和拟定、检查、批准这些数的人，都不能答复它，请别的负责人办理。"]),
        ("accepted", 1, []),
    ]


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once():
    scene = Scene()
    columns = [("filer", "amount"), ("filer", "days"), ("colleague", "amount"), ("leader", "days")]
    assert at_once(*(partial(scene.filed, who, column) for who, column in columns)) == ["done"] * 4
    assert sorted(Objection.objects.values_list("number", flat=True)) == [f"YY{PERIOD}-{n:03d}" for n in range(1, 5)]


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize(("field", "value"), [("reason", "改过"), ("shown", "1.00"), ("number", "YY")])
def test_what_was_said_stays(scene, state, field, value):
    row = scene.filed(state=State(state))
    rows = Objection.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{field: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete(rows.db)


@pytest.mark.parametrize("state", ["kept", "refused", "corrected", "withdrawn"])
def test_an_end_is_the_end(scene, state):
    row = scene.filed(state=State(state))
    for fields in ({"state": "filed"}, {"answer": "别的"}, {"escalated_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.filter(pk=row.pk).update(**fields)


def test_steps_and_supports_stay(scene):
    row = scene.filed()
    objections.support(row, actor=scene.supporter)
    for model in (ObjectionStep, ObjectionSupport):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(objection=row)
