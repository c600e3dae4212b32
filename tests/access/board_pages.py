"""The rows of the table about the boards. They hang in public; what a viewer sees of them is tested with the boards."""

from tests.access.page import MEMBERS, NEIGHBOUR, PUBLIC, STRANGER, TEAM, UNIT, Page

NOTIFIERS = frozenset({"leader", "manager", "union", "admin"})
KEEPERS_OF_PAPER = frozenset({"leader", "deputy", "union_rep"})
DISPLAYERS = frozenset({"manager", "admin"})
NEW_NOTICE = {
    "key": "a" * 12,
    "title": "停水通知",
    "text": "明天八点停水。",
    "audience": "1",
    "days": "3",
}
NEW_DISPLAY = {"name": "食堂门口", "kinds": ["scores", "bonus"], "seconds": "30"}
NEW_POLICY = (
    {"bonus_mode": "own", "mask_names": "on", "restart_notice": "on", "accept_days": "3", "answer_days": "15"}
    | {f"days_{kind}": "4" for kind in ("scores", "attendance", "bonus", "expenses", "points", "contest")}
    | {f"days_{kind}": "6" for kind in ("nomination", "naming", "notice")}
)

BOARD_PAGES = [
    Page("bulletins:wall", get=PUBLIC),
    Page("bulletins:board", ("board",), get=PUBLIC),
    Page("bulletins:notices", get=NOTIFIERS | NEIGHBOUR | STRANGER),
    Page("bulletins:notice-new", get=NOTIFIERS | NEIGHBOUR | STRANGER, post=NOTIFIERS | NEIGHBOUR | STRANGER),
    Page("bulletins:notice-withdraw", ("notice",), post=NOTIFIERS, sees=TEAM, body={"reason": "时间改了"}),
    Page("bulletins:policy-current", get={"manager"} | STRANGER),
    Page("bulletins:policy", ("unit",), get={"manager"}, post={"manager"}, sees=UNIT, body=NEW_POLICY),
    Page("bulletins:policy-drop", ("unit",), post={"manager"}, sees=UNIT),
    Page("bulletins:feed", get=PUBLIC),
    Page("bulletins:sign", ("board",), post=MEMBERS),
    Page("bulletins:sign-paper", ("board",), post=KEEPERS_OF_PAPER, body={"user": "colleague"}),
    Page("bulletins:download", ("board",), get=PUBLIC, post=PUBLIC),
    Page("bulletins:paper", ("board",), get=PUBLIC),
    Page("bulletins:month-paper", ("team", "closed"), get=PUBLIC),
    Page("bulletins:screen", ("display_token",), get=PUBLIC),
    Page("bulletins:verify", get=PUBLIC),
    Page("bulletins:verified", ("board",), get=PUBLIC),
    Page("bulletins:displays", get=DISPLAYERS | STRANGER),
    Page("bulletins:display-add", ("unit",), get=DISPLAYERS, post=DISPLAYERS, sees=UNIT, body=NEW_DISPLAY),
    Page("bulletins:display", ("display",), get=DISPLAYERS, post=DISPLAYERS, sees=UNIT, body=NEW_DISPLAY),
    Page("bulletins:display-revoke", ("display",), post=DISPLAYERS, sees=UNIT),
]
