"""A board as a workbook or as csv: texts stay texts (no formulas, no lost zeros), figures are figures."""

import csv
import io
import re

from teams.downloads import Figure, Sheet, width_of, workbook_of

MONEY = "元"
"""The unit of columns that hold amounts; they get separators of thousands."""
FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠].")
"""How a text begins that a table program might take for a formula."""
PLAIN = re.compile(r"[+-]?\d[\d,]*(\.\d+)?")


def workbook(bulletin, board):
    """Bytes of an .xlsx with the facts, the table, the notes and the proof of one board as a viewer may see it."""
    columns, lines = board["columns"], _lines(board)
    return workbook_of(
        Sheet(
            bulletin.get_kind_display(),
            _headers(columns),
            [[_cell(line, column) for column in columns] for line in lines if columns],
            title=bulletin.title,
            before=[[fact["label"], fact["value"]] for fact in board["facts"]],
            after=[[note] for note in [*board["notes"], *_proof(bulletin)]],
            widths=[_width(lines, column) for column in columns] or [18, 18],
            frozen_columns=1,
        )
    )


def csv_text(bulletin, board):
    """The same as comma-separated lines with a byte order mark, by which table programs know Chinese."""
    columns, buffer = board["columns"], io.StringIO()
    rows = [[bulletin.title], *([fact["label"], fact["value"]] for fact in board["facts"]), [], _headers(columns)]
    rows += [[str(_cell(line, column)) for column in columns] for line in _lines(board) if columns]
    rows += [[], *([note] for note in [*board["notes"], *_proof(bulletin)])]
    csv.writer(buffer).writerows([[_harmless(text) for text in row] for row in rows])
    return f"\ufeff{buffer.getvalue()}"


def _harmless(text):
    """A text that no table program computes; a number stays one."""
    return f"'{text}" if FORMULA.match(text) and not PLAIN.fullmatch(text) else text


def _headers(columns):
    return [column["label"] + (f"（{column['unit']}）" if column["unit"] else "") for column in columns]


def _lines(board):
    return [row["cells"] for row in board["rows"]] + ([board["total"]] if board["total"] else [])


def _proof(bulletin):
    return [
        f"公示期 {bulletin.notice_starts_on} 至 {bulletin.notice_ends_on}　第 {bulletin.revision} 版",
        f"编号 {bulletin.serial}　指纹 {bulletin.content_hash}",
    ]


def _cell(line, column):
    """The text of a cell, or its Figure, with the minus that programs know instead of the one that is printed."""
    text = line.get(column["key"], "")
    plain = text.replace("−", "-")
    return Figure(plain, column["unit"] == MONEY) if column["numeric"] and PLAIN.fullmatch(plain) else text


def _width(lines, column):
    """As wide as the longest text; headings of single days wrap."""
    longest = max((width_of(line.get(column["key"], "")) for line in lines), default=0)
    return min(max(longest, width_of(column["label"] + column["unit"]) if column["numeric"] else 2) + 3, 40)
