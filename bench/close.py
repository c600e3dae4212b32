"""How long closing a month takes beside the SQL that computes the same figures by hand, and how much memory.

    python -m bench.close --teams 100 1000             on SQLite
    TEST_ENGINE=postgres python -m bench.close         on PostgreSQL

The close does more: it freezes and hashes the inputs, keeps each line for the explanation, asks whether anything changed
before it confirms and closes, and leaves the trail. The figures of both sides are compared before anything is printed.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
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
WORDS = {
    "postgresql": {"least": "LEAST", "greatest": "GREATEST", "object": "json_object_agg"},
    "sqlite": {"least": "MIN", "greatest": "MAX", "object": "json_group_object"},
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
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        measure(chosen.one)
        return
    for teams in chosen.teams:
        environment = {name: value for name, value in os.environ.items() if name != "TEST_RUN_DIR"}
        subprocess.run([sys.executable, "-m", "bench.close", "--one", str(teams)], env=environment, check=True)


def measure(teams):
    """Build a plant of so many teams, close its month, compute the same by hand three times, compare and print."""
    connection, units = plant(teams)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    close, longest = timed_closes(units)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    floor = median(_timed_floor(connection) for _ in range(3))
    _compare(connection, teams)
    print(
        f"{connection.vendor}, {teams} teams, {len(units)} units: close {close:.2f} s "
        f"({1000 * close / teams:.1f} ms a team, longest unit {longest:.2f} s), by hand {floor:.2f} s, "
        f"ratio {close / floor:.1f}, memory +{grown:.0f} MB"
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


def timed_closes(units):
    from assessments.services import closes
    from bench.plants import PERIOD

    spent = []
    for unit in units:
        begun = time.perf_counter()
        close = closes.close_of(unit, PERIOD)
        closes.request_computation(close, actor=None)
        closes.compute(close.pk)
        close.refresh_from_db()
        closes.confirm(close, actor=None)
        closes.finish(close, actor=None)
        spent.append(time.perf_counter() - begun)
    return sum(spent), max(spent)


def _timed_floor(connection):
    from bench.plants import PERIOD

    with connection.cursor() as cursor:
        for table in ("bench_category", "bench_team", "bench_member"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        begun = time.perf_counter()
        for statement in FLOOR.format(period=PERIOD, **WORDS[connection.vendor]).split(";"):
            if statement.strip():
                cursor.execute(statement)
        return time.perf_counter() - begun


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
