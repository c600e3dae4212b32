"""What the teams spend: a grant for each, small expenses over three months, a few special awards, one of each fate."""

import datetime

from django.utils import timezone

from incentives.services import awards, expenses, publishing
from teamhub.demo.photos import photo
from teams import periods
from teams.models import Membership

GRANT = 150_000
"""Fen for a team's expenses of three months."""
BOUGHT = [
    # subject, what for, quantity, unit price (fen), day of the month
    ("material", "抹布、棉纱，清理设备卫生用", 500, 1280, 6),
    ("low_value", "扳手、螺丝刀各一套", 200, 4550, 11),
    ("office", "班组记录本、签字笔", 1200, 350, 15),
    ("activity", "安全知识竞赛奖品和水", 100, 18600, 19),
    ("spare", "手电筒电池", 2000, 260, 23),
]
FROM_RESERVE = ("activity", "班组技术比武的奖品", 300, 6800)
"""Subject, what for, quantity and unit price (fen) of what a reserve pays."""
REVERSED = "送来的型号不对，退货退款"
REFUSED = "发票开的是个人，请换成单位抬头再报"


def add(plant, months, today):
    """Let every team be granted money and spend some of it in the months before this one, and this month."""
    finance, union = plant.holders["finance"], plant.holders["union"]
    current = periods.period_of(today)
    for number, demo in enumerate(plant.teams):
        _Spender(demo, months[demo.team.name], finance, current).live(number)
    _award(plant.team("运行一值"), "suggestion", 80_000, "3 号给煤机接料斗改造，减少撒煤", 6, union, current)
    _award(plant.team("电气检修班"), "contest", 50_000, "公司继电保护比武一等奖", 2, union, current)
    first = plant.team("运行一值").team
    facts = {"kind": "programme", "amount": 200_000, "reason": "评上公司先进班组", "period": current}
    awards.propose(first, **facts, actor=union)


def _award(demo, kind, amount, reason, seat, union, period):
    user = _people(demo.team)[seat - 1]
    facts = {"kind": kind, "amount": amount, "reason": reason, "period": period, "user": user}
    awards.approve(awards.propose(demo.team, **facts, actor=union), actor=demo.manager)


def _people(team):
    members = Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")
    return [member.user for member in members]


class _Spender:
    """One team with its people and one voucher, which stands for all of them."""

    def __init__(self, demo, month, finance, current):
        self.demo, self.finance, self.current = demo, finance, current
        self.handler, self.witness = demo.leader, _people(demo.team)[2]
        self.month = month

    def live(self, number):
        before_last, last = periods.shift(self.current, -2), periods.shift(self.current, -1)
        facts = {"kind": "fund", "amount": GRANT, "reason": "三季度班组建设经费", "period": before_last}
        awards.approve(awards.propose(self.demo.team, **facts, actor=self.finance), actor=self.demo.manager)
        for place, period in enumerate((before_last, last)):
            self._pay(BOUGHT[(number + place) % len(BOUGHT)], period)
            publishing.publish_expenses(self.demo.team, period, actor=self.demo.manager)
        if number < 3:
            self._this_month()
            self._spend_reserve()

    def _pay(self, bought, period):
        expense = self._propose(bought, period)
        if expense:
            expenses.approve(expense, actor=self.demo.manager)
        return expense

    def _propose(self, bought, period):
        """The expense, dated as in BOUGHT if that can be claimed today; None when the whole month is too long ago."""
        subject, reason, quantity, unit_price, day = bought
        today = timezone.localdate()
        earliest = today - datetime.timedelta(days=expenses.DAYS_BACK)
        date = min(max(periods.first_day(period).replace(day=day), earliest), today)
        if periods.period_of(date) != period:
            return None
        facts = {"purse": "fund", "subject": subject, "quantity": quantity, "unit_price": unit_price, "date": date}
        people = {"handler": self.handler, "witness": self.witness, "actor": self.handler}
        vouchers = [photo(self.month, self.handler)]
        return expenses.propose(self.demo.team, reason=reason, vouchers=vouchers, **facts, **people)

    def _spend_reserve(self):
        subject, reason, quantity, unit_price = FROM_RESERVE
        people = {"handler": self.handler, "witness": self.witness, "actor": self.handler}
        facts = {"purse": "reserve", "subject": subject, "quantity": quantity, "unit_price": unit_price}
        vouchers = [photo(self.month, self.handler)]
        facts |= {"date": timezone.localdate(), "reason": reason, "vouchers": vouchers}
        expenses.approve(expenses.propose(self.demo.team, **facts, **people), actor=self.demo.manager)

    def _this_month(self):
        """One that waits, one refused, one reversed."""
        waiting, refused, wrong = BOUGHT[2], BOUGHT[3], BOUGHT[4]
        self._propose(waiting, self.current)
        expenses.refuse(self._propose(refused, self.current), REFUSED, actor=self.demo.manager)
        expenses.reverse(self._pay(wrong, self.current), REVERSED, actor=self.demo.manager)
