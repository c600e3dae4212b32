"""The finished table that an upper floor hands in to be posted, and what of it a viewer may see.

A board is facts (figures about the team), columns, and rows about persons or teams. Facts, columns, notes and the chart
declare their audience, columns also a mask; values are the texts that hang on the wall, so that a board never needs the
tables it came from again. What a content does not name is as it was before it could be named.
"""

from dataclasses import asdict, dataclass, field
from enum import IntEnum

from bulletins.masks import MASKS


class Audience(IntEnum):
    """Who may see a fact or a column, from everybody down to the person of the row."""

    PUBLIC = 0
    SIGNED_IN = 1
    UNIT = 2
    TEAM = 3
    OWN = 4


@dataclass
class Fact:
    """One figure about the team as a whole, e.g. 得分 90.50.

    `link` leads those who have `capability` on the team (a key of teams.access.GRANTS) to where the figure comes from.
    `sums` says that it adds up amounts of single people, which among few gives them away; it is not frozen.
    """

    label: str
    value: str
    audience: Audience = Audience.PUBLIC
    link: str = ""
    capability: str = ""
    sums: bool = False


@dataclass
class Column:
    """One column of the table. `numeric` aligns right; `unit` goes small into the header.

    Whoever sees the column but is further away than `plain` sees its texts through `mask`, a key of masks.MASKS.
    """

    key: str
    label: str
    numeric: bool = True
    unit: str = ""
    audience: Audience = Audience.UNIT
    mask: str = ""
    plain: Audience = Audience.PUBLIC


@dataclass
class Row:
    """One row: texts per column key, about the person `user`, or about no single person when that is None.

    `link` leads to the explanation of the figures: the person of the row, and those who have `capability`.
    """

    user: int | None
    cells: dict
    link: str = ""
    capability: str = ""


@dataclass
class Note:
    """A sentence below the table that is not for everybody; a plain text is."""

    text: str
    audience: Audience


@dataclass
class Bar:
    """One bar of a chart: `size` is an integer on the scale of the whole chart, `text` what is written beside it."""

    label: str
    text: str
    size: int


@dataclass
class Chart:
    """Bars that say more than the table: by category, or how many people are in each band."""

    label: str
    bars: list
    audience: Audience = Audience.PUBLIC


@dataclass
class Board:
    """A table ready to be posted for one team and month.

    `parties` names the user ids who had a hand in the figures, {"proposers": [...], "checkers": [...]}: they decide no
    objection. `spread` is the key of the amounts of which a distribution without names may be drawn; it is not frozen.
    """

    kind: str
    title: str
    facts: list
    columns: list
    rows: list
    notes: list = field(default_factory=list)
    total: dict = field(default_factory=dict)
    chart: Chart | None = None
    parties: dict = field(default_factory=dict)
    spread: str = ""

    def content(self):
        """Plain JSON of what is frozen."""
        plain = asdict(self)
        return {
            "facts": [_fact(fact) for fact in plain["facts"]],
            "columns": [
                _without(column, "mask", *([] if column["mask"] else ["plain"])) for column in plain["columns"]
            ],
            "rows": [_without(row, "capability") for row in plain["rows"]],
            "notes": plain["notes"],
            "total": plain["total"],
        } | {key: plain[key] for key in ("chart", "parties") if plain[key]}


def _fact(fact):
    return _without({key: value for key, value in fact.items() if key != "sums"}, "link", "capability")


def _without(entry, *optional):
    """An entry without those optional keys that say nothing."""
    return {key: value for key, value in entry.items() if value or key not in optional}


@dataclass(frozen=True)
class Viewer:
    """How near somebody is to a board's team: an Audience as far as team and unit go, who it is, and what they may do."""

    user: int | None
    nearness: Audience
    capabilities: frozenset = field(default=frozenset(), compare=False)


ANONYMOUS = Viewer(None, Audience.PUBLIC)


def nearest(team):
    """The Audience of those whom a board is about: of its team, or of the whole unit when it has none."""
    return Audience.TEAM if team else Audience.UNIT


def seen_by(content, viewer):
    """What of a frozen board's content this viewer may see: the same shape with the rest left out.

    A link stays only for those it leads somewhere. Whoever stands on it sees the own row whole, also from further away:
    people change teams while their boards hang. A column for the own row only is empty in other rows; without any other
    column the own row is all there is. `personal` says whether a person's row is among it, `others` whether somebody
    else's unmasked figures are.
    """
    stands = any(_is_own(row, viewer) for row in content["rows"])
    meant = [column for column in content["columns"] if _sees(column["audience"], viewer)]
    columns = [_column(column, viewer) for column in (content["columns"] if stands else meant)]
    shared = [column for column in columns if column["audience"] != Audience.OWN and _sees(column["audience"], viewer)]
    rows = [_row(row, columns if _is_own(row, viewer) else shared, viewer) for row in content["rows"]]
    rows = rows if shared else [row for row in rows if row["own"]]
    plain = any(not column.get("masked") for column in shared)
    said = [*content["notes"], *content.get("corrections", ())]
    notes = [text for text, audience in map(_note, said) if _sees(audience, viewer)]
    return {
        "facts": [_linked(fact, viewer) for fact in content["facts"] if _sees(fact["audience"], viewer)],
        "columns": columns,
        "rows": rows,
        "total": {
            column["key"]: content["total"][column["key"]] for column in shared if column["key"] in content["total"]
        },
        "notes": notes,
        "chart": _chart(content.get("chart"), viewer),
        "hidden": len(meant) < len(content["columns"]) or len(notes) < len(said),
        "personal": bool(rows) and _about_people(content, None),
        "others": bool(rows) and plain and _about_people(content, viewer.user),
    }


def own_first(board):
    """A board as seen, beginning with the own row."""
    return board | {"rows": sorted(board["rows"], key=lambda row: not row["own"])}


def _sees(audience, viewer):
    return audience <= viewer.nearness or (audience == Audience.OWN and viewer.user is not None)


def _is_own(row, viewer):
    return viewer.user is not None and row["user"] == viewer.user


def _column(column, viewer):
    """The column as this viewer gets it: `masked` when the texts of others come through the mask."""
    if not column.get("mask") or column["plain"] <= viewer.nearness:
        return column
    return column | {"masked": True, "numeric": False}


def _row(row, columns, viewer):
    own = _is_own(row, viewer)
    cells = {column["key"]: row["cells"].get(column["key"], "") for column in columns}
    if not own and row["user"] is not None:
        cells |= {c["key"]: MASKS[c["mask"]](cells[c["key"]]) for c in columns if c.get("masked")}
    return {"own": own, "link": row["link"] if own or _may(row, viewer) else "", "cells": cells}


def _may(entry, viewer):
    return entry.get("capability") in viewer.capabilities


def _linked(fact, viewer):
    return {key: value for key, value in fact.items() if key in ("label", "value", "audience")} | (
        {"link": fact["link"]} if _may(fact, viewer) else {}
    )


def _note(note):
    return (note, Audience.PUBLIC) if isinstance(note, str) else (note["text"], note["audience"])


def _chart(chart, viewer):
    return chart if chart and _sees(chart["audience"], viewer) else None


def _about_people(content, but):
    """Whether any row is about a person other than `but`."""
    return any(row["user"] not in (None, but) for row in content["rows"])
