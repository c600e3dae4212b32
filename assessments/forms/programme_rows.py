"""The tables of a programme's form: rows that are typed, added and ticked off without any script."""

from dataclasses import dataclass

from assessments.honours.content import AT, CASES, EVIDENCE, KINDS, METHODS, MOST, ROLES, YES_POINTS
from teams.figures import hundredths, short_text, whole_number
from teams.forms import HIDDEN_SIGNS

BLANK_ROWS, MORE_ROWS = 2, 3


@dataclass(frozen=True)
class Column:
    """A cell of a row: `kind` is "text", "choice", "ticks" (several of `choices`) or "tick"."""

    name: str
    label: str
    kind: str = "text"
    choices: tuple = ()
    longest: int = 60
    is_wide: bool = False


COLUMNS = {
    "levels": (
        Column("name", "这一级叫什么", longest=20, is_wide=True),
        Column("at", "在哪里推荐", "choice", tuple(AT.items())),
        Column("roles", "由谁推荐", "ticks", tuple(ROLES.items())),
        Column("most", "每单位最多报几个", longest=4),
    ),
    "criteria": (
        Column("name", "条件", is_wide=True),
        Column("group", "归到哪一类", longest=20),
        Column("method", "怎么评", "choice", tuple(METHODS.items())),
        Column("points", "满分", longest=8),
        Column("evidence", "拿什么作依据", "ticks", tuple(EVIDENCE.items())),
        Column("must", "不能缺", "tick"),
    ),
    "conditions": (
        Column("text", "条件", longest=120, is_wide=True),
        Column("kind", "必备还是否决", "choice", tuple(KINDS.items())),
        Column("case", "哪种情形（否决）", "choice", (("", "—"), *CASES.items())),
        Column("bar_months", "几个月不能评（否决）", longest=3),
    ),
    "materials": (
        Column("name", "材料", is_wide=True),
        Column("must", "必须交", "tick"),
    ),
}
"""The columns of each table; a row counts when its first cell is filled in."""
TITLES = {"levels": "推荐层级", "criteria": "评选条件", "conditions": "必备和否决条件", "materials": "要交的材料"}
HELP = {
    "levels": "从下往上，一级一行；推荐到最后一级的才参加评审。省级等公司以上的意见由公司代录。最多报几个不填的，按总名额。",
    "criteria": "“有或没有”的不写满分按 1 分算。依据一种也不勾的，什么都可以作依据。“不能缺”的没有就评不上。",
    "conditions": "必备的由申报人承诺。否决的按“否决情形”里登记的、月度考核里的自动查，写明几个月内不能评。",
    "materials": "申报时要上传的文件。",
}


class Table:
    """One of the tables: what was posted, or else the stored rows; more empty rows when asked for."""

    def __init__(self, name, data, stored):
        self.name, self.data = name, data
        self.title, self.help, self.columns, self.most = TITLES[name], HELP[name], COLUMNS[name], MOST[name]
        self.stored = [_typed(name, row) for row in stored]

    @property
    def rows(self):
        """[{"number", "code", "gone", "cells": [(Column, value)]}] as the page shows them."""
        typed = self.stored if self.data is None else self.posted
        count = len(typed) + (BLANK_ROWS if self.data is None else self._asked_for)
        typed = [*typed, *({} for _ in range(min(count, self.most) - len(typed)))]
        return [
            {
                "number": number,
                "code": row.get("code", ""),
                "gone": row.get("gone", False),
                "cells": [(column, row.get(column.name, "")) for column in self.columns],
            }
            for number, row in enumerate(typed, 1)
        ]

    @property
    def _asked_for(self):
        return MORE_ROWS if self.data.get("more") == self.name else 0

    @property
    def posted(self):
        """The rows of the page as they were typed."""
        count = min(whole_number(self.data.get(f"{self.name}-rows", "")[:3]), self.most)
        return [self._row(number) for number in range(1, count + 1)]

    def _row(self, number):
        def cell(column):
            key = f"{self.name}-{number}-{column.name}"
            if column.kind == "ticks":
                return self.data.getlist(key)
            return key in self.data if column.kind == "tick" else self.data.get(key, "").strip()

        code = self.data.get(f"{self.name}-{number}-code", "").strip()
        cells = {column.name: cell(column) for column in self.columns}
        return {"code": code, "gone": f"{self.name}-{number}-gone" in self.data} | cells

    def cleaned(self):
        """(rows as a Programme stores them, sentences about what cannot be read)."""
        posted = self.posted
        if any("\x00" in str(value) for row in posted for value in row.values()):
            return [], [f"{self.title}{HIDDEN_SIGNS}"]
        kept = [row for row in posted if row[self.columns[0].name] and not row["gone"]]
        used, rows, wrong = {row["code"] for row in posted}, [], []
        for number, row in enumerate(kept, 1):
            row["code"] = row["code"] or _free_code(self.name, used)
            used.add(row["code"])
            try:
                rows.append(STORED[self.name](row))
            except ValueError as error:
                wrong.append(f"{self.title}第 {number} 行：{error}。")
        return rows, wrong


def _free_code(name, used):
    first = {"criteria": "", "conditions": "k", "materials": "m"}.get(name, "l")
    return next(code for code in (f"{first}{number}" for number in range(1, 999)) if code not in used)


def _level(row):
    if row["most"] and not whole_number(row["most"]):
        raise ValueError("每单位最多报几个请填整数，不限的不填")
    most = {"most": whole_number(row["most"])} if row["most"] else {}
    return {name: row[name] for name in ("name", "at", "roles")} | most


def _criterion(row):
    points = hundredths(row["points"]) if row["points"] else YES_POINTS * (row["method"] == "yes_no")
    return {name: row[name] for name in ("code", "name", "group", "method", "must", "evidence")} | {"points": points}


def _condition(row):
    months, is_veto = row["bar_months"], row["kind"] == "veto"
    if is_veto and not row["case"]:
        raise ValueError("否决的要选是哪种情形")
    if is_veto and not whole_number(months):
        raise ValueError("几个月不能评请填整数")
    code = row["case"] if is_veto else row["code"]
    return {"code": code, "text": row["text"], "kind": row["kind"], "bar_months": whole_number(months) * is_veto}


def _material(row):
    return {name: row[name] for name in ("code", "name", "must")}


STORED = {"levels": _level, "criteria": _criterion, "conditions": _condition, "materials": _material}


def _typed(name, row):
    """A stored row as it is typed."""
    if name == "criteria":
        return row | {"points": short_text(row["points"])}
    if name == "conditions":
        is_veto = row["kind"] == "veto"
        own = {"code": ""} if is_veto else {"bar_months": ""}
        return row | {"case": row["code"] if is_veto else ""} | own
    return row
