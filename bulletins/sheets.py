"""A board as a workbook: texts stay texts (no formulas, no lost zeros), figures are figures."""

from teams.downloads import Figure, Sheet, width_of, workbook_of

MONEY = "元"
"""The unit of columns that hold amounts; they get separators of thousands."""


def workbook(bulletin, board):
    """Bytes of an .xlsx with the facts, the table, the notes and the proof of one board as a viewer may see it."""
    columns, lines = board["columns"], [entry["cells"] for entry in board["rows"]]
    lines += [board["total"]] if board["total"] else []
    return workbook_of(
        Sheet(
            bulletin.get_kind_display(),
            [column["label"] + (f"（{column['unit']}）" if column["unit"] else "") for column in columns],
            [[_cell(line, column) for column in columns] for line in lines if columns],
            title=bulletin.title,
            before=[[fact["label"], fact["value"]] for fact in board["facts"]],
            after=[[note] for note in [*board["notes"], *_proof(bulletin)]],
            widths=[_width(lines, column) for column in columns] or [18, 18],
            frozen_columns=1,
        )
    )


def _proof(bulletin):
    return [
        f"公示期 {bulletin.notice_starts_on} 至 {bulletin.notice_ends_on}　第 {bulletin.revision} 版",
        f"编号 {bulletin.serial}　指纹 {bulletin.content_hash}",
    ]


def _cell(line, column):
    text = line.get(column["key"], "")
    return Figure(text, column["unit"] == MONEY) if column["numeric"] and text else text


def _width(lines, column):
    """As wide as the longest text; headings of single days wrap."""
    longest = max((width_of(line.get(column["key"], "")) for line in lines), default=0)
    return min(max(longest, width_of(column["label"] + column["unit"]) if column["numeric"] else 2) + 3, 40)
