"""The finished table that an upper floor hands in to be posted, and what of it a viewer may see.

A board is facts (figures about the team), columns, and rows about persons. Facts and columns declare their audience;
values are the texts that hang on the wall, so that a board never needs the tables it came from again.
"""

from dataclasses import asdict, dataclass, field
from enum import IntEnum


class Audience(IntEnum):
    """Who may see a fact or a column, from everybody down to the person of the row."""

    PUBLIC = 0
    SIGNED_IN = 1
    UNIT = 2
    TEAM = 3
    OWN = 4


@dataclass
class Fact:
    """One figure about the team as a whole, e.g. 得分 90.50."""

    label: str
    value: str
    audience: Audience = Audience.PUBLIC


@dataclass
class Column:
    """One column of the table. `numeric` aligns right; `unit` goes small into the header."""

    key: str
    label: str
    numeric: bool = True
    unit: str = ""
    audience: Audience = Audience.UNIT


@dataclass
class Row:
    """One person's row: texts per column key; `link` leads that person to the explanation of the figures."""

    user: int
    cells: dict
    link: str = ""


@dataclass
class Board:
    """A table ready to be posted for one team and month."""

    kind: str
    title: str
    facts: list
    columns: list
    rows: list
    notes: list = field(default_factory=list)
    total: dict = field(default_factory=dict)

    def content(self):
        """Plain JSON of what is frozen."""
        return {key: value for key, value in asdict(self).items() if key not in ("kind", "title")}


@dataclass(frozen=True)
class Viewer:
    """How near somebody is to a board's team: an Audience as far as team and unit go, and who it is."""

    user: int | None
    nearness: Audience


ANONYMOUS = Viewer(None, Audience.PUBLIC)


def seen_by(content, viewer):
    """What of a frozen board's content this viewer may see: the same shape with the rest left out.

    Rows keep their `link` only for the person they are about. A column for the own row only is empty in other rows.
    """
    columns = [column for column in content["columns"] if _sees(column["audience"], viewer)]
    keys = [column["key"] for column in columns if column["audience"] != Audience.OWN]
    own_keys = [column["key"] for column in columns]
    return {
        "facts": [fact for fact in content["facts"] if _sees(fact["audience"], viewer)],
        "columns": columns,
        "rows": [_row(row, keys, own_keys, viewer) for row in content["rows"]] if keys else [],
        "total": {key: value for key, value in content["total"].items() if key in keys},
        "notes": content["notes"],
        "hidden": len(columns) < len(content["columns"]),
    }


def _sees(audience, viewer):
    return audience <= viewer.nearness or (audience == Audience.OWN and viewer.user is not None)


def _row(row, keys, own_keys, viewer):
    own = viewer.user is not None and row["user"] == viewer.user
    return {
        "own": own,
        "link": row["link"] if own else "",
        "cells": {key: row["cells"].get(key, "") for key in (own_keys if own else keys)},
    }
