"""From share to pay: the arithmetic, the table of docs/bonus.md, the board, the explanation, payslip and payroll."""

import datetime
import io
from types import SimpleNamespace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from incentives.boards import bonus_board
from incentives.distribution import pay_of, prorated
from incentives.explain import explain
from incentives.models import DistributionLine
from incentives.services import adjustments, clauses, exclusions
from teams.models import AuditEntry, Membership
from teams.workbooks import read_workbook
from tests import factories as make
from tests.docs import number, table
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
fen = st.integers(0, 10**9)


# -- The arithmetic ------------------------------------------------------------------------------------------------------


def test_pays_as_in_the_table():
    for row in table("bonus.md", "奖罚、津贴、结转和总账"):
        cap = None if row["上限"] == "无" else number(row["上限"])
        facts = {"allowance": number(row["津贴"]), "awards": number(row["奖"]), "deductions": number(row["罚"])}
        pay = pay_of(number(row["分配所得"]), **facts, debt=number(row["以前欠"]), cap=cap)
        assert (pay.payable, pay.spared, pay.carried_out) == tuple(
            number(row[name]) for name in ("应得", "不扣", "结转下月")
        )


@given(fen, fen, fen, fen, fen, st.none() | st.integers(1, 10_000))
def test_nobody_pays_in_and_nothing_gets_lost(share, allowance, awards, deductions, debt, cap):
    pay = pay_of(share, allowance=allowance, awards=awards, deductions=deductions, debt=debt, cap=cap)
    assert pay.payable >= 0
    assert pay.payable == share + pay.adjusted + pay.carried_in + pay.carried_out
    assert pay.payable - pay.carried_out == share + allowance + awards - deductions + pay.spared - debt
    assert 0 in (pay.payable, pay.carried_out)
    if cap is not None:
        taken = deductions - pay.spared
        assert 0 <= taken * 10_000 <= max(0, (share + allowance) * cap)


@given(fen, st.integers(0, 31))
def test_an_allowance_for_part_of_a_month_is_less_than_half_a_fen_from_exact(amount, days):
    assert abs(prorated(amount, days, 31) * 31 - amount * days) * 2 <= 31
    assert prorated(amount, 31, 31) == amount


# -- A month with everything in it ---------------------------------------------------------------------------------------


@pytest.fixture
def month():
    """A posted month of three: one got 30 yuan, another one lost 9,000 and owes; a fourth takes no part."""
    found = make.make_ready_unit(teams=1)
    team = found.teams.get()
    apart = make.make_member(team)
    make.close_month(found)
    manager = make.give_role(found, "manager")
    people = [row.user for row in Membership.objects.filter(team=team).order_by("id").select_related("user")]
    leader, worker, other = people[:3]
    facts = {"note": "", "actor": manager}
    good = clauses.add(found, code="J1", name="材料使用好", kind="award", least=2000, most=5000, **facts)
    bad = clauses.add(found, code="F1", name="拒绝抢修", kind="deduction", least=1000, most=10**6, **facts)
    for user, clause, amount in ((worker, good, 3000), (other, bad, 900_000)):
        facts = {"user": user, "clause": clause, "amount": amount, "reason": "=1+1", "actor": leader}
        adjustments.approve(adjustments.propose(team, PERIOD, **facts), actor=manager)
    exclusions.exclude(team, PERIOD, apart, "试用期", actor=leader)
    distribution = make.post_bonus(team)
    return SimpleNamespace(
        unit=found, team=team, people=people, manager=manager, distribution=distribution, worker=worker, other=other
    )


def test_the_board_has_the_columns_that_somebody_has_something_in(month):
    board = bonus_board(month.distribution)
    assert [column.label for column in board.columns][-4:] == ["分配所得", "奖罚", "结转", "应得"]
    assert board.total["share"] == "10,000.01"
    cells = {row.user: row.cells for row in board.rows}
    assert (cells[month.worker.pk]["adjusted"], cells[month.other.pk]["amount"]) == ("+30.00", "0.00")
    (fact,) = [fact for fact in board.facts if fact.label == "不参加分配"]
    assert (fact.value, fact.audience) == (f"{month.people[3].name}（试用期）", 2)


def test_a_month_without_any_of_it_has_the_table_of_old(month):
    plain = bonus_board(make.post_bonus(make.make_closed_team().team))
    assert [column.label for column in plain.columns][-2:] == ["工作部分", "应得"]
    assert "不参加分配" not in [fact.label for fact in plain.facts]


def test_every_explanation_adds_up_to_the_pay(month):
    for line in DistributionLine.objects.select_related("user", "distribution__rule_version"):
        explanation = explain(line)
        assert sum(part.amount for part in explanation.parts) + line.levelled == line.amount
        assert line.amount + explanation.beside.total == line.payable


def test_the_pages_name_clause_reason_and_people(month, client):
    line = month.distribution.lines.get(user=month.other)
    client.force_login(month.other)
    for name in ("incentives:explain", "incentives:payslip"):
        page = client.get(reverse(name, args=[line.pk])).text
        assert "罚：F1 拒绝抢修" in page
        assert f"{month.people[0].name} " in page
        assert "−9,000.00" in page
        assert "结转下月" in page
    assert "零元整" in page
    assert reverse("incentives:payslip", args=[line.pk]) in client.get(reverse("incentives:payslips")).text
    client.force_login(month.worker)
    assert client.get(reverse("incentives:payslip", args=[line.pk])).status_code == 404


# -- The payroll ---------------------------------------------------------------------------------------------------------


def test_the_payroll_holds_numbers_as_text_sums_and_the_total_in_words(month, client):
    client.force_login(make.give_role(month.unit, "finance"))
    answer = client.post(reverse("incentives:payroll", args=[month.unit.pk, PERIOD]))
    rows = read_workbook(io.BytesIO(answer.content))["发放表"]
    head = next(index for index, row in enumerate(rows) if row[0] == "序号")
    lines = list(month.distribution.lines.select_related("user"))
    people, rest = rows[head + 1 : head + 4], rows[head + 4 :]
    assert [row[1] for row in people] == [line.user.employee_no for line in lines]
    assert [row[8] for row in people] == [line.payable / 100 for line in lines]
    total = sum(line.payable for line in lines) / 100
    assert [(row[2], row[8]) for row in rest[:2]] == [("小计", total), ("合计", total)]
    assert any(str(row[0]).startswith("人民币大写：") for row in rest)
    assert AuditEntry.objects.latest("pk").verb == "payroll.exported"


def test_a_month_without_anything_in_the_ledger_says_so(client):
    closed = make.make_closed_team()
    make.propose_bonus(closed.team)
    client.force_login(make.give_role(closed.unit, "finance"))
    answer = client.post(reverse("incentives:payroll", args=[closed.unit.pk, PERIOD]), follow=True)
    assert "还没有入账的奖金，没有东西可以导出" in answer.text
    assert not AuditEntry.objects.filter(verb="payroll.exported").exists()


# -- Two teams in a month ------------------------------------------------------------------------------------------------


def test_who_moves_in_the_month_has_a_line_in_each_team_for_the_days_there():
    unit = make.make_unit()
    make.make_standard(unit)
    make.make_rule(unit)
    teams = [make.make_team(unit), make.make_team(unit)]
    for team in teams:
        make.make_member(team, "leader")
    mover, day = make.make_user(), datetime.date
    make.make_member(teams[0], user=mover, ended_on=day(2026, 10, 12))
    make.make_member(teams[1], user=mover, started_on=day(2026, 10, 13))
    for team, days in zip(teams, (range(1, 13), range(13, 32)), strict=True):
        members = Membership.objects.filter(team=team).values_list("user__employee_no", flat=True)
        codes = {number: dict.fromkeys(days, "√") for number in members}
        make.attendance.save_month(team, PERIOD, {no: (said, 0) for no, said in codes.items()}, actor=None)
        make.approve_attendance(team)
    make.close_month(unit)
    lines = [make.post_bonus(team).lines.get(user=mover) for team in teams]
    assert [line.days for line in lines] == [12, 19]
    assert sum(line.days for line in lines) == 31
    assert [line.hours for line in lines] == [9600, 15_200]
