"""One row of the declared table, and the identities that every part of it names."""

from dataclasses import dataclass, field

MEMBERS = frozenset({"worker", "leader", "deputy", "safety", "clerk", "union_rep"})
UNIT_ROLES = frozenset({"assessor", "manager", "union", "party", "finance", "admin", "security", "auditor"})
NEIGHBOUR, STRANGER = frozenset({"neighbour"}), frozenset({"stranger"})

TEAM = MEMBERS | UNIT_ROLES
"""Who sees the own team."""
UNIT = UNIT_ROLES
"""Who sees the own unit as a whole."""
PLANT = frozenset({"admin", "security", "auditor"})
"""Who sees the whole plant."""
SIGNED_IN = TEAM | NEIGHBOUR | STRANGER
"""Who uses the product: everybody with a session and an own password."""
NOBODY = frozenset()
PUBLIC = SIGNED_IN | {"anonymous", "deactivated"}

LEADERS = frozenset({"leader", "deputy"})


@dataclass(frozen=True)
class Page:
    name: str
    args: tuple = ()
    get: frozenset | None = None
    post: frozenset | None = None
    sees: frozenset = SIGNED_IN
    body: dict = field(default_factory=dict)

    def __str__(self):
        return " ".join([self.name, *(arg for arg in self.args if arg not in ("team", "unit", "open", "closed"))])
