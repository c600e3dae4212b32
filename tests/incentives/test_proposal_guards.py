"""What was proposed stays as it was, and so does a decision: every column of an expense, an award and an adjustment is attacked in SQL."""

import datetime
import uuid
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from incentives.models import Adjustment, Expense, SpecialAward
from incentives.services import adjustments, awards, clauses, expenses
from teams import periods
from teams.models import Attachment
from teams.triggers import without_triggers
from tests import factories as make
from tests.spending import grant, make_spenders, propose_award, propose_expense, voucher

pytestmark = pytest.mark.django_db
DECISION = {"state", "decided_by", "decided_at", "answer", "posting"}
"""Columns that a decision fills, once."""
# What rests on a clause can hold no objection beside it: tests/incentives/test_remedies.py swaps one for another.
COLUMNS = [
    (model, field.name)
    for model in (Expense, SpecialAward, Adjustment)
    for field in model._meta.concrete_fields
    if field.name not in DECISION | {"objection"}
]
PAPERS = {Expense: "vouchers", SpecialAward: "evidence", Adjustment: "evidence"}


def add_adjustment(people):
    facts = {
        "code": uuid.uuid4().hex[:10],
        "name": "修旧利废",
        "kind": "award",
        "least": 2000,
        "most": 5000,
        "note": "",
    }
    clause = clauses.add(people.unit, actor=people.manager, **facts)
    photo = [voucher(people.team, people.leader)]
    said = {"user": people.worker, "clause": clause, "amount": 3000, "reason": "回收配件", "evidence": photo}
    return adjustments.propose(people.team, periods.current_period(), **said, actor=people.leader)


def proposed(model, people):
    if model is Adjustment:
        return add_adjustment(people)
    if model is Expense:
        return propose_expense(people)
    facts = {"kind": "contest", "user": people.worker, "evidence": [voucher(people.team, people.leader)]}
    return propose_award(people.team, 100, actor=people.union, **facts)


SERVICES = {Expense: expenses, SpecialAward: awards, Adjustment: adjustments}


@pytest.fixture
def people():
    found = make_spenders()
    grant(found.team)
    found.second = make.make_team(found.unit)
    found.clause = add_adjustment(SimpleNamespace(**vars(found))).clause
    return found


def approved(model, people):
    row = proposed(model, people)
    SERVICES[model].approve(row, actor=people.manager)
    row.refresh_from_db()
    return row


def another(row, name, people):
    """A value that the column could hold but does not."""
    field = row._meta.get_field(name)
    if name == "key":
        return uuid.uuid4()
    if isinstance(field, models.ForeignKey):
        return {"team": people.second, "clause": people.clause}.get(name, people.finance).pk
    if isinstance(field, models.DateField):
        return field.to_python(timezone.now() - datetime.timedelta(days=9))
    if isinstance(field, models.CharField):
        choices = [value for value, _ in field.choices or () if value != getattr(row, name)]
        return choices[-1] if choices else "改过"
    return 202601 if name == "period" else getattr(row, name) + 1


def overwrite(row, name, value):
    field = row._meta.get_field(name)
    stored = field.get_db_prep_save(value, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {field.column} = %s WHERE id = %s", [stored, row.pk])


@pytest.mark.parametrize("bring", [proposed, approved], ids=["proposed", "approved"])
@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=[f"{model.__name__}-{name}" for model, name in COLUMNS])
def test_no_column_of_a_proposal_is_changed(people, bring, model, name):
    row = bring(model, people)
    value = another(row, name, people)
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        overwrite(row, name, value)
    with without_triggers(), transaction.atomic():
        overwrite(row, name, value)
        transaction.set_rollback(True)


STANDING = [
    *((model, name) for model in PAPERS for name in ("decided_by", "decided_at")),
    *((model, "answer") for model in (Expense, SpecialAward)),
]
"""What stays of a decision that is undone; an adjustment that is revoked says why in its answer."""


@pytest.mark.parametrize(("model", "name"), STANDING)
def test_a_decision_that_stands_is_not_rewritten_on_the_way_back(people, model, name):
    row = approved(model, people)
    undone = "withdrawn" if model is Adjustment else "reversed"
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(
            state=undone, **{row._meta.get_field(name).attname: another(row, name, people)}
        )
    with transaction.atomic():
        assert model.objects.filter(pk=row.pk).update(state=undone) == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", PAPERS)
@pytest.mark.parametrize("state", ["proposed", "refused", "withdrawn"])
def test_an_approved_proposal_never_becomes_anything_else(people, model, state):
    row = approved(model, people)
    if (model, state) == (Adjustment, "withdrawn"):
        state = "refused"
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(state=state)


@pytest.mark.parametrize("model", PAPERS)
def test_a_refused_proposal_stays_refused(people, model):
    row = proposed(model, people)
    SERVICES[model].refuse(row, "没有凭据", actor=people.manager)
    for change in ({"state": "proposed"}, {"answer": "改过"}, {"decided_by": people.finance}):
        with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize("model", PAPERS)
@pytest.mark.parametrize("bring", [proposed, approved], ids=["proposed", "approved"])
def test_no_proposal_and_none_of_its_photos_is_deleted(people, model, bring):
    row = bring(model, people)
    papers = getattr(row, PAPERS[model])
    for attack in (papers.clear, lambda: model.objects.filter(pk=row.pk)._raw_delete("default")):
        with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
            attack()
    assert papers.count() == 1


@pytest.mark.parametrize("model", PAPERS)
def test_no_photo_comes_after_the_decision(people, model):
    row, photo = proposed(model, people), voucher(people.team, people.leader)
    papers = getattr(row, PAPERS[model])
    SERVICES[model].approve(row, actor=people.manager)
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        papers.add(photo)
    with without_triggers():
        papers.add(photo)
    assert Attachment.objects.filter(pk__in=papers.all()).count() == 2
