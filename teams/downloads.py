"""Workbooks that go out to people: texts stay texts, so that no formula comes alive and no zero gets lost."""

import io

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


def workbook_response(content, name):
    """The answer that a browser stores as `<name>.xlsx`; signs that a file name cannot carry are left out."""
    disposition = content_disposition_header(True, get_valid_filename(f"{name}.xlsx"))
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def workbook(name, headers, rows):
    """Bytes of an .xlsx with one sheet: `headers` in bold, then `rows` of values; everything is written as text."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(name)
        widths = _write(sheet, book.add_format({"bold": True}), headers, rows)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, max(len(headers) - 1, 0))
    return buffer.getvalue()


def _write(sheet, bold, headers, rows):
    """Write header and rows; returns how wide each column came out (a Chinese sign is two wide)."""
    widths = [_width(header) for header in headers]
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            text = "" if value is None else str(value)
            sheet.write_string(number, column, text)
            widths[column] = max(widths[column], _width(text))
    return widths


def _width(text):
    return sum(2 if ord(sign) > 255 else 1 for sign in text)
