"""What a successful POST to a page of the table is made of."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Deed:
    """One successful POST to a page of the table.

    `body` and `args` hold values or names of objects of the world, or are functions of the world; `args` None means those of
    the table. `before(world)` makes the world ready and may return more of the body.
    """

    who: str
    verb: str
    body: Any = field(default_factory=dict)
    before: Any = None
    args: Any = None


def reason(**more):
    return {"reason": "核对无误"} | more
