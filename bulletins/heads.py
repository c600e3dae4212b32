"""The head of a unit's chain as one line of text, to be kept where nobody who can write to the database can reach it."""

import datetime
import re
from dataclasses import dataclass

from bulletins.errors import BulletinError

HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """What was noted of a chain at the end of a day: after `count` boards the last one was `serial` with this hash.

    `unit` is the id of the unit, `name` what it was called; `where` says in words where it is noted.
    """

    date: datetime.date
    unit: int
    count: int
    serial: str
    content_hash: str
    name: str = ""
    where: str = ""

    @property
    def line(self):
        """2026-11-20 3 12 202610J0012-1 ab12… 运行部"""
        texts = [self.date, self.unit, self.count, self.serial, self.content_hash, " ".join(self.name.split())]
        return " ".join(map(str, texts))


def read_heads(lines, where):
    """The Heads in lines of text; empty lines are passed over. Raises BulletinError that names the first line that is none."""
    return [_head(number, line, where) for number, line in enumerate(lines, start=1) if line.strip()]


def _head(number, line, where):
    date, unit, count, serial, content_hash, *name = [*line.split(maxsplit=5), *[""] * 5][:6]
    try:
        if not HASH.fullmatch(content_hash):
            raise ValueError(content_hash)
        found = datetime.date.fromisoformat(date), int(unit), int(count)
    except ValueError as error:
        raise BulletinError(
            f"{where}第 {number} 行不是榜链之首：应当是日期、单位号、张数、编号、指纹。请核对文件。"
        ) from error
    return Head(*found, serial, content_hash, "".join(name).strip(), where)
