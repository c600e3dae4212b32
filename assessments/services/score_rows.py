"""The rows of a close's scores, replaced as a whole: one statement a table, whatever the number of teams and people."""

import json

from django.db import connection, models

from assessments.models import MemberScore, TeamScore

STATISTICS = ("close_id", "team_id", "period")
"""What later queries join and filter by."""


def replace(close, team_rows, member_rows):
    """Put these rows (dicts of fields without `close`) in place of what the close had; call it inside a transaction."""
    for model, rows in ((TeamScore, team_rows), (MemberScore, member_rows)):
        model.objects.filter(close=close).delete()
        _insert(model, [row | {"close_id": close.pk} for row in rows])


def _insert(model, rows):
    """Insert rows that have the same fields as one JSON text, taken apart in the database."""
    if not rows:
        return
    fields = [model._meta.get_field(name) for name in rows[0]]
    columns = ", ".join(field.column for field in fields)
    select = _postgres(fields) if connection.vendor == "postgresql" else _sqlite(fields)
    with connection.cursor() as cursor:
        document = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) {select}", [document])
        _analyze(cursor, model)


def _postgres(fields):
    typed = ", ".join(f"{field.column} {field.db_type(connection)}" for field in fields)
    return f"SELECT * FROM json_to_recordset(%s) AS row ({typed})"  # noqa: S608


def _sqlite(fields):
    taken = (f"value {'->' if isinstance(field, models.JSONField) else '->>'} '{field.column}'" for field in fields)
    return f"SELECT {', '.join(taken)} FROM json_each(%s)"  # noqa: S608


def _analyze(cursor, model):
    """PostgreSQL plans the next join on last month's statistics otherwise: 29 times slower in the second month."""
    if connection.vendor == "postgresql":
        cursor.execute(f"ANALYZE {model._meta.db_table} ({', '.join(STATISTICS)})")
