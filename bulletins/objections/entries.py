"""What the floors above say of the correction of an upheld objection: entries to choose from, and what it is worth."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One row that counts in a later month: `text` goes onto the board and names nobody, `detail` is for whoever chooses."""

    key: str
    text: str
    detail: str
    url: str


@dataclass(frozen=True)
class Worth:
    """What a correction is worth to somebody, in words; `known` when an amount is among them.

    `label` and `address` lead to where it is seen; both are empty where it is seen nowhere.
    """

    text: str
    known: bool
    label: str = ""
    address: str = ""
