"""The figures of a posted board that somebody may object to, as they hang there for this person."""

from dataclasses import dataclass

from bulletins.models.objections import OF_TEAM
from bulletins.tables import seen_by

FACTS = "facts"
"""The key of the line of figures about the team as a whole."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Cell:
    """One figure: whose row it is in (None: nobody's alone), what names it on the board, in words, and its text there."""

    row_user: int | None
    column: str
    label: str
    shown: str


@dataclass(frozen=True)
class Line:
    """Cells that are chosen from together; `key` stands in addresses, `name` on the page."""

    key: str
    name: str
    own: bool
    cells: tuple

    @property
    def of_nobody(self):
        """Whether it is a row of a list about nobody in particular, which holds words rather than figures."""
        return self.key != FACTS and all(cell.row_user is None for cell in self.cells)


def lines_of(content, viewer, *, others, facts_of=OF_TEAM):
    """The Lines of a frozen content, the own row first, then the figures of the team, then, with `others`, the other rows.

    `facts_of` says whose figures the facts are.
    A figure that the viewer does not see, or sees masked, is in none of them.
    """
    rows = [line for index, row in enumerate(content["rows"]) if (line := _line(index, row, content, viewer))]
    facts = _facts(content, viewer, facts_of)
    own, rest = [line for line in rows if line.own], [line for line in rows if not line.own]
    return [*own, *([facts] if facts.cells else []), *(rest if others else [])]


def _facts(content, viewer, name):
    facts = seen_by(content | {"rows": []}, viewer)["facts"]
    cells = (Cell(None, fact["label"][:LONGEST_NAME], fact["label"][:LONGEST_NAME], fact["value"]) for fact in facts)
    return Line(FACTS, name, False, tuple(cells))


def _line(index, row, content, viewer):
    """The Line of one row; None when the viewer sees nothing of it."""
    seen = seen_by(content | {"rows": [row]}, viewer)
    if not seen["rows"]:
        return None
    (found,) = seen["rows"]
    columns = [column for column in seen["columns"] if column["key"] in found["cells"]]
    name = next((found["cells"][column["key"]] for column in columns if found["cells"][column["key"]]), "")
    clear = [
        column for column in columns if column.get("mask") != "name" and (found["own"] or not column.get("masked"))
    ]
    cells = tuple(_cell(index, row, column, name, found["cells"][column["key"]]) for column in clear)
    return Line(str(index), name, found["own"], cells) if cells else None


def _cell(index, row, column, name, text):
    label = label_of(column)
    if row["user"] is None:
        return Cell(None, f"{index}:{column['key']}"[:LONGEST_NAME], f"{name} · {label}"[:LONGEST_NAME], text[:200])
    return Cell(row["user"], column["key"], label[:LONGEST_NAME], text[:200])


def label_of(column):
    """A column in words: with its unit, a day of the month as one."""
    if column["label"].isdecimal():
        return f"{column['label']} 日"
    return f"{column['label']}（{column['unit']}）" if column["unit"] else column["label"]


def holds(lines, row_user, column):
    """Whether one of these Lines has the figure."""
    return any((cell.row_user, cell.column) == (row_user, column) for line in lines for cell in line.cells)
