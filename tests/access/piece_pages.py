"""The rows of the table about piece work."""

from tests.access.page import LEADERS, MEMBERS, NEIGHBOUR, STRANGER, TEAM, UNIT, Page

VIEW = MEMBERS | {"manager", "finance", "union", "assessor"}
ENTER = LEADERS | {"clerk"}
CHECK = ENTER | {"manager", "assessor"}
EXPORT = CHECK | {"finance", "union"}
PRICE = {"name": "清扫", "measure": "班", "points": "60"}

PIECE_PAGES = [
    Page("incentives:piecework-current", get=VIEW | NEIGHBOUR | STRANGER),
    Page("incentives:piece-items", ("unit",), get=TEAM | NEIGHBOUR, sees=TEAM | NEIGHBOUR),
    Page("incentives:piece-item-add", ("unit",), post={"manager"}, sees=UNIT, body=PRICE),
    Page("incentives:piece-items-install", ("unit",), post={"manager"}, sees=UNIT),
    Page("incentives:piece-item-end", ("piece_item",), post={"manager"}, sees=UNIT),
    Page("incentives:piecework", ("team", "open"), get=VIEW, sees=TEAM),
    Page("incentives:piecework", ("team", "closed"), get=VIEW, sees=TEAM),
    Page("incentives:piecework-export", ("team", "open"), post=EXPORT, sees=TEAM),
    Page("incentives:piecework-day", ("team", "today"), get=VIEW, post=ENTER, sees=TEAM),
    Page("incentives:piecework-accept", ("team", "today"), post=CHECK, sees=TEAM, body={"record": "piece"}),
    Page("incentives:piece-void", ("piece",), post=CHECK, sees=TEAM, body={"reason": "数错了"}),
    Page("incentives:piece-void", ("checked_piece",), post=CHECK, sees=TEAM, body={"reason": "数错了"}),
]
