"""From sheets to a PDF: every sign is in the font, the size is within reason, and typst works in a process of its own."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from bulletins.errors import BulletinError
from bulletins.paper.glyphs import missing_from

log = logging.getLogger(__name__)
MAX_CELLS = 40_000
"""Cells of all tables together: four thousand rows of ten columns take two seconds."""
SECONDS = 30
"""How long typesetting may take by the clock; it stops itself after fewer seconds of work."""
SIZES = ("a4", "a3")
BOARDS = Path(__file__).resolve().parent / "sheet.typ"
FOLDER = Path(__file__).resolve().parents[2]


class PaperRefused(BulletinError):
    """What cannot be printed; the message says why and what to do."""


def pdf(sheets, *, title, size="a4", watermark=""):
    """Bytes of a PDF with these sheets (see sheets.py), each from a new page on; `size` is one of SIZES.

    Raises PaperRefused for a sign that the font lacks, for too much, and when typesetting fails or takes too long.
    """
    _check_size(sheets)
    for sheet in sheets:
        _check_signs(sheet["title"], sheet)
    _check_signs(title, [title, watermark])
    return _typeset(BOARDS, {"title": title, "size": size, "watermark": watermark, "sheets": sheets})


def papers(template, sheets, *, title, watermark=""):
    """Bytes of a PDF of other papers than boards: `template` is the path of a typst file that reads `title`, `watermark` and
    `sheets`, each of plain texts with a `title`. Raises PaperRefused for a sign that the font lacks, and as pdf does.
    """
    for sheet in sheets:
        _check_signs(sheet["title"], sheet)
    _check_signs(title, [title, watermark])
    return _typeset(template, {"title": title, "watermark": watermark, "sheets": sheets})


def _check_size(sheets):
    cells = sum(len(sheet["rows"]) * len(sheet["columns"]) for sheet in sheets)
    if cells > MAX_CELLS:
        raise PaperRefused(f"要打印的表格一共 {cells} 格，超过 {MAX_CELLS} 格。请一张一张打印，或下载表格。")


def _check_signs(title, texts):
    missing = missing_from(json.dumps(texts, ensure_ascii=False))
    if missing:
        named = "、".join(f"“{sign}”（U+{ord(sign):04X}）" for sign in missing[:10])
        raise PaperRefused(
            f"《{title}》里的{named}打印字库里没有，不能生成 PDF。请用页面上的“打印”，并告诉系统管理员。"
        )


def _typeset(template, content):
    """The typesetter's PDF. It may die of the data: that is an answer, too. It knows no secrets of ours."""
    command, data = [sys.executable, "-m", "bulletins.paper.typesetter", str(template)], json.dumps(content)
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    limits = {"timeout": SECONDS, "cwd": FOLDER, "env": environment}
    try:
        return subprocess.run(command, input=data.encode(), capture_output=True, check=True, **limits).stdout  # noqa: S603
    except subprocess.SubprocessError as error:
        log.warning("typesetting gave up: %s %s", error, (getattr(error, "stderr", None) or b"")[-300:])
        raise PaperRefused("PDF 没有生成：内容太多或用时太长。请一张一张打印，或下载表格。") from error
