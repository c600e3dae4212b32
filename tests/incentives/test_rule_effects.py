"""What a rule does to a real bonus: reserve, exclusions, the leader, service and bounds, on pages, boards and in the ledger."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from incentives.boards import bonus_board
from incentives.errors import IncentiveError
from incentives.explain import explain
from incentives.models import BonusRuleVersion, Distribution, Exclusion
from incentives.rules.definition import STANDINGS
from incentives.selectors import balance
from incentives.services import approvals, rules
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


def by(team, **changes):
    """A bonus of 10,000.01 yuan, drafted by the shipped rule with changes."""
    version = rules.install_preset("rule_attendance_work", team.unit, actor=None)
    BonusRuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | changes)
    rules.put_in_force(version, PERIOD, actor=None)
    return make.make_bonus(team)


def settled(distribution):
    approvals.propose(distribution, actor=None)
    approvals.approve(distribution, actor=None)
    approvals.post(distribution, actor=None)
    return distribution


def amounts_of(distribution):
    return [line.amount for line in distribution.lines.all()]


def test_the_reserve_is_set_aside_and_posted_to_its_account():
    team = make.make_closed_team().team
    bonus = settled(by(team, reserve=1000, rounding="ten_yuan"))
    # 10 % are 1,000.00 yuan; 9,000.01 are left, and what is no ten yuan of it goes to the reserve as well.
    assert (bonus.reserve, bonus.shared, sum(amounts_of(bonus))) == (100_001, 900_000, 900_000)
    assert (balance(f"reserve:{team.pk}"), balance(f"pool:{team.pk}"), balance("company")) == (100_001, 0, -1_000_001)
    board = bonus_board(bonus)
    assert ("留存", "1,000.01 元") in [(fact.label, fact.value) for fact in board.facts]
    assert board.total["amount"] == "9,000.00"
    assert "levelled" not in [column.key for column in board.columns]


def test_a_settled_reserve_cannot_be_changed():
    bonus = settled(by(make.make_closed_team().team, reserve=1000))
    with pytest.raises(IntegrityError, match="settled"), transaction.atomic():
        Distribution.objects.filter(pk=bonus.pk).update(reserve=0)


def test_a_draft_whose_lines_and_reserve_are_not_the_pool_is_not_approved():
    bonus = by(make.make_closed_team().team, reserve=1000)
    Distribution.objects.filter(pk=bonus.pk).update(reserve=bonus.reserve + 1)
    bonus.refresh_from_db()
    approvals.propose(bonus, actor=None)
    with pytest.raises(IncentiveError, match="各人金额与留存之和与奖金总额不符"):
        approvals.approve(bonus, actor=None)


def test_people_who_are_excluded_have_no_line():
    closed = make.make_closed_team()
    out = closed.members[2]
    Exclusion.objects.create(team=closed.team, period=PERIOD, user=out, reason="试用期")
    bonus = by(closed.team)
    assert [line.user for line in bonus.lines.all()] == closed.members[:2]
    assert sum(amounts_of(bonus)) == 1_000_001


def test_codes_may_leave_everybody_out():
    with pytest.raises(IncentiveError, match="所有人的权重都是零"):
        by(make.make_closed_team().team, excluding={"codes": "√", "days": 5})
    assert len(amounts_of(by(make.make_closed_team().team, excluding={"codes": "√", "days": 6}))) == 3


def test_a_leader_at_the_average_is_explained_and_stays_so_when_roles_change(client):
    closed = make.make_closed_team()
    leader = closed.members[0]
    bonus = by(closed.team, leader={"policy": "average"})
    assert bonus.parts[STANDINGS] == {leader.employee_no: {"leader": 1}}
    assert amounts_of(bonus) == [333_333, 333_334, 333_334]
    line = bonus.lines.get(user=leader)
    assert line.levelled == 333_333 - sum(line.parts.values()) < 0
    closed.team.memberships.filter(user=leader).update(role="worker")
    (finding,) = explain(line).findings
    assert finding.effect == 0  # at the average he gets the same without it
    client.force_login(make.give_role(closed.unit, "manager"))
    assert "封顶、保底和班长规定的调剂" in client.get(reverse("incentives:explain", args=[line.pk])).text
    board = bonus_board(settled(bonus))
    assert [column.key for column in board.columns][-2:] == ["levelled", "amount"]
    assert board.total["levelled"] == "0.00"


def test_a_leader_who_stands_apart_has_an_empty_line():
    closed = make.make_closed_team()
    bonus = by(closed.team, leader={"policy": "apart", "allowance": 30_000})
    assert amounts_of(bonus) == [0, 500_001, 500_000]
    part = explain(bonus.lines.first()).parts[0]
    assert (part.figures, part.weight, part.percent) == ("1.3 × 5 × 0（班长不参加分配）", "0.00", "0.00%")


def test_short_service_is_weighed_by_the_own_shares_and_explained():
    closed = make.make_closed_team()
    for user, hired in zip(closed.members, (None, datetime.date(2020, 1, 1), datetime.date(2025, 6, 1)), strict=True):
        user.hired_on = hired
        user.save()
    bonus = by(closed.team, short={"years": 2, "shares": {"attendance": 40, "work": 60}})
    newcomer = bonus.lines.get(user=closed.members[2])
    assert bonus.parts[STANDINGS] == {closed.members[2].employee_no: {"short": 1}}
    # Attendance 300 000 fen by 6.5 : 5 : 5 × 40/30 = 6.66…; work 700 001 by 1.3 × 99.5 : 100 : 100 × 60/70.
    assert newcomer.parts == {"attendance": 110_092, "work": 190_438}
    first = explain(newcomer).parts[0]
    assert (first.figures, first.weight, first.percent) == ("1.0 × 5 × 40%/30%（工龄不满 2 年）", "6.67", "36.70%")


def test_bounds_that_cannot_be_met_are_a_sentence():
    with pytest.raises(IncentiveError, match="的奖金按这个办法分不下去：保底的合计超过了能分的奖金"):
        by(make.make_closed_team().team, floor=400_000)
    assert Distribution.objects.count() == 0


def test_work_points_are_none_as_long_as_nobody_records_them():
    with pytest.raises(IncentiveError, match="所有人的权重都是零"):
        by(make.make_closed_team().team, parts=[{"key": "p", "name": "计件", "share": 1, "factors": ["points"]}])
    parts = [{"key": "e", "name": "平均", "share": 1, "factors": ["equal"]}]
    assert amounts_of(by(make.make_closed_team().team, parts=parts)) == [333_334, 333_334, 333_333]
