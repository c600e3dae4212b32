"""班组费用明细表 as a workbook: a sheet for each purse, with its totals, also in capitals."""

from incentives.spending.purses import HEADERS, lines_of, title_of
from teams.downloads import Figure, Sheet, workbook_of
from teams.figures import capital_yuan, yuan_text

MONEY = (4, 5, 9)
"""Columns that hold amounts."""


def workbook(statements):
    """Bytes of an .xlsx of Statements."""
    return workbook_of(*(_sheet(statement) for statement in statements))


def _sheet(statement):
    sums = [("上月结余", statement.opening), ("本月收入", statement.inflow)]
    sums += [("本月支出", statement.outflow), ("本月结余", statement.closing)]
    return Sheet(
        statement.name,
        HEADERS,
        [[_cell(column, text) for column, text in enumerate(line)] for line in lines_of(statement)],
        title=title_of(statement),
        before=[[label, Figure(yuan_text(fen), money=True)] for label, fen in sums],
        after=[
            [f"本月支出（大写）：{capital_yuan(statement.outflow)}"],
            [f"本月结余（大写）：{capital_yuan(statement.closing)}"],
            ["经办：", "", "班组长：", "", "单位负责人："],
        ],
    )


def _cell(column, text):
    if column in MONEY and text:
        return Figure(str(text).replace("−", "-").replace("+", ""), money=True)
    return Figure(text) if column == 3 and text else text
