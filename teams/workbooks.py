"""Reading uploaded workbooks safely: the file itself is opened by a process of its own (teams/workbook_reader.py)."""

import datetime
import json
import logging
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from teams.errors import TeamError
from teams.workbook_reader import NO_WORKBOOK, TOO_MUCH, UNREADABLE

log = logging.getLogger(__name__)
MAX_BYTES = 5 * 1024 * 1024
SECONDS = 20
"""How long a reader may take by the clock; it stops itself after fewer seconds of work."""
FOLDER = Path(__file__).resolve().parent.parent
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_FROM_TEXT = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "text": str,
}


class WorkbookRefused(TeamError):
    """The file is no workbook we can read; the message says why and what to do."""


class NoValue(str):
    """A cell with a formula whose result the file does not hold; its text says so."""

    reason = "是没有算出结果的公式，请在表格软件里打开、保存后重新上传，或改成数值"


NO_VALUE = NoValue("没有结果的公式")


def read_workbook(file):
    """Sheets of an uploaded .xlsx as {sheet name: list of rows}; row 1 of the sheet is index 0.

    Cells are str, float, bool, date, NO_VALUE or '' as the workbook holds them. Raises WorkbookRefused for anything else
    than a plain .xlsx of at most 5 MB, 5,000 rows and 80 columns a sheet.
    """
    check_container(file)
    file.seek(0)
    answer = _ask_reader(file.read())
    if "refused" in answer:
        raise WorkbookRefused(answer["refused"])
    return {name: [[_cell(cell) for cell in row] for row in rows] for name, rows in answer["sheets"].items()}


def check_container(file):
    """Refuse at once what is too big or no archive at all, without unpacking anything. Raises WorkbookRefused."""
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise WorkbookRefused("文件超过 5 MB。请删去图片和无关的工作表后重新上传。")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            archive.getinfo("xl/workbook.xml")
    except (*UNREADABLE, KeyError) as error:
        raise WorkbookRefused(NO_WORKBOOK) from error


def _ask_reader(content):
    """What the reader says about the bytes. It may die of the file: that is an answer, too. It knows no secrets of ours."""
    command = [sys.executable, "-m", "teams.workbook_reader"]
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    limits = {"timeout": SECONDS, "cwd": FOLDER, "env": environment}
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=True, **limits)  # noqa: S603
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        log.warning("the workbook reader gave up: %s %s", error, (getattr(error, "stderr", None) or b"")[-300:])
        raise WorkbookRefused(TOO_MUCH) from error


def _cell(cell):
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    return NO_VALUE if kind == "formula" else _FROM_TEXT[kind](text)


def text_of(cell):
    """A cell as text: trimmed, without inner spaces of any width or control characters, whole floats without ".0"."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()
    return "".join(_INVISIBLE.sub("", str(cell)).split())


def find_header(rows, required, optional=(), depth=10):
    """The header row among the first rows: (its index, {header: column index}), or None.

    Headers are compared without spaces; `required` are the names that must all be there. Raises WorkbookRefused when one
    of `required` or `optional` stands above two columns.
    """
    for index, row in enumerate(rows[:depth]):
        headers = [text_of(cell) for cell in row]
        if set(required) <= set(headers):
            _refuse_twins(headers, [*required, *optional], index + 1)
            return index, {header: headers.index(header) for header in headers if header}
    return None


def _refuse_twins(headers, names, row):
    for name in names:
        letters = [column_letter(index) for index, header in enumerate(headers) if header == name]
        if len(letters) > 1:
            raise WorkbookRefused(
                f"第 {row} 行的表头里有 {len(letters)} 列都叫“{name}”（{'、'.join(letters)} 列），分不清用哪一列。"
                "请只留一列，其余的改名或删去后重新上传。"
            )


def column_letter(index):
    """The letter people see above a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
