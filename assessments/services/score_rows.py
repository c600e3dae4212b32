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
    with connection.cursor() as cursor:
        for model, rows in zip(MODELS, (team_rows, member_rows), strict=True):
            table = model._meta.db_table
            cursor.execute(f"DELETE FROM {table} WHERE close_id = %s", [close.pk])  # noqa: S608
            for start in range(0, len(rows), AT_ONCE):
                _insert(cursor, table, [_plain(close, row) for row in rows[start : start + AT_ONCE]])
        if _has_doubled(cursor, close.period):
            _analyze(cursor)


def _plain(close, row):
    """A row with all its columns, lists and dicts as JSON."""
    columns = row | {"close_id": close.pk}
    return {name: _json(value) if isinstance(value, list | dict) else value for name, value in columns.items()}


def _json(value):
    return orjson.dumps(value).decode()


def _insert(cursor, table, rows):
    """Insert rows that have the same columns."""
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    sql = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
    cursor.execute(sql, [value for row in rows for value in row.values()])


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
