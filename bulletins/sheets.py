"""A board as a workbook: texts stay texts (no formulas, no lost zeros), figures are figures."""

import io

import xlsxwriter


def workbook(bulletin, board):
    """Bytes of an .xlsx with the facts, the table and the proof of one board as a viewer may see it."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(bulletin.get_kind_display())
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, bulletin.title, bold)
        row = _facts(sheet, board, 1)
        row = _table(sheet, board, row + 1, bold)
        sheet.write_string(row + 1, 0, f"编号 {bulletin.serial}　指纹 {bulletin.content_hash}")
    return buffer.getvalue()


def _facts(sheet, board, row):
    for fact in board["facts"]:
        sheet.write_string(row, 0, fact["label"])
        sheet.write_string(row, 1, fact["value"])
        row += 1
    return row


def _table(sheet, board, row, bold):
    for number, column in enumerate(board["columns"]):
        sheet.write_string(row, number, column["label"] + (f"（{column['unit']}）" if column["unit"] else ""), bold)
    if board["columns"]:
        sheet.freeze_panes(row + 1, 1)
    for line in [entry["cells"] for entry in board["rows"]] + ([board["total"]] if board["total"] else []):
        row += 1
        for number, column in enumerate(board["columns"]):
            _cell(sheet, row, number, line.get(column["key"], ""), column["numeric"])
    return row + 1


def _cell(sheet, row, number, text, numeric):
    if numeric and text:
        sheet.write_number(row, number, float(text.replace(",", "")))
    else:
        sheet.write_string(row, number, text)
