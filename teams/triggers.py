"""Database triggers that refuse what must never be, on SQLite and PostgreSQL alike.

Every app declares its guards on its AppConfig (`guards = (append_only("app_table"), ...)`); after each `migrate` they are
(re)installed. They are not part of single migrations because SQLite drops a table's triggers whenever Django rebuilds
the table for a later schema change (docs/decisions/001-guards.md).
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.db import connections


@dataclass(frozen=True)
class Guard:
    """Refuses `operations` on `table`; each maps to an SQL condition over OLD/NEW, or None for "always".

    `when_inserted` style conditions may hold sub-selects; they must be plain SQL that both engines understand.
    """

    table: str
    name: str
    operations: tuple
    message: str

    @property
    def trigger(self):
        return f"guard_{self.table}_{self.name}"


def append_only(table):
    """A guard for rows that are written once: no UPDATE, no DELETE, no TRUNCATE."""
    return Guard(table, "append_only", (("UPDATE", None), ("DELETE", None)), f"{table} is append-only")


def refuse(table, name, operations, message):
    """A guard with conditions, e.g. ``refuse("x", "closed", {"UPDATE": "OLD.state = 'closed'"}, "x is closed")``."""
    return Guard(table, name, tuple(operations.items()), message)


def every_write(table, name, condition, message):
    """Refuse inserting, changing and deleting rows for which the condition over {row} holds, before or after the change."""
    old, new = condition.format(row="OLD"), condition.format(row="NEW")
    return refuse(table, name, {"INSERT": new, "UPDATE": f"({old}) OR ({new})", "DELETE": old}, message)


def changed(*columns):
    """The SQL condition that an update changes one of the columns (none of which may be null)."""
    return "(" + " OR ".join(f"CAST(OLD.{name} AS TEXT) <> CAST(NEW.{name} AS TEXT)" for name in columns) + ")"


def touched(*columns):
    """As changed, for columns that may be null, which counts as an empty text."""
    sides = [[f"COALESCE(CAST({row}.{name} AS TEXT), '')" for row in ("OLD", "NEW")] for name in columns]
    return "(" + " OR ".join(f"{old} <> {new}" for old, new in sides) + ")"


def declared_guards():
    """All guards of all installed apps."""
    return [guard for config in apps.get_app_configs() for guard in getattr(config, "guards", ())]


def install(connection, guards):
    """Create the guards' triggers, replacing older ones of the same name."""
    statements = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for guard in guards:
            for statement in statements(guard):
                cursor.execute(statement)


def missing(connection):
    """Names of declared triggers that the database does not have or has switched off."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted({name for guard in declared_guards() for name in _names(guard, connection.vendor)} - present)


def install_after_migrate(sender, using, **kwargs):
    """post_migrate handler: installs the guards of the app just migrated, once its tables exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    install(connection, [guard for guard in getattr(sender, "guards", ()) if guard.table in tables])


def _names(guard, vendor):
    if vendor == "postgresql":
        return [guard.trigger, f"{guard.trigger}_truncate"]
    return [f"{guard.trigger}_{operation.lower()}" for operation, _ in guard.operations]


def _sqlite(guard):
    for operation, condition in guard.operations:
        name = f"{guard.trigger}_{operation.lower()}"
        when = f"WHEN {condition}" if condition else ""
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {operation} ON {guard.table} FOR EACH ROW {when} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )


def _postgres(guard):
    refusal = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = '23514';"
    branches = "".join(
        f"IF TG_OP = '{operation}' THEN {f'IF {condition} THEN {refusal} END IF;' if condition else refusal} END IF; "
        for operation, condition in guard.operations
    )
    events = " OR ".join(operation for operation, _ in guard.operations)
    yield (
        f"CREATE OR REPLACE FUNCTION {guard.trigger}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN {branches} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $guard$"
    )
    yield f"DROP TRIGGER IF EXISTS {guard.trigger} ON {guard.table}"
    yield (
        f"CREATE TRIGGER {guard.trigger} BEFORE {events} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.trigger}()"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {guard.trigger}_truncate() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN {refusal} END $guard$"
    )
    yield f"DROP TRIGGER IF EXISTS {guard.trigger}_truncate ON {guard.table}"
    yield (
        f"CREATE TRIGGER {guard.trigger}_truncate BEFORE TRUNCATE ON {guard.table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {guard.trigger}_truncate()"
    )


@contextmanager
def without_triggers(using="default", tables=None):
    """Lift every guard for maintenance such as emptying a test database; they are back afterwards, come what may.

    Where each guard is lifted by itself, those of other than these `tables` stay.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")
        return
    lifted = [guard for guard in declared_guards() if tables is None or guard.table in tables]
    with connection.cursor() as cursor:
        for guard in lifted:
            for name in _names(guard, connection.vendor):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    try:
        yield
    finally:
        install(connection, lifted)
