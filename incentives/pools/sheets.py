"""The workbook of pools: an empty one to fill in, and what a filled one says, each cell that is wrong by its place."""

from incentives.pools.rows import Row
from teams import periods
from teams.attendance_sheet import SheetProblem, refuse_other_month
from teams.downloads import Figure, Sheet, workbook_of
from teams.figures import hundredths, short_text, yuan_text
from teams.workbooks import NoValue, WorkbookRefused, column_letter, find_header, text_of

CODE, TEAM, AMOUNT = "班组编号", "班组", "奖金总额（元）"
COLUMNS = [CODE, TEAM, "人数", "上月（元）", AMOUNT]
TOTAL = "合计"
HINTS = [
    ["班组编号", "系统里的编号，不要改；表是自己做的，可以没有这一列，按班组名认。"],
    ["班组", "和系统里的班组名一样。"],
    ["奖金总额（元）", "大于 0，最多两位小数。空着的班组保持现在的数；要收回，在网页上清空。"],
]


def money(fen):
    """A cell with an amount, empty where there is none."""
    return None if fen is None else Figure(yuan_text(fen), money=True)


def template(unit, period, rows):
    """Bytes of a workbook with the unit's teams (`rows` of pool_rows) and what they have by now."""
    lines = [
        [str(row.team.pk), row.team.name, Figure(short_text(row.heads)), money(row.before), money(row.amount)]
        for row in rows
    ]
    title = f"{unit}{periods.label(period)}奖金总额"
    return workbook_of(
        Sheet("奖金总额", COLUMNS, lines, title=title, widths=[10, 24, 10, 16, 18]),
        Sheet("填写说明", ["这一列", "怎么填"], HINTS, widths=[18, 80]),
    )


def read_pools(sheets, teams, period):
    """What a workbook says: ({team id: fen}, [SheetProblem]); teams that it leaves empty are not in it.

    Raises WorkbookRefused when no sheet, or more than one, holds such a table, and when its title names another month.
    """
    found = {name: find_header(rows, [TEAM, AMOUNT], [CODE]) for name, rows in sheets.items()}
    found = {name: header for name, header in found.items() if header}
    if len(found) != 1:
        raise WorkbookRefused(
            f"文件里有 {len(found)} 张表像奖金总额：{'、'.join(found)}。请只留一张后重新上传。"
            if found
            else f"没有找到奖金总额表：表头要有“{TEAM}”和“{AMOUNT}”两列。请用模板填好后重新上传。"
        )
    ((name, (header, columns)),) = found.items()
    refuse_other_month(name, sheets[name][:header], period)
    return _Reader(name, columns, teams).read(sheets[name], header)


class _Reader:
    """Reads one table from top to bottom; a team counts once."""

    def __init__(self, name, columns, teams):
        self.name, self.columns = name, columns
        self.by_code = {str(team.pk): team for team in teams}
        self.by_name = {text_of(team.name): team for team in teams}
        self.amounts, self.problems, self.rows = {}, [], {}

    def read(self, rows, header):
        for number, row in enumerate(rows[header + 1 :], start=header + 2):
            name, code = text_of(self._cell(row, TEAM)), text_of(self._cell(row, CODE))
            if (name or code) and name != TOTAL:
                self._line(number, row, name, code)
        return self.amounts, self.problems

    def _cell(self, row, column):
        return row[self.columns[column]] if column in self.columns else ""

    def _line(self, number, row, name, code):
        team = self._team(number, name, code)
        amount = self._amount(number, self._cell(row, AMOUNT))
        if team and team.pk in self.rows:
            self._wrong(number, TEAM, f"{team}在第 {self.rows[team.pk]} 行已经有了，一个班组只能写一行")
        elif team:
            self.rows[team.pk] = number
            if amount is not None:
                self.amounts[team.pk] = amount

    def _team(self, number, name, code):
        named, coded = self.by_name.get(name), self.by_code.get(code)
        if code and not coded:
            return self._wrong(number, CODE, f"这个单位这个月没有编号“{code[:20]}”的班组")
        if not named:
            return self._wrong(number, TEAM, f"这个单位这个月没有叫“{name[:20]}”的班组" if name else "没有写班组")
        if coded and coded != named:
            return self._wrong(number, TEAM, f"编号 {code} 是{coded}，这里写的是{named}，分不清是哪个班组")
        return named

    def _amount(self, number, cell):
        if isinstance(cell, NoValue):
            return self._wrong(number, AMOUNT, f"这一格{NoValue.reason}")
        text = text_of(round(cell, 6) if isinstance(cell, float) else cell)
        try:
            fen = hundredths(text) if text else None
        except ValueError as error:
            return self._wrong(number, AMOUNT, str(error))
        if fen is not None and not 0 < fen <= 10**12:
            return self._wrong(number, AMOUNT, "奖金总额应大于 0、不超过 100 亿元；没有奖金的请空着")
        return fen

    def _wrong(self, number, column, reason):
        self.problems.append(SheetProblem(self.name, number, column_letter(self.columns[column]), reason))


def changes(rows, amounts):
    """[(Row with the new amount, what there was)] of the teams whose pool a workbook changes."""
    return [
        (Row(row.team, row.heads, row.coefficients, row.score, amounts[row.team.pk], row.before), row.amount)
        for row in rows
        if row.team.pk in amounts and amounts[row.team.pk] != row.amount
    ]
