"""The deeds about accounts: every export leaves a row."""

from tests.access.deed import Deed

ACCOUNT_DEEDS = {
    "incentives:account-export reserve_account": Deed("clerk", "statement.exported"),
    "incentives:account-export pool_account": Deed("leader", "statement.exported"),
    "incentives:account-export worker_account": Deed("worker", "statement.exported", {"q": "奖金", "first": "2026-01"}),
    "incentives:unit-money-export": Deed("manager", "unit_money.exported"),
    "incentives:pay-year-export 2026": Deed("union", "pay_year.exported"),
}
