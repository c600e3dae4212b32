"""The statements that read a month as JSON, in the words of either database.

Plain SQL, because building these queries anew for each unit took longer than answering them. Parameters by name: `period`,
the month's `first` and `last` day, and lists of ids.
"""

import json
from functools import cache

from django.conf import settings
from django.db import connection

from assessments.models import Check
from teams import periods

TEAMS = """
SELECT t.unit_id, t.id, {team_name}, {trade},
       (SELECT {joined} FROM (
           SELECT {code} AS entry FROM assessments_notapplicable n JOIN assessments_criterion c ON c.id = n.criterion_id
           WHERE n.team_id = t.id AND n.period = %(period)s ORDER BY c.code {bytewise}
       ) not_applicable),
       (SELECT {joined} FROM (
           SELECT {reason} AS entry FROM assessments_veto v
           WHERE v.team_id = t.id AND v.period = %(period)s ORDER BY v.id
       ) vetoes),
       (SELECT CAST(a.approved_at AS TEXT) FROM teams_attendancemonth a
        WHERE a.team_id = t.id AND a.period = %(period)s AND a.state = 'approved'),
       (SELECT COUNT(*) || '/' || MAX(f.id) FROM assessments_finding f
        WHERE f.team_id = t.id AND f.period = %(period)s AND f.voided_at IS NULL)
FROM teams_team t
WHERE t.unit_id {among_units} AND t.formed_on <= %(last)s AND (t.disbanded_on IS NULL OR t.disbanded_on >= %(first)s)
ORDER BY t.unit_id, t.position, t.id
"""
"""A row a team: unit, team, JSON of name and trade, of the codes that do not apply and of the reasons of vetoes; and what tells
whether its attendance and findings are still the same: when the one was approved, how many the others are and the latest of them."""

MEMBERS = """
SELECT m.team_id, m.user_id, {number}, {name}, m.coefficient, {days}, {step}, COALESCE(o.hours, 0), {codes}
FROM teams_membership m
JOIN teams_user u ON u.id = m.user_id
LEFT JOIN teams_overtime o ON o.user_id = m.user_id AND o.team_id = m.team_id AND o.period = %(period)s
{counted}
WHERE m.team_id {among_teams}
  AND (m.started_on <= %(last)s AND (m.ended_on IS NULL OR m.ended_on >= %(first)s) OR m.id {among_former})
ORDER BY m.team_id, u.employee_no {bytewise}, m.started_on, m.id
"""
"""A row a stay: team, person, JSON of number and name, coefficient, days, JSON of the step, overtime, JSON of the codes."""

STAYS = MEMBERS.replace(", {codes}", "").replace("{counted}\n", "")
"""The same without the codes, for which all attendance is counted."""

FINDINGS = """
SELECT team_id, {joined_by_date} FROM (
    SELECT f.team_id, f.date, f.id, CASE WHEN f.date BETWEEN %(first)s AND %(last)s THEN {finding} ELSE {late_finding} END AS entry
    FROM assessments_finding f {named}
    WHERE f.team_id {among_teams} AND f.period = %(period)s AND f.voided_at IS NULL {by_date}
) findings GROUP BY team_id
"""
"""A row a team that has any: team, JSON of the findings that count, in the order in which they count, with commas between."""

LATE = """
SELECT counts_team_id, user_id, {joined_by_id} FROM (
    SELECT l.counts_team_id, l.user_id, l.id, {correction} AS entry FROM teams_attendancecorrection l
    WHERE l.counts_team_id {among_teams} AND l.counts_in = %(period)s ORDER BY l.id
) late GROUP BY counts_team_id, user_id
"""
"""A row a team and person: team, person, JSON of the corrections of earlier, approved months that count in this one."""

TEXTS = {
    "team_name": "t.name",
    "trade": "t.trade",
    "code": "c.code",
    "reason": "v.reason",
    "number": "u.employee_no",
    "name": "u.name",
}
"""What is written as a JSON text."""
STEP = {"coefficient": "m.coefficient", "days": "{days}", "from": "{start}"}
CORRECTION = {
    "date": "{late_date}",
    "hours": "l.hours",
    "id": "l.id",
    "new": "{new}",
    "old": "{old}",
    "reason": "{why}",
}
FINDING = {
    "checker": "{checker}",
    "code": "{criterion_code}",
    "date": "{date}",
    "entered": "{entered}",
    "id": "f.id",
    "kind": "CASE s.kind {kinds} END",
    "name": "{criterion_name}",
    "note": "{note}",
    "person": "{person}",
    "person_name": "{person_name}",
    "points": "f.points",
}
"""The members of a JSON object in alphabetical order; of a finding only a late one says when it was entered."""
AWARD = "加分"
"""What a finding without a criterion is called."""

POSTGRES = {
    "bytewise": 'COLLATE "C"',
    "among_units": "= ANY(%(units)s)",
    "among_teams": "= ANY(%(teams)s)",
    "among_former": "= ANY(%(former)s)",
    "joined": "STRING_AGG(entry, ',')",
    "joined_by_date": "STRING_AGG(entry, ',' ORDER BY date, id)",
    "joined_by_id": "STRING_AGG(entry, ',' ORDER BY id)",
    "late_date": "TO_JSON(l.date)",
    "new": "TO_JSON(l.new_code)",
    "old": "TO_JSON(l.old_code)",
    "why": "TO_JSON(l.reason)",
    "by_date": "",
    "start": "TO_JSON(GREATEST(m.started_on, %(first)s))",
    "days": "GREATEST(LEAST(m.ended_on, %(last)s) - GREATEST(m.started_on, %(first)s) + 1, 0)",
    "codes": "counted.codes",
    "counted": """LEFT JOIN (
    SELECT team_id, user_id, STRING_AGG(TO_JSON(code)::text || ':' || days, ',' ORDER BY code COLLATE "C") AS codes
    FROM (
        SELECT team_id, user_id, code, COUNT(*) AS days FROM teams_attendance
        WHERE team_id = ANY(%(teams)s) AND period = %(period)s GROUP BY team_id, user_id, code
    ) by_code GROUP BY team_id, user_id
) counted ON counted.team_id = m.team_id AND counted.user_id = m.user_id""",
    "named": """
JOIN LATERAL (SELECT kind, checker_id, submitted_at FROM assessments_check WHERE id = f.on_sheet_id LIMIT 1) s ON true
LEFT JOIN LATERAL (
    SELECT TO_JSON(code)::text AS code, TO_JSON(name)::text AS name FROM assessments_criterion WHERE id = f.criterion_id LIMIT 1
) c ON true
LEFT JOIN LATERAL (SELECT TO_JSON(name)::text AS name FROM teams_user WHERE id = s.checker_id LIMIT 1) k ON true
LEFT JOIN LATERAL (SELECT TO_JSON(name)::text AS name FROM teams_user WHERE id = f.person_id LIMIT 1) p ON true""",
    "checker": """COALESCE(k.name, '""')""",
    "criterion_code": "COALESCE(c.code, 'null')",
    "date": "TO_JSON(f.date)",
    "criterion_name": f"""COALESCE(c.name, '"{AWARD}"')""",
    "note": "TO_JSON(f.note)",
    "person": "COALESCE(f.person_id::text, 'null')",
    "person_name": """COALESCE(p.name, '""')""",
    "kinds": " ".join(f"""WHEN '{kind}' THEN '"{name}"'""" for kind, name in Check.Kind.choices),
}
"""What stands in an object is written as JSON. Names are looked up by key, and with LIMIT each only once: otherwise all the
sheets and people that there are would be read to name a few."""
SQLITE = {
    "bytewise": "",
    "among_units": "IN (SELECT value FROM JSON_EACH(%(units)s))",
    "among_teams": "IN (SELECT value FROM JSON_EACH(%(teams)s))",
    "among_former": "IN (SELECT value FROM JSON_EACH(%(former)s))",
    "joined": "GROUP_CONCAT(entry, ',')",
    "joined_by_date": "GROUP_CONCAT(entry, ',')",
    "joined_by_id": "GROUP_CONCAT(entry, ',')",
    "late_date": "l.date",
    "new": "l.new_code",
    "old": "l.old_code",
    "why": "l.reason",
    "by_date": "ORDER BY f.team_id, f.date, f.id",
    "start": "MAX(m.started_on, %(first)s)",
    "days": "MAX(CAST(JULIANDAY(MIN(COALESCE(m.ended_on, %(last)s), %(last)s)) - JULIANDAY(MAX(m.started_on, %(first)s))"
    " AS INTEGER) + 1, 0)",
    "codes": """(SELECT GROUP_CONCAT(entry, ',') FROM (
    SELECT JSON_QUOTE(code) || ':' || COUNT(*) AS entry FROM teams_attendance
    WHERE team_id = m.team_id AND user_id = m.user_id AND period = %(period)s GROUP BY code ORDER BY code
) counted)""",
    "counted": "",
    "named": """
JOIN assessments_check s ON s.id = f.on_sheet_id
LEFT JOIN assessments_criterion c ON c.id = f.criterion_id
LEFT JOIN teams_user k ON k.id = s.checker_id
LEFT JOIN teams_user p ON p.id = f.person_id""",
    "checker": "COALESCE(k.name, '')",
    "criterion_code": "c.code",
    "date": "f.date",
    "criterion_name": f"COALESCE(c.name, '{AWARD}')",
    "note": "f.note",
    "person": "f.person_id",
    "person_name": "COALESCE(p.name, '')",
    "kinds": " ".join(f"WHEN '{kind}' THEN '{name}'" for kind, name in Check.Kind.choices),
}
"""What stands in an object is written as JSON by JSON_OBJECT. Attendance is counted person by person, which is faster here."""


def fetch(statement, period, **lists):
    """All rows of one of the statements above; `lists` are the ids of its `units`, `teams` or `former` memberships."""
    facts = {"period": period, "first": str(periods.first_day(period)), "last": str(periods.last_day(period))}
    with connection.cursor() as cursor:
        cursor.execute(
            _worded(statement, connection.vendor), facts | {name: _listed(ids) for name, ids in lists.items()}
        )
        return cursor.fetchall()


def _listed(ids):
    return list(ids) if connection.vendor == "postgresql" else json.dumps(list(ids))


@cache
def _worded(statement, vendor):
    words = (POSTGRES if vendor == "postgresql" else SQLITE) | {"entered": _entered()}
    texts = {name: _quoted(sql) for name, sql in TEXTS.items()}
    late = {name: sql.format(**words) for name, sql in FINDING.items()}
    in_month = {name: sql for name, sql in late.items() if name != "entered"}
    step = {name: sql.format(**words) for name, sql in STEP.items()}
    correction = {name: sql.format(**words) for name, sql in CORRECTION.items()}
    objects = {"step": _object(step), "finding": _object(in_month), "late_finding": _object(late)}
    objects["correction"] = _object(correction)
    return statement.format(**words, **texts, **objects)


def _entered():
    """The local date on which a sheet was entered, as TruncDate has it."""
    sql, zones = connection.ops.datetime_cast_date_sql("s.submitted_at", (), settings.TIME_ZONE)
    date = sql % tuple(f"'{zone}'" for zone in zones)
    return f"TO_JSON({date})" if connection.vendor == "postgresql" else date


def _quoted(sql):
    return f"TO_JSON({sql})::text" if connection.vendor == "postgresql" else f"JSON_QUOTE({sql})"


def _object(members):
    """The SQL of a JSON object without spaces, written as Python writes it."""
    if connection.vendor == "postgresql":
        template = ",".join(f'"{name}":%%s' for name in members)
        return f"FORMAT('{{{template}}}', {', '.join(members.values())})"
    pairs = ", ".join(f"'{name}', {sql}" for name, sql in members.items())
    return f"JSON_OBJECT({pairs})"
