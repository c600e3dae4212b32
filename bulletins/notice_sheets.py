"""The list or table that a notice may carry: the first sheet of a workbook, its first row the labels."""

from teams.workbooks import NoValue, WorkbookRefused, column_letter, text_of

MOST_COLUMNS, MOST_ROWS, LONGEST = 8, 300, 60


def read_table(sheets):
    """(labels, lines of texts) of the first sheet that holds anything. Raises WorkbookRefused with the cell that is wrong."""
    for rows in sheets.values():
        filled = [(number, row) for number, row in enumerate(rows, 1) if any(text_of(cell) for cell in row)]
        if filled:
            return _table(filled)
    raise WorkbookRefused("文件里没有内容。第一行写列名，下面一行一条。")


def _table(filled):
    (_, head), *body = filled
    labels = [text_of(cell) for cell in head]
    while labels and not labels[-1]:
        labels.pop()
    if not all(labels) or not 1 <= len(labels) <= MOST_COLUMNS:
        raise WorkbookRefused(f"第一行要写列名，中间不能空，最多 {MOST_COLUMNS} 列。")
    if not 1 <= len(body) <= MOST_ROWS:
        raise WorkbookRefused(f"名单要有 1 到 {MOST_ROWS} 行，现在有 {len(body)} 行。")
    return labels, [_line(number, row, len(labels)) for number, row in body]


def _line(number, row, width):
    texts = []
    for place in range(width):
        cell = row[place] if place < len(row) else None
        text = text_of(cell)
        where = f"{column_letter(place)}{number}"
        if isinstance(cell, NoValue):
            raise WorkbookRefused(f"{where} {cell.reason}。")
        if len(text) > LONGEST:
            raise WorkbookRefused(f"{where} 有 {len(text)} 个字，最多 {LONGEST} 个，请写短些。")
        texts.append(text)
    return texts
