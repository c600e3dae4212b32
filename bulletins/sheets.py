"""A board as a workbook: texts stay texts (no formulas, no lost zeros), figures are figures."""

import io

import xlsxwriter

MONEY = "元"
"""The unit of columns that hold amounts; they get separators of thousands."""


def workbook(bulletin, board):
    """Bytes of an .xlsx with the facts, the table, the notes and the proof of one board as a viewer may see it."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(bulletin.get_kind_display())
        sheet.write_string(0, 0, bulletin.title, book.add_format({"bold": True, "font_size": 14}))
        row = _lines(sheet, [[fact["label"], fact["value"]] for fact in board["facts"]], 1)
        row = _table(sheet, board, row + 1, _Formats(book))
        _lines(sheet, [[note] for note in board["notes"]] + [[line] for line in _proof(bulletin)], row + 1)
    return buffer.getvalue()


def _proof(bulletin):
    return [
        f"公示期 {bulletin.notice_starts_on} 至 {bulletin.notice_ends_on}　第 {bulletin.revision} 版",
        f"编号 {bulletin.serial}　指纹 {bulletin.content_hash}",
    ]


class _Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book):
        self.book, self.made = book, {}
        self.head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EDF1F4", "bottom": 1})

    def figure(self, text, unit):
        """As many decimals as the board shows; thousands apart where it is money."""
        decimals = len(text.partition(".")[2])
        code = ("#,##0" if unit == MONEY else "0") + ("." + "0" * decimals if decimals else "")
        if code not in self.made:
            self.made[code] = self.book.add_format({"num_format": code})
        return self.made[code]


def _lines(sheet, lines, row):
    for line in lines:
        for number, text in enumerate(line):
            sheet.write_string(row, number, text)
        row += 1
    return row


def _table(sheet, board, row, formats):
    for number, column in enumerate(board["columns"]):
        sheet.set_column(number, number, _width(board, column))
        heading = column["label"] + (f"（{column['unit']}）" if column["unit"] else "")
        sheet.write_string(row, number, heading, formats.head)
    if board["columns"]:
        sheet.freeze_panes(row + 1, 1)
    else:
        sheet.set_column(0, 1, 18)
    for line in [entry["cells"] for entry in board["rows"]] + ([board["total"]] if board["total"] else []):
        row += 1
        for number, column in enumerate(board["columns"]):
            _cell(sheet, row, number, line.get(column["key"], ""), column, formats)
    return row + 1


def _width(board, column):
    """As wide as the longest text, a Chinese sign counting twice; headings of single days wrap."""
    lines = [entry["cells"] for entry in board["rows"]] + [board["total"]]
    longest = max(_signs(line.get(column["key"], "")) for line in lines)
    return min(max(longest, _signs(column["label"] + column["unit"]) if column["numeric"] else 2) + 3, 40)


def _signs(text):
    return sum(1 if sign.isascii() else 2 for sign in text)


def _cell(sheet, row, number, text, column, formats):
    if column["numeric"] and text:
        sheet.write_number(row, number, float(text.replace(",", "")), formats.figure(text, column["unit"]))
    else:
        sheet.write_string(row, number, text)
