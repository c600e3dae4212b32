"""Workbooks for tests, made in memory; tests/hostile.py has those that people or viruses send."""

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


def attendance(*members, header=None):
    """An open attendance sheet of one team; a member is [number, name, code of the 1st, code of the 2nd, …]."""
    days = [str(day) for day in range(1, 32)]
    return workbook({"运行一值": [header or ["工号", "姓名", *days, "加班小时"], *members]}, "考勤.xlsx")


def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def parts_of(file):
    """The members of an open workbook as {path: bytes}."""
    with zipfile.ZipFile(file) as content:
        return {name: content.read(name) for name in content.namelist()}
