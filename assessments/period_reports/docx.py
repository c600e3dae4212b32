"""The report of a stage as a document for a word processor: real headings and tables, Chinese fonts by name, A4."""

import io
import re

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from teams.downloads import file_response

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT_FONT, HEAD_FONT = "宋体", "微软雅黑"
WIDE = 8
"""A table with more columns is set smaller, and the document lies on its side."""
MARGIN = Cm(2)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def document_response(content, name):
    """The answer that a browser stores as `<name>.docx`."""
    return file_response(content, DOCX, f"{name}.docx")


def document(title, lines, facts, tables, today):
    """Bytes of a .docx: the title, some lines of text, the facts as a table, and the Tables under their headings."""
    made = Document()
    _set_up(made, title, max(len(table.columns) for table in tables) > WIDE)
    made.add_heading(_clean(title), level=0)
    for line in [*lines, f"制表日期：{today.isoformat()}"]:
        made.add_paragraph(_clean(line))
    _add_table(made, [label for label, _ in facts], [[figure for _, figure in facts]], [True] * len(facts))
    for table in tables:
        _add_section(made, table)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _set_up(made, title, lying):
    """A4, the fonts of the styles, the page number at the foot, and whose document it is."""
    page = made.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Cm(29.7), Cm(21)) if lying else (Cm(21), Cm(29.7))
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    _set_font(made.styles["Normal"], TEXT_FONT, 10.5)
    for style, size in (("Title", 18), ("Heading 1", 13)):
        _set_font(made.styles[style], HEAD_FONT, size)
    made.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.styles["Heading 1"].paragraph_format.keep_with_next = True
    made.core_properties.title, made.core_properties.author = _clean(title), "TeamHub 班组管理"
    made.core_properties.comments, made.core_properties.language = "", "zh-CN"
    _number_pages(page.footer.paragraphs[0])


def _set_font(style, name, size):
    """One font for Chinese and Latin signs alike, black."""
    style.font.name, style.font.size, style.font.color.rgb = name, Pt(size), RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _number_pages(paragraph):
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _add_section(made, table):
    made.add_heading(_clean(table.heading), level=1)
    if not table.rows:
        made.add_paragraph(_clean(table.empty))
        return
    rows = [*table.rows, *([table.total] if table.total else [])]
    _add_table(made, [label for label, _ in table.columns], rows, [numeric for _, numeric in table.columns])
    if table.note:
        made.add_paragraph(_clean(table.note))


def _add_table(made, headers, rows, numeric):
    """A grid whose header row repeats on every page; no row breaks over two pages; figures stand at the right."""
    table = made.add_table(rows=0, cols=len(headers), style="Table Grid")
    size = Pt(8 if len(headers) > WIDE else 9.5)
    widths = _widths(made.sections[0], numeric)
    for number, texts in enumerate([headers, *rows]):
        row = table.add_row()
        marks = row._tr.get_or_add_trPr()
        marks.append(OxmlElement("w:cantSplit"))
        if number == 0:
            marks.append(OxmlElement("w:tblHeader"))
        for cell, text, right, width in zip(row.cells, texts, numeric, widths, strict=True):
            cell.width = width
            _fill(cell.paragraphs[0], text, size, bold=number == 0, right=right)
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(page, numeric):
    """The widths of columns: words get twice as much room as figures."""
    shares = [1 if right else 2 for right in numeric]
    return [(page.page_width - 2 * MARGIN) * share // sum(shares) for share in shares]


def _fill(paragraph, text, size, *, bold, right):
    run = paragraph.add_run(_clean(text))
    run.font.size, run.bold = size, bold
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _clean(text):
    """A text without the signs that a document cannot hold."""
    return _NOT_IN_XML.sub("", text)
