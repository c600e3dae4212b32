"""The deeds about expenses and special awards."""

from django.utils import timezone

from tests.access.deed import Deed, reason
from tests.access.world import picture


def receipt(world):
    people = {"handler": world.people["leader"].pk, "witness": world.person.pk}
    facts = {"purse": "fund", "date": timezone.localdate(), "subject": "office", "reason": "买打印纸"}
    return facts | people | {"quantity": "2", "unit_price": "25.50", "photos": picture()}


AWARD = {"kind": ["contest"], "user": "person", "amount": "300", "period": "open", "reason": "技能比武一等奖"}
SPENDING_DEEDS = {
    "incentives:expenses-export": Deed("leader", "expense.exported"),
    "incentives:expenses-publish": Deed("manager", "board.published"),
    "incentives:expense-enter": Deed("leader", "expense.proposed", receipt),
    "incentives:expense-refuse expense": Deed("manager", "expense.refused", reason()),
    "incentives:expense-reverse paid_expense": Deed("manager", "expense.reversed", reason()),
    "incentives:expense-step expense approve": Deed("manager", "expense.approved"),
    "incentives:expense-step expense withdraw": Deed("leader", "expense.withdrawn"),
    "incentives:award-export": Deed("finance", "award.exported"),
    "incentives:award-propose": Deed("union", "award.proposed", AWARD),
    "incentives:award-refuse award": Deed("finance", "award.refused", reason()),
    "incentives:award-reverse paid_award": Deed("manager", "award.reversed", reason()),
    "incentives:award-step award approve": Deed("finance", "award.approved"),
    "incentives:award-step award withdraw": Deed("union", "award.withdrawn"),
}
