"""The part of the declared table about expenses and special awards."""

from tests.access.page import LEADERS, MEMBERS, NEIGHBOUR, NOBODY, STRANGER, TEAM, Page

SPENDERS = MEMBERS | {"manager", "finance", "union"}
"""Who sees what the team spends and is awarded: its members, and three roles of the unit."""
ENTER = LEADERS | {"clerk", "union_rep"}
ACCOUNTS = LEADERS | {"clerk", "manager", "finance", "union"}
PROPOSE, DECIDE = frozenset({"manager", "finance", "union"}), frozenset({"manager", "finance"})
EVERYWHERE = SPENDERS | NEIGHBOUR | STRANGER
WHY = {"reason": "核对无误"}

SPENDING_PAGES = [
    Page("incentives:expenses-current", get=EVERYWHERE),
    Page("incentives:expenses", ("team", "open"), get=SPENDERS, sees=TEAM),
    Page("incentives:expenses", ("team", "closed"), get=SPENDERS, sees=TEAM),
    Page("incentives:expenses-export", ("team", "closed"), post=ACCOUNTS, sees=TEAM),
    Page("incentives:expenses-publish", ("team", "closed"), post={"manager"}, sees=TEAM),
    Page("incentives:reserve", ("team",), get=SPENDERS, sees=TEAM),
    Page("incentives:expense-enter", ("team",), get=ENTER, post=ENTER, sees=TEAM),
    Page("incentives:expense", ("expense",), get=SPENDERS, sees=TEAM),
    Page("incentives:expense", ("paid_expense",), get=SPENDERS, sees=TEAM),
    Page("incentives:expense-refuse", ("expense",), post={"manager"}, sees=TEAM, body=WHY),
    Page("incentives:expense-reverse", ("paid_expense",), post={"manager"}, sees=TEAM, body=WHY),
    Page("incentives:expense-step", ("expense", "approve"), post={"manager"}, sees=TEAM),
    Page("incentives:expense-step", ("expense", "withdraw"), post=ENTER, sees=TEAM),
    Page("incentives:expense-step", ("expense", "undo"), post=NOBODY, sees=NOBODY),
    Page("incentives:awards", get=EVERYWHERE),
    Page("incentives:award-export", post=EVERYWHERE),
    Page("incentives:award-propose", ("team",), get=PROPOSE, post=PROPOSE, sees=TEAM),
    Page("incentives:award", ("award",), get=SPENDERS, sees=TEAM),
    Page("incentives:award", ("paid_award",), get=SPENDERS, sees=TEAM),
    Page("incentives:award-refuse", ("award",), post=DECIDE, sees=TEAM, body=WHY),
    Page("incentives:award-reverse", ("paid_award",), post=DECIDE, sees=TEAM, body=WHY),
    Page("incentives:award-step", ("award", "approve"), post=DECIDE, sees=TEAM),
    Page("incentives:award-step", ("award", "withdraw"), post=PROPOSE, sees=TEAM),
    Page("incentives:award-step", ("award", "undo"), post=NOBODY, sees=NOBODY),
]
