"""A workbook of practice cards: question and answer, a trade where there is one. All of it is right, or nothing is taken."""

from dataclasses import dataclass

from activities.errors import ActivityError
from teams.workbooks import NoValue, find_header

QUESTION, ANSWER, TRADE = "题目", "答案", "专业"
LONGEST = {QUESTION: 300, ANSWER: 1000, TRADE: 30}
TOLD = 10
"""How many bad rows are named at once."""


@dataclass(frozen=True)
class Card:
    question: str
    answer: str
    trade: str = ""


def cards_in(sheets, known=()):
    """The Cards of the first sheet that has the columns 题目 and 答案; `known` are questions that exist.

    Raises ActivityError naming every bad row (at most TOLD) and why.
    """
    for rows in sheets.values():
        header = find_header(rows, (QUESTION, ANSWER), (TRADE,))
        if header:
            return _cards(rows, *header, set(known))
    raise ActivityError("没有找到表头：第一行要有“题目”和“答案”两列（可以再加“专业”），请核对后重新上传。")


def _cards(rows, start, columns, known):
    cards, problems = [], []
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        texts = {name: _text(row, columns.get(name)) for name in (QUESTION, ANSWER, TRADE)}
        if not any(texts.values()):
            continue
        problem = _problem(row, texts, known)
        if problem:
            problems.append(f"第 {number} 行：{problem}")
        known.add(texts[QUESTION])
        cards.append(Card(texts[QUESTION], texts[ANSWER], texts[TRADE]))
    if problems:
        more = f"……还有 {len(problems) - TOLD} 行。" if len(problems) > TOLD else ""
        raise ActivityError(f"一张也没有导入，请改好后重新上传。{''.join(problems[:TOLD])}{more}")
    if not cards:
        raise ActivityError("表头下面没有题目，请填好后重新上传。")
    return cards


def _text(row, column):
    cell = row[column] if column is not None and column < len(row) else ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "".join(sign for sign in str(cell) if sign.isprintable() or sign == "\n").strip()


def _problem(row, texts, known):
    if any(isinstance(cell, NoValue) for cell in row):
        return "有没算出结果的公式，请改成文字。"
    for name in (QUESTION, ANSWER):
        if not texts[name]:
            return f"没有{name}。"
    for name, most in LONGEST.items():
        if len(texts[name]) > most:
            return f"{name}有 {len(texts[name])} 个字，最多 {most} 个。"
    return "这道题已经有了，请删去这一行。" if texts[QUESTION] in known else ""
