"""Workbooks that people or viruses send: HOSTILE are refused by the reader, ODD are read although they look strange.

Both are made from any real table, so that the roster and the attendance sheet meet the same ones.
"""

import io

import xlsxwriter

from tests.workbooks import archive, named, parts_of, roster

SHEET, BOOK, RELATIONS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ROSTER = parts_of(roster(["000001", "张三", "运行部", "一值"]))

NO_WORKBOOK = "^这不是 .xlsx 工作簿。请在表格软件里另存为“Excel 工作簿（.xlsx）”后重新上传。$"
DAMAGED = "^文件打不开，可能已损坏。"
TOO_MUCH = "^文件内容过大。"
TOO_WIDE = "^工作表太大（最多 5000 行、80 列）。"
NO_SHEET = "^工作簿里没有看得见的工作表。"
MACROS = "^文件里带有宏。"
FAR = '<row r="200000"><c r="ABC200000"><v>1</v></c></row>'
LAUGHTER = "".join(
    f'<!ENTITY {name}{name} "{f"&{name};" * 10}"><!ENTITY {chr(ord(name) + 1)} "&{name}{name};">' for name in "abcdefgh"
)
LAUGHS = f'<!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">{LAUGHTER}]>'


def with_rows(xml, parts=ROSTER):
    """The workbook with more rows in its sheet."""
    return archive(parts | {SHEET: parts[SHEET].replace(b"</sheetData>", xml.encode() + b"</sheetData>")})


def with_cell(place):
    """One more cell at `place`, e.g. XFD1048576."""
    row = "".join(filter(str.isdigit, place))
    return with_rows(f'<row r="{row}"><c r="{place}"><v>1</v></c></row>')


def in_an_odd_place():
    """A far cell in a sheet of an unusual name."""
    parts = dict(ROSTER)
    parts["xl/odd/s.bin"] = parts.pop(SHEET).replace(b"</sheetData>", FAR.encode() + b"</sheetData>")
    parts[RELATIONS] = parts[RELATIONS].replace(b"worksheets/sheet1.xml", b"odd/s.bin")
    return archive(parts)


def boasting():
    """A workbook that says it has more styles than any memory holds."""
    styles = ROSTER["xl/styles.xml"].replace(b'cellXfs count="', b'cellXfs count="99999999999')
    return archive(ROSTER | {"xl/styles.xml": styles})


def forged():
    """A part that says it is small and is not."""
    content = bytearray(archive(ROSTER | {"xl/media/1": b"\0" * 10_000_000}))
    return bytes(content).replace((10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def one_text_everywhere():
    """A small file in which each of 5,000 cells names the same text of 30,000 signs: laid out, half a gigabyte."""
    cells = "".join('<c t="s"><v>0</v></c>' for _ in range(20))
    rows = f"<sheetData>{f'<row>{cells}</row>' * 250}</sheetData>"
    strings = (
        f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>{'长' * 30_000}</t></si></sst>"
    )
    head, _, rest = ROSTER[SHEET].partition(b"<sheetData>")
    sheet = head + rows.encode() + rest.partition(b"</sheetData>")[2]
    return archive(ROSTER | {SHEET: sheet, "xl/sharedStrings.xml": strings})


def _hidden_only():
    """The only sheet is hidden, which no table program lets happen."""
    return archive(ROSTER | {BOOK: ROSTER[BOOK].replace(b"<sheet name", b'<sheet state="hidden" name')})


HOSTILE = {
    "nothing at all": (b"", NO_WORKBOOK),
    "a text": ("工号,姓名,部门,班组\n1,张三,运行部,一值\n".encode(), NO_WORKBOOK),
    "a web page": ("<html><table><tr><td>工号</td></tr></table></html>".encode(), NO_WORKBOOK),
    "an old .xls or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, NO_WORKBOOK),
    "half a workbook": (archive(ROSTER)[:2000], NO_WORKBOOK),
    "an archive of something else": (archive({"word/document.xml": "<w/>"}), NO_WORKBOOK),
    "an archive that only pretends": (archive({BOOK: "<not a workbook"}), DAMAGED),
    "a bomb of zeros": (archive({BOOK: "", "xl/media/1": b"\0" * 60_000_000}), TOO_MUCH),
    "a forged size": (forged(), NO_WORKBOOK),
    "a swarm of members": (archive({BOOK: ""} | {f"x{n}": "" for n in range(200)}), TOO_MUCH),
    "a billion laughs": (archive(ROSTER | {BOOK: LAUGHS + "<workbook>&i;</workbook>"}), DAMAGED),
    "no sheet to be seen": (_hidden_only(), NO_SHEET),
    "macros": (archive(ROSTER | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0Sub AutoOpen()"}), MACROS),
    "too many styles": (boasting(), DAMAGED),
    "one text in every cell": (one_text_everywhere(), TOO_MUCH),
    "a million rows": (with_rows("".join(f'<row r="{n}"/>' for n in range(3, 1_000_003))), TOO_WIDE),
    "a million rows without a number": (with_rows("<row/>" * 1_000_000), TOO_WIDE),
    "a row of a million cells": (with_rows(f"<row>{'<c/>' * 1_000_000}</row>"), TOO_WIDE),
    "a cell in the farthest corner": (with_cell("XFD1048576"), TOO_WIDE),
    "a cell in row 6000": (with_cell("A6000"), TOO_WIDE),
    "a cell in column 81": (with_cell("CC2"), TOO_WIDE),
    "a far cell in single quotes": (with_rows(FAR.replace('"', "'")), TOO_WIDE),
    "a far cell after tabs": (with_rows(FAR.replace(" ", "\t")), TOO_WIDE),
    "a far cell without a space before": (with_rows(FAR.replace(" r=", ' s="1"r=')), TOO_WIDE),
    "a far cell in small letters": (with_rows(FAR.replace("ABC", "abc")), TOO_WIDE),
    "a far cell with leading zeros": (with_rows(FAR.replace("200000", "000000000000200000")), TOO_WIDE),
    "a far cell in a sheet of an odd name": (in_an_odd_place(), TOO_WIDE),
    "more than 5 MB": (b"PK" + b"\0" * (5 * 1024 * 1024), "^文件超过 5 MB。"),
}
"""name: (bytes, the sentence with which every reader refuses them)."""


def hidden_sheet(header, row):
    """A hidden sheet with the same table and a stranger stands before the one that people see."""

    def write(book):
        old = _table(book, header, ["999999", *row[1:]], "旧表")
        _table(book, header, row).activate()
        old.hide()

    return _book(write)


def merged_cells(header, row):
    """A title above the table that is merged over all columns."""

    def write(book):
        sheet = book.add_worksheet("运行一值")
        sheet.merge_range(0, 0, 0, len(header) - 1, "某厂某班组")
        for number, line in enumerate((header, row), start=1):
            sheet.write_row(number, 0, line)

    return _book(write)


def calculated_cells(header, row):
    """Every cell is a formula with a stored result."""

    def write(book):
        sheet = book.add_worksheet("运行一值")
        sheet.write_row(0, 0, header)
        for column, value in enumerate(row):
            sheet.write_formula(1, column, '=TEXT("x",1)', None, value)

    return _book(write)


def external_links(header, row):
    """The workbook refers to a file on somebody's server and to a page."""

    def write(book):
        sheet = _table(book, header, row)
        sheet.write_formula(4, 70, "='\\\\server\\[工资.xlsx]表'!A1", None, "")
        sheet.write_url(5, 70, "http://example.com/")

    extra = {"xl/externalLinks/externalLink1.xml": "<externalLink xmlns='x'/>"}
    return named(archive(parts_of(_book(write)) | extra))


def pictures_and_comments(header, row):
    """A comment on a cell and a text box in the sheet."""

    def write(book):
        sheet = _table(book, header, row)
        sheet.write_comment(1, 0, "请核对")
        sheet.insert_textbox(8, 2, "填表说明")

    return _book(write)


ODD = {
    "a hidden sheet": hidden_sheet,
    "merged cells": merged_cells,
    "formulas with results": calculated_cells,
    "external links": external_links,
    "comments and text boxes": pictures_and_comments,
}
"""name: function of (header, row) that makes a workbook whose table is read all the same."""


def _book(write):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        write(book)
    buffer.name = "表.xlsx"
    return buffer


def _table(book, header, row, name="运行一值"):
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, header)
    sheet.write_row(1, 0, row)
    return sheet


def without_results(file, *places):
    """The workbook with formulas at these places of which nobody has stored the result."""
    parts = parts_of(file)
    for place in places:
        old = parts[SHEET][parts[SHEET].index(f'<c r="{place}"'.encode()) :]
        old = old[: old.index(b"</c>") + 4] if b"</c>" in old else old
        parts[SHEET] = parts[SHEET].replace(old, f'<c r="{place}"><f>A1&amp;"x"</f></c>'.encode())
    return named(archive(parts))
