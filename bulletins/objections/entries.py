"""What the floors above offer as the correction of an upheld objection: entries that were made for it, to choose from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One row that counts in a later month: `text` goes onto the board and names nobody, `detail` is for whoever chooses."""

    key: str
    text: str
    detail: str
    url: str
