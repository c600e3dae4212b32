"""How long dividing bonuses takes beside the same division in bare SQL, to the last fen.

    python -m bench.distribution                       10,000 teams of 12 on SQLite, and 200 teams through the services
    TEST_ENGINE=postgres python -m bench.distribution  on PostgreSQL

The product reads the members of all teams and divides each team's pool with incentives.distribution; the SQL does it with window
functions over all teams at once and stores the shares. Then a sample of teams with a closed month is drawn up by the service,
which also asks who takes part, freezes the inputs and leaves the trail. Figures are compared before anything is printed.
"""

import argparse
import time
from itertools import groupby
from operator import itemgetter

from bench.close import plant

MEMBERS = 12
FACTORS = ("coefficient", "days", "hours", "score")
TABLES = """
CREATE TABLE bench_member (team_id BIGINT, number BIGINT, pool BIGINT, coefficient BIGINT, days BIGINT, hours BIGINT, score BIGINT);
CREATE TABLE bench_share (team_id BIGINT, number BIGINT, fen BIGINT)
"""
MADE_UP = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
INSERT INTO bench_member SELECT i / {members}, i, 800000 + (i / {members}) * 37 % 900001, 100 + (i * 7) % 51, 12 + (i * 11) % 14,
       (12 + (i * 11) % 14) * 800 + (i * 13) % 4000, 7000 + (i * 7919) % 5001 FROM n
"""
BY_HAND = """
INSERT INTO bench_share
WITH weighed AS (
    SELECT team_id, number, 1 AS part, pool - {work} AS pot, coefficient * days AS weight FROM bench_member
    UNION ALL SELECT team_id, number, 2, {work}, coefficient * hours * score FROM bench_member
), exact AS (
    SELECT team_id, number, part, pot, pot * weight AS product,
           CAST(SUM(weight) OVER (PARTITION BY team_id, part) AS BIGINT) AS total FROM weighed
), ranked AS (
    SELECT team_id, number, product / total AS fen,
           ROW_NUMBER() OVER (PARTITION BY team_id, part ORDER BY product % total DESC, number) AS place,
           pot - CAST(SUM(product / total) OVER (PARTITION BY team_id, part) AS BIGINT) AS left_over
    FROM exact
)
SELECT team_id, number, SUM(fen + CASE WHEN place <= left_over THEN 1 ELSE 0 END) FROM ranked GROUP BY team_id, number
"""
WORK = "(pool * 70 / 100 + CASE WHEN pool * 70 % 100 > pool * 30 % 100 THEN 1 ELSE 0 END)"
"""The second part of 30 : 70; the fen left over goes to the larger remainder, a tie to the first part."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teams", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=200)
    chosen = parser.parse_args()
    connection, units = plant(chosen.sample)
    with connection.cursor() as cursor:
        _run(cursor, TABLES)
        _run(cursor, MADE_UP.format(count=chosen.teams * MEMBERS, members=MEMBERS))
        measure(cursor, connection.vendor, chosen.teams)
        through_the_services(cursor, connection.vendor, units, chosen.sample)


def measure(cursor, vendor, teams):
    """Both divisions of all teams, compared, then printed with their ratio."""
    shares = _divided(cursor)
    spent = min(_timed(lambda: _divided(cursor))[1] for _ in range(3))
    by_hand = min(_timed(lambda: _by_hand(cursor))[1] for _ in range(3))
    _compare(cursor, shares)
    print(
        f"{vendor}, {teams} teams, {len(shares)} members: divided {spent:.2f} s "
        f"({1_000_000 * spent / len(shares):.1f} µs a member), by hand {by_hand:.2f} s, ratio {spent / by_hand:.1f}"
    )


def _divided(cursor):
    """{(team, number): fen} of all teams through incentives.distribution."""
    from incentives.distribution import divide
    from incentives.rules.definition import read_rule
    from incentives.services.rules import presets

    scheme, shares = read_rule(presets()["rule_attendance_work"]).scheme, {}
    cursor.execute(f"SELECT team_id, number, pool, {', '.join(FACTORS)} FROM bench_member ORDER BY team_id, number")
    for team, of_team in groupby(cursor.fetchall(), itemgetter(0)):
        rows = list(of_team)
        members = {number: dict(zip(FACTORS, figures, strict=True)) for _, number, _, *figures in rows}
        divided = divide(rows[0][2], scheme, members).shares
        shares |= {(team, number): share.amount for number, share in divided.items()}
    return shares


def _by_hand(cursor):
    cursor.execute("DELETE FROM bench_share")
    cursor.execute(BY_HAND.format(work=WORK))


def _compare(cursor, shares):
    cursor.execute("SELECT team_id, number, fen FROM bench_share")
    found = {(team, number): int(fen) for team, number, fen in cursor.fetchall()}
    if found != shares:
        wrong = [key for key, fen in shares.items() if found.get(key) != fen]
        raise SystemExit(f"The two sides differ: {len(wrong)} of {len(shares)}, first {wrong[:3]}.")


def through_the_services(cursor, vendor, units, teams):
    """Draw up the bonus of every team of a closed plant; what its lines say is compared with the SQL over the same inputs."""
    from bench.close import timed_closes
    from bench.plants import PERIOD
    from incentives.models import DistributionLine
    from incentives.services import distributions, pools
    from incentives.services.rules import install_preset, put_in_force
    from teams.models import Team

    timed_closes(units)
    put_in_force(install_preset("rule_attendance_work", units[0].parent, actor=None), PERIOD, actor=None)
    found = list(Team.objects.select_related("unit"))
    for number, team in enumerate(found):
        pools.set_pool(team, PERIOD, 900_000 + number * 37, actor=None)
    _, spent = _timed(lambda: [distributions.draft(team, PERIOD, actor=None) for team in found])
    lines = list(DistributionLine.objects.select_related("distribution", "user"))
    _run(cursor, "DELETE FROM bench_member")
    rows = [
        (
            *(line.distribution.team_id, int(line.user.employee_no), line.distribution.amount),
            *(getattr(line, name) for name in FACTORS),
        )
        for line in lines
    ]
    cursor.executemany("INSERT INTO bench_member VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
    _by_hand(cursor)
    _compare(cursor, {(row[0], row[1]): line.amount for row, line in zip(rows, lines, strict=True)})
    print(f"{vendor}, {teams} teams through the service: {spent:.2f} s ({1000 * spent / teams:.1f} ms a team)")


def _timed(deed):
    begun = time.perf_counter()
    result = deed()
    return result, time.perf_counter() - begun


def _run(cursor, statements):
    for statement in statements.split(";"):
        cursor.execute(statement)


if __name__ == "__main__":
    main()
