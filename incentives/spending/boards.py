"""班组费用明细表 as it is posted: the money for everybody, what it was for and by whom only inside the unit."""

from bulletins.tables import Audience, Board, Column, Fact, Row
from incentives.spending.purses import lines_of, title_of
from teams.figures import capital_yuan, signed_yuan_text, yuan_text

KEYS = ("date", "subject", "reason", "quantity", "price", "amount", "handler", "witness", "vouchers", "balance")


def expenses_board(statement):
    """The Board of the Statement of a team's fund."""
    sums = [("上月结余", statement.opening), ("本月收入", statement.inflow)]
    sums += [("本月支出", statement.outflow), ("本月结余", statement.closing)]
    return Board(
        kind="expenses",
        title=title_of(statement),
        facts=[Fact(label, f"{yuan_text(fen)} 元") for label, fen in sums],
        columns=[
            _public("date", "日期", numeric=False),
            _public("subject", "科目", numeric=False),
            Column("reason", "事由", numeric=False),
            _public("quantity", "数量"),
            _public("price", "单价", unit="元"),
            _public("amount", "金额", unit="元"),
            Column("handler", "经办", numeric=False),
            Column("witness", "证明人", numeric=False),
            _public("vouchers", "凭证", numeric=False),
            _public("balance", "余额", unit="元"),
        ],
        rows=[Row(None, dict(zip(KEYS, map(str, line), strict=True))) for line in lines_of(statement)],
        total={
            "date": "合计",
            "amount": signed_yuan_text(statement.inflow - statement.outflow),
            "balance": yuan_text(statement.closing),
        },
        notes=[
            f"本月支出（大写）：{capital_yuan(statement.outflow)}；本月结余（大写）：{capital_yuan(statement.closing)}。",
            "收入为正，支出为负；冲销的另记一行，原来那行不改。",
        ],
    )


def _public(key, label, **options):
    return Column(key, label, audience=Audience.PUBLIC, **options)
