"""What the database itself refuses, on both engines: every guarded table of every floor under every attack we know.

The month of tests/data is closed, divided, posted and published, so each guarded table holds a row that must not change.
"""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.models import (
    Finding,
    Rectification,
    RectificationStep,
    StandardVersion,
    Statement,
    Veto,
)
from bulletins.models import Bulletin
from incentives.models import Adjustment, Clause, Distribution, DistributionLine, Exclusion, Pool, SignOff
from incentives.services import pools
from teams.models import Attachment, Attendance, AttendanceCorrection, Membership, Overtime, Watch
from teams.triggers import declared_guards, install, missing, without_triggers
from tests.access.applications import add_guarded as add_applications
from tests.access.programmes import add_guarded as add_round
from tests.access.studios import add_guarded as add_studios
from tests.access.titles import add_guarded as add_titles
from tests.activities.knowledge import add_guarded as add_knowledge
from tests.activities.learning import add_learnt
from tests.appraisals import end, give_votes, make_round
from tests.board_records import add_board_records
from tests.factories import give_role
from tests.guarded import GUARDED
from tests.ideas import add_steps as add_idea_steps
from tests.party_life import add_guarded as add_party_life
from tests.pieces import add_counted
from tests.points import add_closed_points
from tests.recording import add_voided
from tests.sampling import by_turns
from tests.spending import add_paid

pytestmark = pytest.mark.django_db
POSTGRES = connection.vendor == "postgresql"


@pytest.fixture(scope="module")
def case(case, django_db_blocker):
    """The imported month, with a correction that is decided, a watch that is handed over, a closed rectification and a closed appraisal."""
    with django_db_blocker.unblock():
        leader, worker = (Membership.objects.filter(role=role).first() for role in ("leader", "worker"))
        facts = {"user": worker.user, "team": worker.team, "date": "2026-10-01"}
        AttendanceCorrection.objects.create(
            **facts, new_code="√", reason="漏记", proposed_by=leader.user, state="withdrawn"
        )
        at = timezone.now()
        Watch.objects.create(**facts, handover="正常", handed_at=at, taken_by=leader.user, taken_at=at)
        found, done = Finding.objects.first(), {"reported_at": at, "reported_by": worker.user, "state": "closed"}
        row = Rectification.objects.create(
            finding=found, team=found.team, due_on="2026-10-08", assignee=worker.user, closed_by=leader.user, **done
        )
        RectificationStep.objects.create(rectification=row, verb="closed", actor=leader.user)
        Statement.objects.create(finding=found, person=worker.user, text="当时在抢修")
        found = make_round(worker.team.unit)
        give_votes(found.leaders.get(team=worker.team), [worker.user])
        end(found)
        add_idea_steps(worker.team, worker.user)
        add_learnt(worker.team, leader.user, worker.user)
        add_closed_points(worker.team, leader.user)
        add_paid(worker.team)
        add_voided(worker.team, leader.user)
        add_knowledge(worker.team, leader.user, worker.user)
        add_party_life(worker.team, leader.user, worker.user)
        add_applications(worker.team, leader.user, worker.user)
        add_studios(worker.team, leader.user, worker.user)
        add_titles(worker.team, leader.user)
        add_round(worker.team.unit, leader.user)
        add_counted(worker.team, leader.user, give_role(worker.team.unit, "assessor"), worker.user)
        supporter = worker.team.memberships.exclude(pk__in=[leader.pk, worker.pk]).first().user
        scores = Bulletin.objects.filter(team=worker.team).first()
        add_board_records(scores, member=worker.user, supporter=supporter, decider=leader.user)
        clause = Clause.objects.create(
            unit=worker.team.unit, code="1", name="材料使用好", kind="award", least=1000, most=2000
        )
        facts = {"team": worker.team, "period": case.period, "user": worker.user}
        with without_triggers():
            Adjustment.objects.create(**facts, clause=clause, amount=1500, reason="废料回收", proposed_by=leader.user)
            Exclusion.objects.create(**facts, reason="试用期")
            SignOff.objects.create(distribution=Distribution.objects.first(), user=worker.user, agrees=True)
        yield case


def guard_of(model):
    """The guard that keeps the table's rows."""
    guards = [guard for guard in declared_guards() if guard.table == model._meta.db_table]
    (guard,) = [guard for guard in guards if "DELETE" in dict(guard.operations)]
    return guard


def messages_of(model):
    """What the guards of a table say, or of all."""
    return [guard.message for guard in declared_guards() if model is None or guard.table == model._meta.db_table]


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


PHOTOS, EVIDENCE = Finding.photos.through, Adjustment.evidence.through
"""No finding of the imported month has a photo, no award evidence: they have tests of their own."""

# -- The attacks: each is given a row, the name of a field and the new value ---------------------------------------------


def queryset_update(row, field, value):
    type(row).objects.filter(pk=row.pk).update(**{field: value})


def bulk_update(row, field, value):
    setattr(row, field, value)
    type(row).objects.bulk_update([row], [field])


def save(row, field, value):
    setattr(row, field, value)
    row.save()


def delete(row, field, value):
    row.delete()


def queryset_delete(row, field, value):
    type(row).objects.filter(pk=row.pk).delete()


def delete_past_the_orm(row, field, value):
    type(row).objects.filter(pk=row.pk)._raw_delete("default")


def key(row):
    return row._meta.pk.get_db_prep_value(row.pk, connection)


def stored(row, field, value):
    return row._meta.get_field(field).get_db_prep_save(value, connection)


def column(row):
    """The column of the primary key."""
    return row._meta.pk.column


def raw_update(row, field, value):
    where = f"WHERE {column(row)} = %s"
    run(f"UPDATE {row._meta.db_table} SET {field} = %s {where}", stored(row, field, value), key(row))


def raw_delete(row, field, value):
    run(f"DELETE FROM {row._meta.db_table} WHERE {column(row)} = %s", key(row))


def again(row):
    """The rest of an INSERT that writes the stored row once more; generated columns take no value."""
    written = [field.column for field in row._meta.concrete_fields if not field.generated]
    columns = ", ".join(map(connection.ops.quote_name, written))
    stored_row = f"SELECT {columns} FROM {row._meta.db_table} WHERE {column(row)} = %s"
    return f"INTO {row._meta.db_table} ({columns}) {stored_row}"


def upsert(row, field, value):
    conflict = f"ON CONFLICT ({column(row)}) DO UPDATE SET {field} = %s"
    run(f"INSERT {again(row)} {conflict}", key(row), stored(row, field, value))


def insert_or_replace(row, field, value):
    run(f"INSERT OR REPLACE {again(row)}", key(row))


def truncate(row, field, value):
    run("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL truncates no table that still has checks to run
    run(f"TRUNCATE {row._meta.db_table} CASCADE")


ATTACKS = [
    queryset_update,
    bulk_update,
    save,
    delete,
    queryset_delete,
    delete_past_the_orm,
    raw_update,
    raw_delete,
    upsert,
    truncate if POSTGRES else insert_or_replace,
]


def name_of(part):
    return part._meta.db_table if hasattr(part, "_meta") else part.__name__


# Foreign keys stop these too when others point to the row, whether or not there is a guard.
STOPPED_BY_FOREIGN_KEYS = (delete, queryset_delete)


def test_every_guarded_table_is_attacked():
    attacked = {model._meta.db_table for model in GUARDED} | {PHOTOS._meta.db_table, EVIDENCE._meta.db_table}
    assert attacked == {guard.table for guard in declared_guards()}


@pytest.mark.parametrize(("model", "attack"), by_turns(list(product(GUARDED, ATTACKS)), 3), ids=name_of)
def test_the_database_refuses(attack, model, case):
    """By day a third of the attacks on each table in turn, at night all of them."""
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        attack(model.objects.first(), *GUARDED[model])
    if attack not in STOPPED_BY_FOREIGN_KEYS:
        messages = messages_of(None if attack is truncate else model)
        assert any(message in str(refused.value) for message in messages), refused.value
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", by_turns(GUARDED, 3), ids=name_of)
def test_control_only_the_guards_refuse(model, case):
    with without_triggers():
        for attack in ATTACKS:
            if attack not in STOPPED_BY_FOREIGN_KEYS:
                with transaction.atomic():
                    attack(model.objects.first(), *GUARDED[model])
                    transaction.set_rollback(True)


INSERT_GUARDED = [model for model in GUARDED if "INSERT" in dict(guard_of(model).operations)]


def test_facts_scores_criteria_and_lines_are_guarded_against_additions():
    assert {model.__name__ for model in INSERT_GUARDED} == {
        *("Attendance", "Overtime", "Check", "Finding", "NotApplicable", "Veto"),
        *("TeamScore", "MemberScore", "Category", "Criterion", "DistributionLine"),
        *("LeaderAppraisal", "Ballot", "BallotGiven", "Adjustment", "Exclusion", "SignOff"),
        *(
            "PieceRecord",
            "PointIndicator",
            "PointEntry",
            "PointEntry_evidence",
            "Expense_vouchers",
            "SpecialAward_evidence",
        ),
        "Objection_evidence",
    }


@pytest.mark.parametrize("model", INSERT_GUARDED, ids=lambda model: model._meta.db_table)
def test_nothing_is_added_to_what_is_closed(model, case):
    row = model.objects.first()
    row.pk = None
    with pytest.raises(IntegrityError, match=guard_of(model).message), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("model", [Finding, Attendance, Overtime, Veto], ids=lambda model: model._meta.db_table)
def test_no_fact_is_moved_into_a_closed_month(model, case):
    row = model.objects.first()
    row.pk, row.period = None, 202611
    for name, value in {"date": "2026-11-01", "reason": "另一件事"}.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="|".join(messages_of(model))), transaction.atomic():
        model.objects.filter(pk=row.pk).update(period=202610)


def test_no_photo_is_added_to_or_taken_from_a_closed_month(case):
    finding, leader = Finding.objects.first(), Membership.objects.first().user
    photo = Attachment.objects.create(team=finding.team, file="a.jpg", sha256="0" * 64, size=1, uploaded_by=leader)
    with pytest.raises(IntegrityError, match="the month is closed"), transaction.atomic():
        finding.photos.add(photo)
    with without_triggers():
        finding.photos.add(photo)
    for attack in (finding.photos.clear, PHOTOS.objects.all().delete):
        with pytest.raises(IntegrityError, match="the month is closed"), transaction.atomic():
            attack()
    assert list(finding.photos.all()) == [photo]


def test_no_evidence_is_added_to_or_taken_from_a_counted_award(case):
    award, leader = Adjustment.objects.get(), Membership.objects.first().user
    photo = Attachment.objects.create(team=award.team, file="a.jpg", sha256="0" * 64, size=1, uploaded_by=leader)
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        award.evidence.add(photo)
    with without_triggers():
        award.evidence.add(photo)
    for attack in (award.evidence.clear, EVIDENCE.objects.all().delete):
        with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
            attack()
    assert list(award.evidence.all()) == [photo]


def test_a_clause_is_ended_once_and_never_rewritten(case):
    clause = Clause.objects.get()
    assert Clause.objects.filter(pk=clause.pk).update(ended_on="2026-11-01") == 1
    for day in (None, "2026-12-01"):
        with pytest.raises(IntegrityError, match="the clause is published"), transaction.atomic():
            Clause.objects.filter(pk=clause.pk).update(ended_on=day)


def test_no_line_is_moved_into_a_settled_distribution(case):
    posted = Distribution.objects.first()
    line = posted.lines.first()
    with without_triggers():
        Distribution.objects.filter(pk=posted.pk).update(state="draft")
    other = Distribution.objects.exclude(pk=posted.pk).first()
    with pytest.raises(IntegrityError, match="the distribution is settled"), transaction.atomic():
        DistributionLine.objects.filter(pk=line.pk).update(distribution=other)


@pytest.mark.parametrize(
    "field", ["amount", "parts", "inputs_hash", "rule_version_id", "close_id", "team_id", "pool_id"]
)
def test_an_approved_distribution_moves_on_but_keeps_its_figures(field, case):
    posted = Distribution.objects.first()
    value = {"parts": {}, "inputs_hash": "0" * 64}.get(field, 10**6)
    with without_triggers():
        Distribution.objects.filter(pk=posted.pk).update(state="approved", posted_at=None)
    with pytest.raises(IntegrityError, match="the distribution is settled"), transaction.atomic():
        Distribution.objects.filter(pk=posted.pk).update(**{field: value})
    posted.refresh_from_db()
    Distribution.objects.filter(pk=posted.pk).update(state="posted", posted_at=posted.approved_at)


def test_the_standard_in_force_may_only_be_frozen(case):
    version = StandardVersion.objects.get()
    with without_triggers():
        StandardVersion.objects.update(state="in_force")
    for change in (
        {"state": "draft"},
        {"awards_cap": 0},
        {"grades": []},
        {"member_base": 1},
        {"in_force_from": 202601},
    ):
        with pytest.raises(IntegrityError, match="the standard version is in force"), transaction.atomic():
            StandardVersion.objects.filter(pk=version.pk).update(**change)
    assert StandardVersion.objects.filter(pk=version.pk).update(state="frozen") == 1


def test_a_divided_pool_is_frozen_with_its_distribution(case):
    draft = Distribution.objects.first()
    with without_triggers():
        Distribution.objects.filter(pk=draft.pk).update(state="draft")
    pools.set_pool(draft.team, case.period, draft.amount + 1, actor=None)
    assert Pool.objects.get(pk=draft.pool_id).amount == draft.amount + 1


# -- The guards themselves are watched ----------------------------------------------------------------------------------


def test_all_guards_are_in_place_after_migrating():
    assert missing(connection) == []


def trigger_name(guard):
    return guard.trigger if POSTGRES else f"{guard.trigger}_{guard.operations[-1][0].lower()}"


@pytest.mark.parametrize("guard", declared_guards(), ids=lambda guard: guard.trigger)
def test_a_lost_guard_is_noticed_and_the_site_is_not_ready(guard, client):
    assert client.get("/healthz/ready").json() == {"status": "ok", "problems": []}
    run(f"DROP TRIGGER {trigger_name(guard)}" + (f" ON {guard.table}" if POSTGRES else ""))
    assert missing(connection) == [trigger_name(guard)]
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "problem", "problems": [f"missing trigger {trigger_name(guard)}"]},
    )
    install(connection, [guard])
    assert missing(connection) == []


@pytest.mark.skipif(not POSTGRES, reason="SQLite has no switch for a trigger")
def test_a_guard_that_is_switched_off_counts_as_lost():
    run("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL alters no table that still has checks to run
    run("ALTER TABLE incentives_entry DISABLE TRIGGER guard_incentives_entry_append_only")
    assert missing(connection) == ["guard_incentives_entry_append_only"]


def test_guards_are_back_even_when_the_maintenance_fails():
    with pytest.raises(ZeroDivisionError), without_triggers():
        raise ZeroDivisionError
    assert missing(connection) == []
