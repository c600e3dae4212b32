"""Reading uploaded workbooks safely: sizes are checked before anything is unpacked or laid out in memory."""

import datetime
import lzma
import re
import zipfile
import zlib

from python_calamine import CalamineError, CalamineWorkbook

from teams.errors import TeamError

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
MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 200
MAX_ROWS, MAX_COLUMNS = 5100, 80
MAX_COUNT = 1_000_000
"""A reader sets aside memory for as many strings or styles as the file says it has."""

_PLACE = re.compile(rb"""(?<![\w:.-])r\s*=\s*["']([A-Za-z]{0,9})(\d{1,99})["']""")
_COUNT = re.compile(rb"""ount\s*=\s*["']\s*\+?(\d{1,99})""")
_ELEMENT = re.compile(rb"<(?:\w+:)?(c|row)[\s/>]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


class WorkbookRefused(TeamError):
    """The file is no workbook we can read; the message says why and what to do."""


def read_workbook(file):
    """Sheets of an uploaded .xlsx as {sheet name: list of rows}; row 1 of the sheet is index 0.

    Cells are str, float, bool, date or '' as the workbook holds them. Raises WorkbookRefused for anything else than a
    plain .xlsx of at most 5 MB, 5,000 rows and 80 columns a sheet.
    """
    _check_container(file)
    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in _visible(workbook)}
    except (CalamineError, ValueError) as error:
        raise WorkbookRefused("文件打不开，可能已损坏。请在表格软件里另存为 .xlsx 后重新上传。") from error


def _visible(workbook):
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if str(sheet.visible).endswith("Visible") and str(sheet.typ).endswith("WorkSheet")
    ]


def _check_container(file):
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise WorkbookRefused("文件超过 5 MB。请删去图片和无关的工作表后重新上传。")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive)
    except UNREADABLE as error:
        raise WorkbookRefused("这不是 .xlsx 工作簿。请在表格软件里另存为“Excel 工作簿（.xlsx）”后重新上传。") from error


def _check_archive(archive):
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise WorkbookRefused("文件内容过大。请只保留需要导入的工作表后重新上传。")
    if "xl/workbook.xml" not in archive.namelist():
        raise WorkbookRefused("这不是 .xlsx 工作簿。请在表格软件里另存为“Excel 工作簿（.xlsx）”后重新上传。")
    for member in members:
        _check_extent(archive.read(member))


def _check_extent(xml):
    """A single far cell would make a reader lay out the whole rectangle before it.

    Every member is read, for a sheet may have any name, and a forged size shows only in reading.
    """
    if any(int(count) > MAX_COUNT for count in _COUNT.findall(xml)):
        raise WorkbookRefused("文件打不开，可能已损坏。请在表格软件里另存为 .xlsx 后重新上传。")
    if b"sheetData" not in xml:
        return
    far = any(int(row) > MAX_ROWS or _column_number(column) > MAX_COLUMNS for column, row in _PLACE.findall(xml))
    if far or _too_many_without_place(xml):
        raise WorkbookRefused(
            f"工作表太大（最多 {MAX_ROWS - 100} 行、{MAX_COLUMNS} 列）。"
            "请删去表格范围以外的内容（包括看不见的格式）后重新上传。"
        )


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


def text_of(cell):
    """A cell as text: trimmed, without inner spaces of any width or control characters, whole floats without ".0"."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()
    return "".join(_INVISIBLE.sub("", str(cell)).split())


def find_header(rows, required, depth=10):
    """The header row among the first rows: (its index, {header: column index}), or None.

    Headers are compared without spaces; `required` are the names that must all be there.
    """
    for index, row in enumerate(rows[:depth]):
        columns = {text_of(cell): number for number, cell in enumerate(row) if text_of(cell)}
        if set(required) <= set(columns):
            return index, columns
    return None


def column_letter(index):
    """The letter people see above a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
