"""How long closing a month takes beside the recalculation of the workbook that would do it.

    python -m bench.workbook                             200 teams on SQLite; some minutes, most of them for the workbook
    TEST_ENGINE=postgres python -m bench.workbook --workers 2

The workbook holds what a clerk keeps: a row a day for each line of the standard and each person's code, SUMIFS for what
a line of a team lost in the month, at most what it holds, the score and the rank in the unit, each member's score and days.
LibreOffice opens and saves it with its formulas and once more with values alone: the difference is the recalculation. The
figures of both sides are compared before anything is printed. Needs soffice (apt-get install libreoffice-calc).
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from bench.close import at_work, plant, taken_back, timed_closes

QUERIES = {
    "daily": """
SELECT t.name, CAST(s.date AS TEXT), c.code, COALESCE(-f.points, 0), COALESCE(u.employee_no, '')
FROM assessments_check s JOIN teams_team t ON t.id = s.team_id JOIN assessments_criterion c ON c.version_id = s.version_id
LEFT JOIN assessments_finding f ON f.on_sheet_id = s.id AND f.criterion_id = c.id LEFT JOIN teams_user u ON u.id = f.person_id
ORDER BY t.id, s.date, c.id
""",
    "attendance": """
SELECT u.employee_no, CAST(a.date AS TEXT), a.code FROM teams_attendance a JOIN teams_user u ON u.id = a.user_id
ORDER BY a.team_id, a.user_id, a.date
""",
    "teams": """
SELECT t.name, u.name, s.score, s.rank FROM assessments_teamscore s
JOIN teams_team t ON t.id = s.team_id JOIN teams_unit u ON u.id = t.unit_id ORDER BY t.id
""",
    "members": """
SELECT u.employee_no, m.score FROM assessments_memberscore m JOIN teams_user u ON u.id = m.user_id ORDER BY m.team_id, m.user_id
""",
    "lines": "SELECT code, points FROM assessments_criterion WHERE version_id IN (SELECT version_id FROM assessments_check) ORDER BY id",
}
CODES = ("√", "休", "夜", "病")
ALWAYS_RECALCULATE = """<?xml version="1.0"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
FIRST = 3
"""The row of the first team or member; above are the codes and the points of the lines of the standard."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    connection, units = plant(chosen.teams)
    # Workers are at home in their work when a month ends.
    taken_back(connection, lambda: timed_closes(units))
    with at_work(chosen.workers) as compute:
        _, close = timed_closes(units, compute)
    with tempfile.TemporaryDirectory() as folder:
        recalculated = _timed_workbook(connection, Path(folder))
    print(
        f"{connection.vendor}, {chosen.teams} teams, {chosen.workers} at work: close {close:.2f} s; workbook recalculated in "
        f"{recalculated:.1f} s, {recalculated / close:.0f} times as long"
    )


def _timed_workbook(connection, folder):
    """Seconds that LibreOffice needs for the formulas alone."""
    facts = {name: _read(connection, sql) for name, sql in QUERIES.items()}
    for name in ("values", "formulas"):
        _build(folder / f"{name}.xlsx", facts, formulas=name == "formulas")
    # The first start of LibreOffice makes its profile.
    _, values, formulas = (_timed_conversion(folder, name) for name in ("values", "values", "formulas"))
    _compare(folder / "out" / "formulas.xlsx", facts)
    return formulas - values


def _read(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _build(path, facts, formulas):
    lines, days, codes = facts["lines"], len(facts["daily"]), len(facts["attendance"])
    teams, members = [["", *column, "", "", ""] for column in zip(*lines, strict=True)], [[""]] * (FIRST - 1)
    for place, (team, unit, score, rank) in enumerate(facts["teams"], FIRST):
        values = [*[0] * len(lines), score, rank]
        teams.append(
            [team, *(_team_formulas(place, len(lines), days, len(facts["teams"])) if formulas else values), unit]
        )
    for place, (number, score) in enumerate(facts["members"], FIRST):
        members.append([number, *(_member_formulas(place, days, codes) if formulas else [score, *[0] * len(CODES)])])
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        for title, rows in (
            ("日检", facts["daily"]),
            ("考勤", facts["attendance"]),
            ("班组", teams),
            ("成员", members),
        ):
            sheet = book.add_worksheet(title)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)


def _team_formulas(row, lines, days, teams):
    """What each line lost, at most what it holds; the score in hundredths, half up; the rank in the unit."""
    last, score, unit = (xl_col_to_name(lines + more) for more in (0, 1, 3))
    lost = [
        f"=MIN({column}$2,SUMIFS(日检!$D$1:$D${days},日检!$A$1:$A${days},$A{row},日检!$C$1:$C${days},{column}$1))"
        for column in map(xl_col_to_name, range(1, lines + 1))
    ]
    whole = f"SUM($B$2:${last}$2)"
    scores, units = (f"{name}${FIRST}:{name}${teams + FIRST - 1}" for name in (f"${score}", f"${unit}"))
    return [
        *lost,
        f"=ROUND(({whole}-SUM(B{row}:{last}{row}))/{whole}*10000,0)",
        f'=COUNTIFS({units},{unit}{row},{scores},">"&{score}{row})+1',
    ]


def _member_formulas(row, days, codes):
    """The score in hundredths, and the days of each code."""
    score = f"=MAX(0,MIN(12000,10000-SUMIFS(日检!$D$1:$D${days},日检!$E$1:$E${days},$A{row})))"
    counts = [f'=COUNTIFS(考勤!$A$1:$A${codes},$A{row},考勤!$C$1:$C${codes},"{code}")' for code in CODES]
    return [score, *counts]


def _timed_conversion(folder, name):
    out, profile = folder / "out", folder / "out" / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        out,
    ]
    begun = time.perf_counter()
    subprocess.run([*command, folder / f"{name}.xlsx"], check=True, capture_output=True)
    return time.perf_counter() - begun


def _compare(path, facts):
    book = CalamineWorkbook.from_path(path)
    teams = [(row[0], row[-1], row[-3], row[-2]) for row in _rows(book, "班组")]
    for found, wanted in ((teams, facts["teams"]), ([tuple(row[:2]) for row in _rows(book, "成员")], facts["members"])):
        wrong = [pair for pair in zip(found, wanted, strict=True) if pair[0] != tuple(pair[1])]
        if wrong:
            raise SystemExit(f"The two sides differ in {len(wrong)} of {len(wanted)}, first {wrong[0]}.")


def _rows(book, title):
    return book.get_sheet_by_name(title).to_python(skip_empty_area=False)[FIRST - 1 :]


if __name__ == "__main__":
    main()
