"""The proof of the ledger: every sum and every link that must hold, asked in SQL over all rows at once.

A check counts what it looked at and names each row that is wrong. All look at the whole ledger; those that start from a
business record (`scoped`) can also look at one team's month alone.
"""

from dataclasses import dataclass

from django.db import connection

from teams import periods
from teams.figures import yuan_text

MOST_NAMED = 20
"""How many wrong rows of one check are named; more of them say nothing new."""
EVERYTHING = {"first": 0, "last": 2**62, "from": periods.FIRST, "to": periods.LAST}


@dataclass(frozen=True)
class Check:
    """One law of the ledger: `examined` counts the rows it is about, `broken` finds those that break it.

    `words` makes a sentence of a broken row; figures named `fen…` are shown as yuan.
    """

    title: str
    examined: str
    broken: str
    words: str
    scoped: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a check found: how many rows it looked at, and a sentence for each of the first that are wrong."""

    title: str
    examined: int
    problems: list

    def __str__(self):
        return f"{self.title}：{self.examined} 条，{f'{len(self.problems)} 处不符' if self.problems else '全部相符'}"


MOVED = """
SELECT side.transaction_id, side.account_id, SUM(side.amount) AS fen FROM (
    SELECT transaction_id, target_account_id AS account_id, amount FROM incentives_entry
    UNION ALL SELECT transaction_id, source_account_id, -amount FROM incentives_entry
) side
"""
OPPOSITE = """
SELECT 1 FROM incentives_entry o WHERE o.transaction_id = {other} AND o.amount = e.amount
AND o.source_account_id = e.target_account_id AND o.target_account_id = e.source_account_id
"""
IN_SCOPE = "{row}.team_id BETWEEN %(first)s AND %(last)s AND {row}.period BETWEEN %(from)s AND %(to)s"
DIVIDED = f"""
WITH divided AS (
    SELECT d.id, d.team_id, d.amount, d.reserve, d.state, t.id AS transaction_id
    FROM incentives_distribution d LEFT JOIN incentives_transaction t ON t.source = '{{source}}:' || d.id
    WHERE d.state IN ({{states}}) AND {IN_SCOPE.format(row="d")}
), moved AS (
    {MOVED} JOIN divided ON divided.transaction_id = side.transaction_id GROUP BY side.transaction_id, side.account_id
)
"""
POSTED = DIVIDED.format(source="distribution", states="'posted', 'settled'")
SETTLED = DIVIDED.format(source="settlement", states="'settled'")
LINES = """
SELECT divided.id AS row, u.name AS name, l.payable AS fen, COALESCE(m.fen, 0) AS fen_moved
FROM divided JOIN incentives_distributionline l ON l.distribution_id = divided.id
JOIN teams_user u ON u.id = l.user_id
LEFT JOIN incentives_account a ON a.code = 'member:' || l.user_id
LEFT JOIN moved m ON m.transaction_id = divided.transaction_id AND m.account_id = a.id
WHERE COALESCE(m.fen, 0) <> {sign} l.payable
UNION ALL
SELECT divided.id, a.code, 0, m.fen FROM divided
JOIN moved m ON m.transaction_id = divided.transaction_id AND m.fen <> 0
JOIN incentives_account a ON a.id = m.account_id AND a.code LIKE 'member:%%'
WHERE NOT EXISTS (SELECT 1 FROM incentives_distributionline l
                  WHERE l.distribution_id = divided.id AND 'member:' || l.user_id = a.code)
"""
PURSES = """
SELECT divided.id AS row, w.code AS name, w.fen AS fen, COALESCE(m.fen, 0) AS fen_moved
FROM divided JOIN (SELECT id, 'pool:' || team_id AS code, 0 AS fen FROM divided
                   UNION ALL SELECT id, 'reserve:' || team_id, reserve FROM divided) w ON w.id = divided.id
LEFT JOIN incentives_account a ON a.code = w.code
LEFT JOIN moved m ON m.transaction_id = divided.transaction_id AND m.account_id = a.id
WHERE COALESCE(m.fen, 0) <> w.fen
UNION ALL
SELECT divided.id, 'company', divided.amount, COALESCE(SUM(e.amount), 0) FROM divided
LEFT JOIN incentives_account a ON a.code = 'pool:' || divided.team_id
LEFT JOIN incentives_entry e ON e.transaction_id = divided.transaction_id AND e.target_account_id = a.id
GROUP BY divided.id, divided.amount HAVING COALESCE(SUM(e.amount), 0) <> divided.amount
"""
COUNTED_LINES = """
SELECT COUNT(*) FROM divided JOIN incentives_distributionline l ON l.distribution_id = divided.id
"""
PAID = f"""
SELECT p.id AS row, p.state AS name, p.amount AS fen, COALESCE(moved.fen, 0) AS fen_moved
FROM {{table}} p LEFT JOIN incentives_transaction t ON t.id = p.posting_id
LEFT JOIN incentives_transaction r ON r.reverses_id = p.posting_id
LEFT JOIN (
    SELECT transaction_id, SUM(amount) AS fen FROM incentives_entry GROUP BY transaction_id
) moved ON moved.transaction_id = p.posting_id
WHERE {IN_SCOPE.format(row="p")} AND (
    (p.state IN ('approved', 'reversed')) <> (p.posting_id IS NOT NULL)
    OR (p.posting_id IS NOT NULL AND (COALESCE(moved.fen, 0) <> p.amount OR t.source <> '{{source}}:' || p.id))
    OR (p.state = 'reversed') <> (r.id IS NOT NULL)
)
"""
ORPHANS = """
SELECT t.id AS row, t.source AS name FROM incentives_transaction t
WHERE (t.source LIKE 'distribution:%%' AND NOT EXISTS (SELECT 1 FROM incentives_distribution d
        WHERE 'distribution:' || d.id = t.source AND d.state IN ('posted', 'settled')))
   OR (t.source LIKE 'settlement:%%' AND NOT EXISTS (SELECT 1 FROM incentives_distribution d
        WHERE 'settlement:' || d.id = t.source AND d.state = 'settled'))
   OR (t.source LIKE 'expense:%%' AND NOT EXISTS (SELECT 1 FROM incentives_expense x WHERE x.posting_id = t.id))
   OR (t.source LIKE 'award:%%' AND NOT EXISTS (SELECT 1 FROM incentives_specialaward x WHERE x.posting_id = t.id))
   OR (t.source LIKE 'reversal:%%' AND (t.reverses_id IS NULL OR t.source <> 'reversal:' || t.reverses_id))
"""
OVERDRAWN = f"""
SELECT a.code AS name, step.transaction_id AS row, step.fen AS fen FROM (
    SELECT moved.account_id, moved.transaction_id,
           SUM(moved.fen) OVER (PARTITION BY moved.account_id ORDER BY moved.transaction_id) AS fen
    FROM ({MOVED} WHERE side.account_id IN (
        SELECT id FROM incentives_account WHERE code LIKE 'reserve:%%' OR code LIKE 'fund:%%'
    ) GROUP BY side.transaction_id, side.account_id) moved
) step JOIN incentives_account a ON a.id = step.account_id WHERE step.fen < 0
"""
UNDIVIDED = f"""
SELECT a.code AS name, SUM(moved.fen) AS fen FROM ({MOVED} GROUP BY side.transaction_id, side.account_id) moved
JOIN incentives_account a ON a.id = moved.account_id AND a.code LIKE 'pool:%%'
GROUP BY a.code HAVING SUM(moved.fen) <> 0
"""

CHECKS = (
    Check(
        "每笔账目都有分录",
        "SELECT COUNT(*) FROM incentives_transaction",
        "SELECT t.id AS row, t.memo AS name FROM incentives_transaction t"
        " WHERE NOT EXISTS (SELECT 1 FROM incentives_entry e WHERE e.transaction_id = t.id)",
        "账目 {row}（{name}）没有分录",
    ),
    Check(
        "分录金额大于零，转出转入是两个账户",
        "SELECT COUNT(*) FROM incentives_entry",
        "SELECT id AS row, amount AS fen FROM incentives_entry WHERE amount <= 0 OR source_account_id = target_account_id",
        "分录 {row}：{fen} 元，金额或者账户不对",
    ),
    Check(
        "账户和它的班组、人员相符",
        "SELECT COUNT(*) FROM incentives_account",
        "SELECT id AS row, code AS name FROM incentives_account WHERE (team_id IS NOT NULL AND user_id IS NOT NULL)"
        " OR (team_id IS NOT NULL AND code NOT IN ('pool:' || team_id, 'reserve:' || team_id, 'fund:' || team_id))"
        " OR (user_id IS NOT NULL AND code <> 'member:' || user_id)"
        " OR (team_id IS NULL AND user_id IS NULL AND code LIKE '%%:%%')",
        "账户 {row} 的代码 {name} 与它的班组、人员不符",
    ),
    Check(
        "冲销与原账一笔不差地相反",
        "SELECT COUNT(*) FROM incentives_transaction WHERE reverses_id IS NOT NULL",
        "SELECT t.id AS row, t.memo AS name FROM incentives_transaction t WHERE t.reverses_id IS NOT NULL AND ("
        " EXISTS (SELECT 1 FROM incentives_transaction o WHERE o.id = t.reverses_id AND o.reverses_id IS NOT NULL)"
        f" OR EXISTS (SELECT 1 FROM incentives_entry e WHERE e.transaction_id = t.id"
        f" AND NOT EXISTS ({OPPOSITE.format(other='t.reverses_id')}))"
        f" OR EXISTS (SELECT 1 FROM incentives_entry e WHERE e.transaction_id = t.reverses_id"
        f" AND NOT EXISTS ({OPPOSITE.format(other='t.id')})))",
        "账目 {row}（{name}）不是原账的相反数",
    ),
    Check(
        "入账的奖金与分配明细一分不差",
        POSTED + COUNTED_LINES,
        POSTED + LINES.format(sign=""),
        "分配 {row} {name}：明细 {fen} 元，账上 {fen_moved} 元",
        scoped=True,
    ),
    Check(
        "奖金总额分完，留存相符",
        POSTED + "SELECT COUNT(*) FROM divided",
        POSTED + PURSES,
        "分配 {row} {name}：应为 {fen} 元，账上 {fen_moved} 元",
        scoped=True,
    ),
    Check(
        "发放的奖金与分配明细一分不差",
        SETTLED + COUNTED_LINES,
        SETTLED + LINES.format(sign="-"),
        "分配 {row} {name}：明细 {fen} 元，发放 {fen_moved} 元",
        scoped=True,
    ),
    Check(
        "班组费用与账目相符",
        f"SELECT COUNT(*) FROM incentives_expense p WHERE {IN_SCOPE.format(row='p')}",
        PAID.format(table="incentives_expense", source="expense"),
        "费用 {row}（{name}）：{fen} 元，账上 {fen_moved} 元",
        scoped=True,
    ),
    Check(
        "专项奖励与账目相符",
        f"SELECT COUNT(*) FROM incentives_specialaward p WHERE {IN_SCOPE.format(row='p')}",
        PAID.format(table="incentives_specialaward", source="award"),
        "奖励 {row}（{name}）：{fen} 元，账上 {fen_moved} 元",
        scoped=True,
    ),
    Check(
        "每笔账目都有它的单据",
        "SELECT COUNT(*) FROM incentives_transaction WHERE source LIKE '%%:%%'",
        ORPHANS,
        "账目 {row}（{name}）没有相应的单据",
    ),
    Check(
        "留存和班组费用任何时候都不透支",
        "SELECT COUNT(*) FROM incentives_account WHERE code LIKE 'reserve:%%' OR code LIKE 'fund:%%'",
        OVERDRAWN,
        "账户 {name} 在账目 {row} 之后是 {fen} 元",
    ),
    Check(
        "待分配的奖金没有余额",
        "SELECT COUNT(*) FROM incentives_account WHERE code LIKE 'pool:%%'",
        UNDIVIDED,
        "账户 {name} 还有 {fen} 元没有分完",
    ),
)


def verify():
    """An Outcome for each check over the whole ledger; two queries each, however much there is."""
    return [_outcome(check, EVERYTHING) for check in CHECKS]


def problems_of(team, period):
    """Sentences about what does not hold in one team's month; none when all is well."""
    scope = {"first": team.pk, "last": team.pk, "from": period, "to": period}
    return [problem for check in CHECKS if check.scoped for problem in _broken(check, scope)]


def _outcome(check, scope):
    with connection.cursor() as cursor:
        cursor.execute(check.examined, scope)
        (examined,) = cursor.fetchone()
    return Outcome(check.title, examined, _broken(check, scope))


def _broken(check, scope):
    with connection.cursor() as cursor:
        cursor.execute(check.broken, scope)
        names = [column[0] for column in cursor.description]
        return [_sentence(check, dict(zip(names, row, strict=True))) for row in cursor.fetchmany(MOST_NAMED)]


def _sentence(check, row):
    shown = {name: yuan_text(value) if name.startswith("fen") else value for name, value in row.items()}
    return check.words.format(**shown)
