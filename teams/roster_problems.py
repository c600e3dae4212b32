"""The error sheet: rows of an uploaded roster as they came, with what is wrong with them, ready to be corrected."""

import datetime

from teams.downloads import Sheet, workbook_of
from teams.roster import find_roster
from teams.workbooks import NoValue, text_of

REASONS = "错误原因"


def problem_workbook(sheets, bad, every=False):
    """Bytes of an .xlsx with the header and the rows of a roster that are `bad` (RosterRows), or `every` row of a person.

    Columns stand as they came; one more says what is wrong. Uploaded again, that column is not read.
    """
    table, reasons = find_roster(sheets), {row.number: reasons_of(row) for row in bad}
    kept = [index for index, cell in enumerate(table.rows[table.header]) if text_of(cell) != REASONS]
    lines = [
        [*(_text(row[index]) for index in kept), reasons.get(number, "")]
        for number, row in enumerate(table.rows[table.header + 1 :], start=table.header + 2)
        if number in reasons or (every and any(_text(cell) for cell in row))
    ]
    header = [_text(table.rows[table.header][index]) for index in kept]
    return workbook_of(Sheet("花名册", [*header, REASONS], lines))


def reasons_of(row):
    """Every problem of a row in one line: where it was, which column, what is wrong."""
    told = [
        f"{problem.column and f'{problem.column}：'}{problem.reason}{problem.detail and f'（{problem.detail}）'}"
        for problem in row.problems
    ]
    return f"第 {row.number} 行：" + "；".join(told)


def _text(cell):
    """A cell as the person typed it, as text: no zero gets lost and no date becomes a number."""
    if isinstance(cell, NoValue):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, datetime.date | datetime.time) else str(cell)
