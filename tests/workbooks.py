"""Workbooks for tests, made in memory, and the hostile ones that people or viruses send."""

import io
import zipfile

import xlsxwriter

HEADER = ["工号", "姓名", "部门", "班组", "班组职务", "岗位系数", "政治面貌", "参加工作时间", "联系电话"]


def workbook(sheets, name="花名册.xlsx"):
    """An open .xlsx of {sheet name: rows of cells}; dates are written as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return named(buffer.getvalue(), name)


def roster(*people, header=None):
    """An open roster; a person may leave out trailing cells."""
    return workbook({"花名册": [header or HEADER, *people]})


def named(content, name="花名册.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return file


def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def with_far_cell(cell):
    """A real workbook in whose only sheet one more cell sits at `cell`, e.g. XFD1048576."""
    content = roster(["000001", "张三", "运行部", "一值"]).getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    row = "".join(filter(str.isdigit, cell))
    far = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    members[sheet] = members[sheet].replace(b"</sheetData>", far)
    return archive(members)


NO_WORKBOOK = "^这不是 .xlsx 工作簿。请在表格软件里另存为“Excel 工作簿（.xlsx）”后重新上传。$"
TOO_WIDE = "^工作表太大（最多 5000 行、80 列）。"
HOSTILE = {
    "nothing at all": (b"", NO_WORKBOOK),
    "a text": ("工号,姓名,部门,班组\n1,张三,运行部,一值\n".encode(), NO_WORKBOOK),
    "a web page": ("<html><table><tr><td>工号</td></tr></table></html>".encode(), NO_WORKBOOK),
    "an old .xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, NO_WORKBOOK),
    "half a workbook": (roster(["1", "张三", "运行部", "一值"]).getvalue()[:2000], NO_WORKBOOK),
    "an archive of something else": (archive({"word/document.xml": "<w/>"}), NO_WORKBOOK),
    "an archive that only pretends": (archive({"xl/workbook.xml": "<not a workbook"}), "^文件打不开，可能已损坏。"),
    "a bomb of zeros": (archive({"xl/workbook.xml": "", "xl/media/1": b"\0" * 60_000_000}), "^文件内容过大。"),
    "a swarm of members": (archive({"xl/workbook.xml": ""} | {f"x{n}": "" for n in range(200)}), "^文件内容过大。"),
    "a cell in the farthest corner": (with_far_cell("XFD1048576"), TOO_WIDE),
    "a cell in row 6000": (with_far_cell("A6000"), TOO_WIDE),
    "a cell in column 81": (with_far_cell("CC2"), TOO_WIDE),
    "more than 5 MB": (b"PK" + b"\0" * (5 * 1024 * 1024), "^文件超过 5 MB。"),
}
