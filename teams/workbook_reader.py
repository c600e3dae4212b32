"""Reads one workbook in a process of its own, so that no file can take the web server or a worker down with it.

    python -m teams.workbook_reader < 花名册.xlsx

Writes JSON to stdout: {"sheets": {name: rows}}, or {"refused": sentence}. Dates and the like are written as [kind, text].
Imports nothing of Django: it must start fast, and its memory and its time are limited.
"""

import datetime
import io
import json
import lzma
import posixpath
import re
import sys
import zipfile
import zlib
from contextlib import suppress
from resource import RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, RLIMIT_FSIZE, setrlimit
from xml.etree import ElementTree

MEMORY = 200 * 1024 * 1024
CPU_SECONDS = 8
MAX_UNPACKED = 50 * 1024 * 1024
MAX_TEXT = 20_000_000
"""More signs than all cells of a plant's workbook have; a short file can name one long text in every cell."""
MAX_MEMBERS = 200
MAX_ROWS, MAX_COLUMNS = 5100, 80
MAX_COUNT = 1_000_000
"""A reader sets aside memory for as many strings or styles as the file says it has."""

NO_WORKBOOK = "这不是 .xlsx 工作簿。请在表格软件里另存为“Excel 工作簿（.xlsx）”后重新上传。"
DAMAGED = "文件打不开，可能已损坏。请在表格软件里另存为 .xlsx 后重新上传。"
TOO_MUCH = "文件内容过大。请只保留需要导入的工作表后重新上传。"
TOO_WIDE = f"工作表太大（最多 {MAX_ROWS - 100} 行、{MAX_COLUMNS} 列）。请删去表格范围以外的内容（包括看不见的格式）后重新上传。"
NO_SHEET = "工作簿里没有看得见的工作表。请取消隐藏，或核对文件后重新上传。"
MACROS = "文件里带有宏。请在表格软件里另存为不带宏的“Excel 工作簿（.xlsx）”后重新上传。"
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
)
"""What reading a damaged or encrypted archive raises."""

_PLACE = re.compile(rb"""(?<![\w:.-])r\s*=\s*["']([A-Za-z]{0,9})(\d{1,99})["']""")
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*\+?(\d{1,99})""")
_ELEMENT = re.compile(rb"<(?:\w+:)?(c|row)[\s/>]")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Refused(Exception):
    """The file is not read; the text says why and what to do."""


def limit_this_process():
    """From here on this process ends rather than take more memory or time; it writes no files and no core."""
    limits = {RLIMIT_AS: MEMORY, RLIMIT_CPU: CPU_SECONDS, RLIMIT_FSIZE: 0, RLIMIT_CORE: 0}
    for limit, value in limits.items():
        with suppress(ValueError, OSError):
            setrlimit(limit, (value, value))


def read(content):
    """{sheet name: rows} of the visible sheets. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive)
            sheets = _sheets(content)
            if not sheets:
                raise Refused(NO_SHEET)
            for name, cells in _without_value(archive).items():
                _mark(sheets.get(name, []), cells)
            return sheets
    except UNREADABLE as error:
        raise Refused(NO_WORKBOOK) from error


def check_archive(archive):
    """Refuse what would grow beyond measure before anything is laid out in memory."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Refused(TOO_MUCH)
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused(NO_WORKBOOK)
    if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
        raise Refused(MACROS)
    for member in members:
        _check_extent(archive.read(member))


def _check_extent(xml):
    """A single far cell would make a reader lay out the whole rectangle before it.

    Every member is read, for a sheet may have any name, and a forged size shows only in reading.
    """
    if b"<!DOCTYPE" in xml or any(int(count) > MAX_COUNT for count in _COUNT.findall(xml)):
        raise Refused(DAMAGED)
    if b"sheetData" not in xml:
        return
    far = any(int(row) > MAX_ROWS or _column_number(column) > MAX_COLUMNS for column, row in _PLACE.findall(xml))
    if far or _too_many_without_place(xml):
        raise Refused(TOO_WIDE)


def _too_many_without_place(xml):
    """Rows and cells need not say where they are: then they are counted."""
    rows = cells = 0
    for element in _ELEMENT.finditer(xml):
        if element[1] == b"row":
            rows, cells = rows + 1, 0
        else:
            cells += 1
        if rows > MAX_ROWS or cells > MAX_COLUMNS:
            return True
    return False


def _column_number(letters):
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheets(content):
    from python_calamine import CalamineError, CalamineWorkbook

    room = [MAX_TEXT]
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {name: _rows(workbook.get_sheet_by_name(name), room) for name in _visible(workbook)}
    except (CalamineError, ValueError) as error:
        raise Refused(DAMAGED) from error


def _visible(workbook):
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if str(sheet.visible).endswith("Visible") and str(sheet.typ).endswith("WorkSheet")
    ]


def _rows(sheet, room):
    """The rows as JSON can hold them; `room` is how many signs the workbook may still have."""
    rows = []
    for row in sheet.to_python(skip_empty_area=False):
        room[0] -= sum(len(cell) for cell in row if isinstance(cell, str))
        if room[0] < 0:
            raise Refused(TOO_MUCH)
        rows.append([cell if isinstance(cell, str | float | bool | int) else _tagged(cell) for cell in row])
    return rows


def _tagged(cell):
    if isinstance(cell, datetime.timedelta):
        return ["text", str(cell)]
    return [type(cell).__name__, cell.isoformat()]


# -- Formulas without a value: a reader takes them for empty cells, and people would not know why -------------------------


def _without_value(archive):
    """{sheet name: [(row index, column index)]} of formulas whose result the file does not hold."""
    found = {}
    for name, path in _parts(archive).items():
        xml = archive.read(path)
        if re.search(rb"<(?:\w+:)?f[\s/>]", xml):
            found[name] = [_place(cell.get("r", "")) for cell in _cells(xml) if _is_uncalculated(cell)]
    return found


def _parts(archive):
    """{sheet name: path inside the archive}, as far as the archive says so."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 -- no DOCTYPE gets here
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ElementTree.ParseError, KeyError):
        return {}
    targets = {relation.get("Id"): posixpath.join("/xl", relation.get("Target", "")) for relation in relations}
    paths = {sheet.get("name"): targets.get(sheet.get(_ID), "") for sheet in book.iter(f"{_MAIN}sheet")}
    known = set(archive.namelist())
    return {name: path.lstrip("/") for name, path in paths.items() if path.lstrip("/") in known}


def _cells(xml):
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(xml)):  # noqa: S314
            if element.tag == f"{_MAIN}c":
                yield element
            elif element.tag == f"{_MAIN}row":
                element.clear()
    except ElementTree.ParseError:
        return


def _is_uncalculated(cell):
    """A formula without a value; one of type str may have come to an empty text."""
    return cell.find(f"{_MAIN}f") is not None and cell.get("t") != "str" and not cell.findtext(f"{_MAIN}v")


def _place(reference):
    match = re.fullmatch(r"([A-Za-z]+)(\d+)", reference)
    return (int(match[2]) - 1, _column_number(match[1].encode()) - 1) if match else (-1, -1)


def _mark(rows, cells):
    for row, column in cells:
        if 0 <= row < len(rows) and 0 <= column < len(rows[row]):
            rows[row][column] = ["formula", ""]


def main():
    limit_this_process()
    try:
        answer = {"sheets": read(sys.stdin.buffer.read())}
    except Refused as error:
        answer = {"refused": str(error)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
