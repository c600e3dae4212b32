"""The rows of the table about accounts and what they add up to."""

from tests.access.page import LEADERS, NOBODY, SIGNED_IN, TEAM, UNIT, Page

BONUS = LEADERS | {"manager", "finance", "union"}
ON_UNIT = frozenset({"manager", "finance", "union"})
ACCOUNT_PAGES = [
    Page("incentives:accounts", get=SIGNED_IN),
    *(
        Page(f"incentives:{name}", (account,), **{method: who}, sees=sees)
        for account, who, sees in (
            ("reserve_account", LEADERS | {"clerk", "manager", "finance", "union"}, TEAM),
            ("pool_account", BONUS, TEAM),
            ("worker_account", frozenset({"worker", "finance"}), TEAM),
            ("company_account", NOBODY, SIGNED_IN),
        )
        for name, method in (("account", "get"), ("account-export", "post"))
    ),
    Page("incentives:unit-money", ("unit", "closed"), get=ON_UNIT, sees=UNIT),
    Page("incentives:unit-money-export", ("unit", "closed"), post=ON_UNIT, sees=UNIT),
    Page("incentives:pay-year", ("team", "2026"), get=BONUS, sees=TEAM),
    Page("incentives:pay-year-export", ("team", "2026"), post=BONUS, sees=TEAM),
]
