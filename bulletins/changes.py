"""What changed since the month before: the same kind of board of the same team or unit, seen by the same person."""

import re
from dataclasses import dataclass

from teams.figures import hundredths, short_text, yuan_text

NUMBER = re.compile(r"(第 ?)?([+−-]?[\d,]+(?:\.\d+)?)( ?[^\d\s/]*)")
"""A figure alone or with its unit: 90.50, 第 2 名, 1,234.50 元; not 8 / 10."""
ARROWS = {"up": "↑", "down": "↓"}


@dataclass(frozen=True)
class Change:
    """How a figure differs from the one before: `way` is up, down, same, or empty where no number can be compared."""

    way: str
    text: str

    def __str__(self):
        return f"{ARROWS.get(self.way, '')}{self.text}"


def with_changes(board, earlier):
    """A board with what changed since an earlier one: `change` in its facts, `changes` per column in the own row."""
    old = {fact["label"]: fact["value"] for fact in earlier["facts"]}
    facts = [fact | {"change": change_of(fact["value"], old.get(fact["label"], ""))} for fact in board["facts"]]
    numeric = [column["key"] for column in board["columns"] if column["numeric"]]
    own = next((row["cells"] for row in earlier["rows"] if row["own"]), {})
    return board | {"facts": facts, "rows": [_with_changes(row, own, numeric) for row in board["rows"]]}


def _with_changes(row, old, numeric):
    if not row["own"]:
        return row
    changes = {key: change_of(row["cells"].get(key, ""), old.get(key, "")) for key in numeric}
    return row | {"changes": {key: change for key, change in changes.items() if change}}


def change_of(new, old):
    """The Change from one text to another; None where one says nothing, or both say the same words."""
    if not new or not old:
        return None
    now, then = _read(new), _read(old)
    if now is None or then is None or now[::2] != then[::2]:
        return Change("", f"上月 {old}") if new != old else None
    ranked, figure, _ = now
    if figure == then[1]:
        return Change("same", "持平")
    if ranked:
        return Change("up" if figure < then[1] else "down", f"上月{old}")
    apart = abs(figure - then[1])
    return Change("up" if figure > then[1] else "down", yuan_text(apart) if "." in new else short_text(apart))


def _read(text):
    """(whether it is a rank, the figure in hundredths, its unit) of a text, or None."""
    found = NUMBER.fullmatch(text)
    try:
        return found and (bool(found[1]), hundredths(found[2].replace("−", "-")), found[3].strip())
    except ValueError:
        return None
