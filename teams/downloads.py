"""Workbooks that go out to people: texts stay texts, so that no formula comes alive and no zero gets lost."""

import io
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Figure:
    """A cell that is a number, shown with as many decimals as its text has; `money` sets thousands apart."""

    text: str
    money: bool = False

    def __str__(self):
        return self.text

    @property
    def format(self):
        """How a table program shows it."""
        decimals = len(self.text.partition(".")[2])
        return ("#,##0" if self.money else "0") + ("." + "0" * decimals if decimals else "")


@dataclass
class Sheet:
    """A table of a workbook: `rows` hold texts, Figures or None. Lines `before` and `after` stand around the table.

    `totals` are headers of columns whose Figures are added up in a last row, which no filter hides. `widths` of the columns are counted in half-width signs; without them every column is as wide as its longest text.
    """

    name: str
    headers: list
    rows: object
    title: str = ""
    before: tuple = ()
    after: tuple = ()
    totals: tuple = ()
    widths: list | None = None
    frozen_columns: int = 0


def file_response(content, content_type, file_name, *, is_download=True, **headers):
    """The answer that a browser stores as `file_name`, or shows; signs that a file name cannot carry are left out."""
    disposition = content_disposition_header(is_download, get_valid_filename(file_name))
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition, **headers})


def workbook_response(content, name):
    """The answer that a browser stores as `<name>.xlsx`."""
    return file_response(content, XLSX, f"{name}.xlsx")


def csv_response(text, name):
    """The answer that a browser stores as `<name>.csv`."""
    return file_response(text, "text/csv; charset=utf-8", f"{name}.csv")


def pdf_response(content, name, *, is_download):
    """The answer that a browser stores, or shows, as `<name>.pdf`; nobody between keeps it, for it may tell of people."""
    kept_by_nobody = {"Cache-Control": "private, no-store"}
    return file_response(content, "application/pdf", f"{name}.pdf", is_download=is_download, **kept_by_nobody)


def workbook(name, headers, rows, totals=()):
    """Bytes of an .xlsx with one sheet: `headers` in bold, then `rows`, then the sums of the columns named `totals`."""
    return workbook_of(Sheet(name, headers, rows, totals=totals))


def workbook_of(*sheets):
    """Bytes of an .xlsx with these sheets. Only Figures become numbers; nothing becomes a formula or a link."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        formats = _Formats(book)
        for sheet in sheets:
            _Writer(book.add_worksheet(sheet.name), formats).write(sheet)
    return buffer.getvalue()


class _Formats(dict):
    """The formats of one workbook, each made once: those of figures by their code."""

    def __init__(self, book):
        self.book, self.text = book, book.add_format({"num_format": "@"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E4EEF6", "bottom": 1})

    def __missing__(self, code):
        return self.setdefault(code, self.book.add_format({"num_format": code}))


class _Writer:
    """Writes one Sheet from top to bottom; `row` is the next one."""

    def __init__(self, sheet, formats):
        self.sheet, self.formats, self.row, self.longest = sheet, formats, 0, {}

    def write(self, wanted):
        if wanted.title:
            self._line([wanted.title], self.formats.title)
        for line in chain(wanted.before, [[]] if wanted.title or wanted.before else []):
            self._line(line)
        self.longest.clear()
        self._table(wanted)
        widths = wanted.widths or [min(width, WIDEST) + 2 for _, width in sorted(self.longest.items())]
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width, self.formats.text)
        for line in chain([[]], wanted.after) if wanted.after else []:
            self._line(line)

    def _table(self, wanted):
        head = self.row
        if wanted.headers:
            self._line(wanted.headers, self.formats.head)
            self.sheet.freeze_panes(self.row, wanted.frozen_columns)
        rows = [list(row) for row in wanted.rows]
        for row in rows:
            self._line(row)
        if wanted.headers and head == 0:
            self.sheet.autofilter(0, 0, max(self.row - 1, 0), len(wanted.headers) - 1)
        if wanted.totals and rows:
            self._line(_sums(wanted, rows))

    def _line(self, cells, style=None):
        for column, cell in enumerate(cells):
            text = "" if cell is None else str(cell)
            if isinstance(cell, Figure):
                self.sheet.write_number(self.row, column, float(text.replace(",", "")), self.formats[cell.format])
            else:
                self.sheet.write_string(self.row, column, text, style or self.formats.text)
            self.longest[column] = max(self.longest.get(column, 0), width_of(text))
        self.row += 1


def _sums(wanted, rows):
    """The last row of a table: 合计 and, under the headers of `totals`, what their Figures add up to."""
    line = ["合计", *[""] * (len(wanted.headers) - 1)]
    for header in wanted.totals:
        column = wanted.headers.index(header)
        figures = [row[column] for row in rows if isinstance(row[column], Figure)]
        total = sum((Decimal(figure.text.replace(",", "")) for figure in figures), Decimal())
        line[column] = Figure(str(total), money=any(figure.money for figure in figures))
    return line


def width_of(text):
    """How wide a text is in half-width signs: a Chinese sign counts twice."""
    return sum(2 if ord(sign) > 255 else 1 for sign in text)
