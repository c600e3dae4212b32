"""The tables of the ledger under attack: at least twelve statements each and on each engine, every one refused by name.

As a control the same statement changes the ledger once the triggers are lifted.
"""

import re
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from incentives.models import Account, Entry, Transaction
from incentives.services import ledger
from teams.triggers import declared_guards, without_triggers
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
POSTGRES = connection.vendor == "postgresql"
TABLES = (Account, Transaction, Entry)

# {table}, {columns} without the id, {unique}: the columns that identify a row besides its id, {change}: what an attacker
# would write, {id}: a row that must not change.
EVERYWHERE = {
    "update one row": "UPDATE {table} SET {change} WHERE id = {id}",
    "update all rows": "UPDATE {table} SET {change}",
    "renumber a row": "UPDATE {table} SET id = id + 1000000 WHERE id = {id}",
    "update from a query": "UPDATE {table} SET {change} FROM (SELECT {id} AS one) x WHERE {table}.id = x.one",
    "update where it returns": "UPDATE {table} SET {change} WHERE id = {id} RETURNING id",
    "update after a common table": "WITH x AS (SELECT {id} AS one) UPDATE {table} SET {change} WHERE id IN (SELECT one FROM x)",
    "delete one row": "DELETE FROM {table} WHERE id = {id}",
    "delete all rows": "DELETE FROM {table}",
    "delete where it returns": "DELETE FROM {table} WHERE id = {id} RETURNING id",
    "delete after a common table": "WITH x AS (SELECT {id} AS one) DELETE FROM {table} WHERE id IN (SELECT one FROM x)",
    "upsert by id": (
        "INSERT INTO {table} (id, {columns}) SELECT id, {columns} FROM {table} WHERE id = {id}"
        " ON CONFLICT (id) DO UPDATE SET {change_here}"
    ),
    "upsert by key": (
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {id}"
        " ON CONFLICT ({unique}) DO UPDATE SET {change_here}"
    ),
}
SQLITE = {
    "insert or replace by id": "INSERT OR REPLACE INTO {table} (id, {columns}) SELECT id, {columns} FROM {table} WHERE id = {id}",
    "insert or replace by key": "INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {id}",
    "replace": "REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {id}",
    "update or replace": "UPDATE OR REPLACE {table} SET id = {other} WHERE id = {id}",
    "update or ignore": "UPDATE OR IGNORE {table} SET {change} WHERE id = {id}",
}
ON_POSTGRES = {
    "truncate": "TRUNCATE {table} CASCADE",
    "truncate what it points to": "TRUNCATE {parent} CASCADE",
    "merge": (
        "MERGE INTO {table} t USING (SELECT {id} AS one) x ON t.id = x.one WHEN MATCHED THEN UPDATE SET {change_merged}"
    ),
    "merge away": "MERGE INTO {table} t USING (SELECT {id} AS one) x ON t.id = x.one WHEN MATCHED THEN DELETE",
    "delete using": "DELETE FROM {table} USING (SELECT {id} AS one) x WHERE {table}.id = x.one",
}
CHANGES = {
    Account: ("code", "{0}code || '-'"),
    Transaction: ("memo", "{0}memo || '!'"),
    Entry: ("amount", "{0}amount + 1"),
}
UNIQUE = {Account: "code", Transaction: "source", Entry: "transaction_id, source_account_id, target_account_id"}
PARENT = {Account: "teams_team", Transaction: "teams_user", Entry: "incentives_account"}
ANY_GUARD = "|".join(re.escape(guard.message) for guard in declared_guards())
"""TRUNCATE ... CASCADE meets the guards of all tables that it reaches, in no order of ours."""
ATTACKS = EVERYWHERE | (ON_POSTGRES if POSTGRES else SQLITE)


@pytest.fixture
def books():
    """A ledger with something of everything: a transaction, one that is reversed, its reversal."""
    team = make.make_team()
    person = make.make_member(team)
    member = ledger.member_accounts([person])[person.pk]
    company, pool = ledger.company_account(), ledger.pool_account(team)
    facts = {"period": PERIOD, "memo": "奖金", "actor": person}
    ledger.post("bonus", [(company, pool, 100), (pool, member, 100)], **facts)
    mistake = ledger.post("mistake", [(company, member, 30)], **facts)
    reversal = ledger.reverse(mistake, period=PERIOD, actor=person)
    return SimpleNamespace(
        mistake=mistake.pk,
        reversal=reversal.pk,
        company=company.pk,
        pool=pool.pk,
        member=member.pk,
        team=team.pk,
        person=person.pk,
    )


def run(statement):
    with connection.cursor() as cursor:
        if POSTGRES:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # PostgreSQL truncates no table that still has checks to run
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement)


def everything():
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def statement_of(attack, model):
    column, value = CHANGES[model]
    table, (first, *_, last) = model._meta.db_table, model.objects.order_by("pk").values_list("pk", flat=True)
    return ATTACKS[attack].format(
        table=table,
        columns=", ".join(field.column for field in model._meta.concrete_fields if field.column != "id"),
        unique=UNIQUE[model],
        change=f"{column} = {value.format('')}",
        change_here=f"{column} = {value.format(table + '.')}",
        change_merged=f"{column} = {value.format('t.')}",
        parent=PARENT[model],
        id=first,
        other=last,
    )


def refused(statement, guard):
    before = everything()
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        run(statement)
    assert everything() == before


def carried_out_without_triggers(statement):
    before = everything()
    with without_triggers(), transaction.atomic():
        run(statement)
        changed = everything() != before
        transaction.set_rollback(True)
    return changed


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_posted_is_refused_any_change(attack, model, books):
    statement = statement_of(attack, model)
    guard = ANY_GUARD if attack.startswith("truncate") else f"{model._meta.db_table} is append-only"
    refused(statement, guard)
    assert carried_out_without_triggers(statement) or attack in REWRITES_THE_SAME


REWRITES_THE_SAME = {"insert or replace by id"}
"""Puts an equal row in the place of the old one: harmless in itself, but it is no business of anybody's."""


def test_every_table_meets_at_least_twelve_attacks():
    assert len(ATTACKS) >= 12


# -- What is added must be right, too -----------------------------------------------------------------------------------


def entry(transaction_id, source, target, amount):
    return (
        "INSERT INTO incentives_entry (transaction_id, source_account_id, target_account_id, amount)"
        f" VALUES ({transaction_id}, {source}, {target}, {amount})"
    )


def booked(reverses, source="x"):
    return (
        "INSERT INTO incentives_transaction (source, period, memo, reverses_id, posted_at)"
        f" VALUES ('{source}', {PERIOD}, '冲销', {reverses}, CURRENT_TIMESTAMP)"
    )


def opened(code, team="NULL", user="NULL"):
    return f"INSERT INTO incentives_account (code, team_id, user_id) VALUES ('{code}', {team}, {user})"


OPPOSITE, FINAL, OWNER = "a reversal is the opposite", "a reversal is final", "the code names another owner"
ADDITIONS = {
    "an entry into what is reversed": (lambda b: entry(b.mistake, b.pool, b.member, 5), OPPOSITE),
    "an entry into a reversal": (lambda b: entry(b.reversal, b.pool, b.member, 5), OPPOSITE),
    "another amount into a reversal": (lambda b: entry(b.reversal, b.member, b.company, 31), OPPOSITE),
    "a reversal of a reversal": (lambda b: booked(b.reversal), FINAL),
    "an account of another team": (lambda b: opened(f"fund:{b.team}", b.team + 1), OWNER),
    "an account of another person": (lambda b: opened(f"debt:{b.person}", "NULL", b.person + 1), OWNER),
    "an account of a team and a person": (lambda b: opened(f"fund:{b.team}", b.team, b.person), OWNER),
    "an account of nobody": (lambda b: opened("fund:99"), OWNER),
}


@pytest.mark.parametrize("name", ADDITIONS)
def test_nothing_wrong_is_added(name, books):
    statement, guard = ADDITIONS[name]
    refused(statement(books), guard)
    assert name == ALSO_CONSTRAINED or carried_out_without_triggers(statement(books))


ALSO_CONSTRAINED = "another amount into a reversal"
"""An entry once for each pair of accounts is a constraint as well; it does not know what the amount should be."""

CONSTRAINED = {
    "a second reversal": lambda b: booked(b.mistake),
    "the same source once more": lambda b: booked("NULL", "bonus"),
    "an entry of nothing": lambda b: entry(b.reversal, b.member, b.company, 0),
    "an entry back": lambda b: entry(b.reversal, b.member, b.company, -30),
    "an entry from an account to itself": lambda b: entry(b.mistake, b.pool, b.pool, 1),
    "the same entry twice": lambda b: entry(b.reversal, b.member, b.company, 30),
    "the same account twice": lambda b: opened("company"),
}


@pytest.mark.parametrize("name", CONSTRAINED)
def test_constraints_hold_even_without_the_triggers(name, books):
    with without_triggers():
        refused(CONSTRAINED[name](books), "(?i)unique|check")


def deleted_past_the_orm(row):
    with transaction.atomic():
        run(f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}")
        connection.check_constraints()


def test_nothing_that_the_ledger_hangs_on_can_be_deleted(books):
    before = everything()
    rows = [Transaction.objects.get(pk=books.mistake), *Account.objects.all(), Account.objects.get(pk=books.pool).team]
    for row in [*rows, Account.objects.get(pk=books.member).user]:
        with pytest.raises(ProtectedError):
            row.delete()
        with pytest.raises(IntegrityError):
            deleted_past_the_orm(row)
    assert everything() == before


def test_lifting_the_triggers_for_a_moment_leaves_none_out(books):
    carried_out_without_triggers(statement_of("delete all rows", Entry))
    refused(statement_of("delete all rows", Entry), "incentives_entry is append-only")
