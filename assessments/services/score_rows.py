"""The rows of a close's scores, replaced as a whole: one statement a table for a thousand teams or people."""

import orjson
from django.db import connection

from assessments.models import MemberScore, TeamScore

AT_ONCE = 1000
"""Rows in one statement; SQLite takes some 32,000 values."""
MODELS = TeamScore, MemberScore
STATISTICS = ("close_id", "team_id", "period")
"""What later queries join and filter by."""


def replace(close, team_rows, member_rows):
    """Put these rows (dicts of fields without `close`) in place of what the close had; call it inside a transaction."""
    insert = _insert_columns if connection.vendor == "postgresql" else _insert
    with connection.cursor() as cursor:
        for model, rows in zip(MODELS, (team_rows, member_rows), strict=True):
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE close_id = %s", [close.pk])  # noqa: S608
            for start in range(0, len(rows), AT_ONCE):
                insert(cursor, model, [row | {"close_id": close.pk} for row in rows[start : start + AT_ONCE]])
        if _has_doubled(cursor, close.period):
            _analyze(cursor)


def _insert(cursor, model, rows):
    """Insert rows that have the same columns; lists and dicts as JSON."""
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(rows[0])}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
    values = [value for row in rows for value in row.values()]
    cursor.execute(sql, [_json(value) if isinstance(value, list | dict) else value for value in values])


def _insert_columns(cursor, model, rows):
    """The same for PostgreSQL, which takes longer to read a statement with thousands of values than to store them.

    Each column is one text of JSON values a line, in which no line breaks occur.
    """
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    names = list(rows[0])
    lists = ", ".join(["STRING_TO_ARRAY(%s, E'\\n', 'null')"] * len(names))
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "  # noqa: S608
        f"SELECT {', '.join(_read(name, types[name]) for name in names)} FROM UNNEST({lists}) AS line ({', '.join(names)})"
    )
    cursor.execute(sql, [_lines(row[name] for row in rows) for name in names])


def _read(name, kind):
    """The SQL of a value of this type from its JSON."""
    return f"{name}::jsonb #>> '{{}}'" if kind.startswith("varchar") else f"{name}::{kind}"


def _lines(values):
    return b"\n".join(map(orjson.dumps, values)).decode()


def _json(value):
    return orjson.dumps(value).decode()


def _has_doubled(cursor, period):
    """Whether as many months of units have scores as make statistics worth taking again: 1, 2, 4, 8 and so on.

    After each unit would cost more than its scores where there are hundreds; PostgreSQL alone plans by statistics.
    """
    if connection.vendor != "postgresql":
        return False
    cursor.execute(
        "SELECT COUNT(*) FROM assessments_monthclose WHERE period = %s AND computed_at IS NOT NULL", [period]
    )
    (scored,) = cursor.fetchone()
    return scored & (scored - 1) == 0


def _analyze(cursor):
    """PostgreSQL plans the next join on last month's statistics otherwise: 29 times slower in the second month."""
    for model in MODELS:
        cursor.execute(f"ANALYZE {model._meta.db_table} ({', '.join(STATISTICS)})")
