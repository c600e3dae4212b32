"""How long closing a month takes, beside four things in the same run, and how much memory it takes.

    python -m bench.close --teams 100 1000             on SQLite
    TEST_ENGINE=postgres python -m bench.close         on PostgreSQL
    python -m bench.close --workers 2                  units shared among so many workers, as Celery shares them

Beside the statements that it sends, sent once more by one process without the application (what the application adds to its
SQL, and what of that several workers take back); beside a loop over objects (bench.loop); beside hand-written SQL that computes
the same figures, each line behind them and the inputs as one document a unit; and beside the SQL for the figures alone. The
hand-written sides write into bare tables without keys, may use parallel workers, hash nothing, and do not compare the facts
again as a close does before it is confirmed and before it is closed for good. Medians of three rounds; the figures of both
sides are compared before anything is printed.
"""

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median

from tests import servers

FLOOR = """
CREATE TABLE bench_category AS
SELECT t.id AS team_id, g.number, SUM(c.points) AS applicable, SUM(c.points - COALESCE(l.lost, 0)) AS kept
FROM teams_team t
CROSS JOIN assessments_criterion c JOIN assessments_category g ON g.id = c.category_id
LEFT JOIN (
    SELECT f.team_id, f.criterion_id, {least}(SUM(-f.points), MAX(k.points)) AS lost
    FROM assessments_finding f JOIN assessments_criterion k ON k.id = f.criterion_id
    WHERE f.period = {period} AND f.voided_at IS NULL GROUP BY f.team_id, f.criterion_id
) l ON l.team_id = t.id AND l.criterion_id = c.id
GROUP BY t.id, g.number;
CREATE TABLE bench_team AS
SELECT team_id, score, RANK() OVER (PARTITION BY unit_id ORDER BY score DESC) AS rank FROM (
    SELECT b.team_id, t.unit_id, (2 * CAST(SUM(b.kept) AS BIGINT) * 10000 + CAST(SUM(b.applicable) AS BIGINT))
           / (2 * CAST(SUM(b.applicable) AS BIGINT)) AS score
    FROM bench_category b JOIN teams_team t ON t.id = b.team_id GROUP BY b.team_id, t.unit_id
) s;
CREATE TABLE bench_member AS
SELECT m.team_id, m.user_id, {least}(12000, {greatest}(0, 10000 + COALESCE(f.points, 0))) AS score, a.codes
FROM teams_membership m
LEFT JOIN (
    SELECT person_id, SUM(points) AS points FROM assessments_finding
    WHERE period = {period} AND voided_at IS NULL GROUP BY person_id
) f ON f.person_id = m.user_id
LEFT JOIN (
    SELECT user_id, {object}(code, days) AS codes FROM (
        SELECT user_id, code, COUNT(*) AS days FROM teams_attendance WHERE period = {period} GROUP BY user_id, code
    ) c GROUP BY user_id
) a ON a.user_id = m.user_id;
"""
FROZEN = """
CREATE TABLE bench_line AS
SELECT f.team_id, f.person_id, {make}('checker', COALESCE(u.name, ''), 'code', c.code, 'date', f.date, 'id', f.id, 'kind', s.kind,
       'name', COALESCE(c.name, ''), 'note', f.note, 'person', f.person_id, 'person_name', COALESCE(p.name, ''), 'points', f.points) AS line
FROM assessments_finding f JOIN assessments_check s ON s.id = f.on_sheet_id
LEFT JOIN assessments_criterion c ON c.id = f.criterion_id
LEFT JOIN teams_user u ON u.id = s.checker_id LEFT JOIN teams_user p ON p.id = f.person_id
WHERE f.period = {period} AND f.voided_at IS NULL;
CREATE TABLE bench_team_line AS SELECT team_id, {array}({json}) AS lines FROM bench_line GROUP BY team_id;
CREATE TABLE bench_member_line AS SELECT team_id, person_id, {array}({json}) AS lines FROM bench_line GROUP BY team_id, person_id;
CREATE TABLE bench_document AS
SELECT t.unit_id, {array}({make}('id', t.id, 'name', t.name, 'findings', {lines}, 'members', {members})) AS inputs
FROM teams_team t JOIN bench_team_line l ON l.team_id = t.id JOIN (
    SELECT m.team_id, {array}({make}('id', m.user_id, 'no', u.employee_no, 'name', u.name, 'coefficient', m.coefficient,
           'codes', {codes})) AS members
    FROM teams_membership m JOIN teams_user u ON u.id = m.user_id JOIN bench_member b ON b.user_id = m.user_id GROUP BY m.team_id
) o ON o.team_id = t.id GROUP BY t.unit_id;
"""
BY_HAND = {"postgresql": "SET max_parallel_workers_per_gather = 2", "sqlite": "PRAGMA cache_size = -200000"}
"""The best a connection can be told for statements over everything; the application's are told to expect few rows."""
ROUNDS = 3
"""Of each side in turn; the median counts."""
LOOPED = 5
"""Units that the loop goes through; the rest of them would take as long each."""
TABLES = ("category", "team", "member", "line", "team_line", "member_line", "document")
WORDS = {
    "postgresql": {"least": "LEAST", "greatest": "GREATEST", "object": "json_object_agg"}
    | {"make": "json_build_object", "array": "json_agg", "json": "line"}
    | {"lines": "l.lines", "members": "o.members", "codes": "b.codes"},
    "sqlite": {"least": "MIN", "greatest": "MAX", "object": "json_group_object"}
    | {"make": "json_object", "array": "json_group_array", "json": "json(line)"}
    | {"lines": "json(l.lines)", "members": "json(o.members)", "codes": "json(b.codes)"},
}
SAME = """
SELECT COUNT(*) FROM assessments_teamscore s JOIN bench_team b ON b.team_id = s.team_id
WHERE b.score = s.score AND b.rank = s.rank
"""
SAME_MEMBERS = """
SELECT COUNT(*) FROM assessments_memberscore s JOIN bench_member b ON b.user_id = s.user_id WHERE b.score = s.score
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teams", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        measure(chosen.one, chosen.workers)
        return
    for teams in chosen.teams:
        environment = {name: value for name, value in os.environ.items() if name != "TEST_RUN_DIR"}
        command = [sys.executable, "-m", "bench.close", "--one", str(teams), "--workers", str(chosen.workers)]
        subprocess.run(command, env=environment, check=True)


def measure(teams, workers):
    """Build a plant of so many teams, close its month, do the same by hand, compare and print."""
    connection, units = plant(teams)
    sent, together = _statements(connection, units)
    looped = teams * taken_back(connection, lambda: _looped(units))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_work(workers) as compute:
        rounds = [_round(connection, units, sent, compute) for _ in range(ROUNDS)]
    alone, computing, close = map(median, zip(*rounds, strict=True))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    frozen, figures = (median(_timed_sql(connection, sql) for _ in range(ROUNDS)) for sql in (FLOOR + FROZEN, FLOOR))
    _compare(connection, teams)
    print(
        f"{connection.vendor}, {teams} teams, {len(units)} units, {workers} at work: close {close:.2f} s ({1000 * close / teams:.1f} ms a team, "
        f"memory +{grown:.0f} MB), {close / alone:.2f} times its own statements sent by one, {together / alone:.2f} when one does all; computing alone {computing:.2f} s"
    )
    print(f"  looped over objects: {looped:.0f} s, {looped / close:.0f} times the close")
    for name, seconds in (("with lines and inputs", frozen), ("figures alone", figures)):
        print(
            f"  by hand, {name}: {seconds:.2f} s; computing {computing / seconds:.1f} times, close {close / seconds:.1f} times"
        )


def plant(teams):
    servers.prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import plants

    call_command("migrate", verbosity=0)
    return connection, plants.build(teams)


def compute_all(pks):
    """Compute these closes one after the other."""
    from assessments.services import closes

    for pk in pks:
        closes.compute(pk)


@contextmanager
def at_work(workers):
    """What computes closes: this process or, for more than one, so many that are there already, as Celery's are."""
    if workers == 1:
        yield compute_all
        return
    from django.db import connections

    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        pool.map(_ready, range(workers), chunksize=1)
        yield lambda pks: pool.map(compute_all, [[pk] for pk in pks], chunksize=1)


def _ready(number):
    from django.db import connection

    connection.ensure_connection()
    time.sleep(0.2)


def timed_closes(units, compute=compute_all):
    """Seconds for the month of a whole company: (asked for and computed unit by unit, the same and confirmed and closed)."""
    from assessments.models import MonthClose
    from bench.plants import PERIOD

    begun = time.perf_counter()
    take("compute", units)
    compute(list(MonthClose.objects.filter(period=PERIOD).values_list("pk", flat=True)))
    computed = time.perf_counter()
    for step in ("confirm", "finish"):
        take(step, units)
    return computed - begun, time.perf_counter() - begun


def take(step, units):
    """A step with all units of the company, as its page takes it once it is shown."""
    from assessments.company_close import Row
    from assessments.models import MonthClose
    from assessments.services.company_closes import take_step
    from bench.plants import PERIOD

    closes = MonthClose.objects.filter(unit__in=units, period=PERIOD).select_related("unit", "version").defer("inputs")
    found = {close.unit_id: close for close in closes}
    rows = [Row(unit, PERIOD, found.get(unit.pk), []) for unit in units]
    _, refused = take_step(rows, step, actor=None, seen={row.unit.pk: row.seen for row in rows})
    if refused:
        raise SystemExit(f"{step}: {refused[0]}")


def _statements(connection, units):
    """(the statements of a close, seconds that one process takes for it); what they wrote is taken back."""
    from assessments.services import closes
    from bench.plants import PERIOD

    sent = []
    for unit in units:
        closes.close_of(unit, PERIOD)
    taken_back(connection, lambda: _noted(connection, sent, units))
    _, together = taken_back(connection, lambda: timed_closes(units))
    return sent, together


def _round(connection, units, sent, compute):
    """Seconds of (the statements sent on their own, the computing, the whole close), each of a month nobody has closed."""
    _begin_anew(connection)
    alone = taken_back(connection, lambda: _replayed(connection, sent))
    _begin_anew(connection)
    return alone, *timed_closes(units, compute)


def _begin_anew(connection):
    """Open all months again and have PostgreSQL clear away now, not while something is timed, what was written before."""
    from assessments.models import MemberScore, MonthClose, TeamScore
    from teams.triggers import without_triggers

    with without_triggers():
        MemberScore.objects.all()._raw_delete("default")
        TeamScore.objects.all()._raw_delete("default")
        MonthClose.objects.update(state="open", computed_at=None, inputs=None, inputs_hash="")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _noted(connection, sent, units):
    def note(execute, sql, params, many, context):
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        timed_closes(units)


def taken_back(connection, deed):
    """What the deed returns; whatever it wrote is rolled back."""
    from django.db import transaction

    with transaction.atomic():
        seconds = deed()
        transaction.set_rollback(True)
    return seconds


def _replayed(connection, sent):
    cursor = connection.create_cursor()
    begun = time.perf_counter()
    for sql, params in sent:
        cursor.execute(sql, params)
        if cursor.description:
            cursor.fetchall()
    return time.perf_counter() - begun


def _timed_sql(connection, sql):
    from bench.plants import PERIOD

    with connection.cursor() as cursor:
        cursor.execute(BY_HAND[connection.vendor])
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS bench_{table}")
        begun = time.perf_counter()
        for statement in sql.format(period=PERIOD, **WORDS[connection.vendor]).split(";"):
            if statement.strip():
                cursor.execute(statement)
        return time.perf_counter() - begun


def _looped(units):
    """Seconds a team of bench.loop, which few units are enough to tell."""
    from assessments.models import MonthClose
    from bench import loop
    from bench.plants import PERIOD

    teams, begun = 0, time.perf_counter()
    for close in MonthClose.objects.filter(period=PERIOD, unit__in=units[:LOOPED]):
        for team in close.unit.teams.all():
            loop.score(close, team)
            teams += 1
    return (time.perf_counter() - begun) / teams


def _compare(connection, teams):
    from bench.plants import MEMBERS

    with connection.cursor() as cursor:
        for query, wanted in ((SAME, teams), (SAME_MEMBERS, teams * MEMBERS)):
            cursor.execute(query)
            (same,) = cursor.fetchone()
            if same != wanted:
                raise SystemExit(f"The two sides differ: {same} of {wanted} agree.")


if __name__ == "__main__":
    main()
