"""班组费用: proposed with voucher and witness, decided by somebody else, paid from the purse, reversed once."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from incentives.errors import IncentiveError, StaleState
from incentives.models import Entry, Expense, Transaction
from incentives.selectors import balance, repeats_of
from incentives.services import awards, expenses, publishing
from incentives.spending.purses import balances, movements_of, movements_on, others_of, statement_of
from teams import periods
from teams.errors import TeamError
from teams.models import AuditEntry
from teams.triggers import without_triggers
from tests import factories as make
from tests.spending import fill_reserve, grant, make_spenders, propose_award, propose_expense

pytestmark = pytest.mark.django_db
CURRENT = periods.current_period()
LAST = periods.shift(CURRENT, -1)


@pytest.fixture
def people():
    return make_spenders()


def fund(people):
    return balance(f"fund:{people.team.pk}")


def approved(people, unit_price=1000, **changes):
    expense = propose_expense(people, unit_price, **changes)
    expenses.approve(expense, actor=people.manager)
    return expense


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


# -- Proposing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "unit_price", "fen"), [(100, 1000, 1000), (250, 333, 833), (150, 333, 500), (1, 50, 1), (33, 100, 33)]
)
def test_the_amount_is_quantity_times_price_rounded_half_up(people, quantity, unit_price, fen):
    assert propose_expense(people, unit_price, quantity=quantity).amount == fen


def test_a_proposed_expense_keeps_its_facts_and_pays_nothing(people):
    expense = propose_expense(people)
    assert (expense.state, expense.period, expense.proposed_by) == ("proposed", CURRENT, people.leader)
    assert expense.vouchers.count() == 1
    assert verbs() == ["expense.proposed"]
    assert Entry.objects.count() == 0


TODAY = timezone.localdate()
WRONG = {
    "a day to come": ({"date": TODAY + datetime.timedelta(days=1)}, "日期还没到，花了钱再来登记。"),
    "a day long past": ({"date": TODAY - datetime.timedelta(days=61)}, "只能登记 60 天以内的费用"),
    "no quantity": ({"quantity": 0}, "数量和单价都要大于 0。"),
    "less than none": ({"unit_price": -5}, "数量和单价都要大于 0。"),
    "less than a fen": ({"quantity": 1, "unit_price": 49}, "数量乘以单价不到一分钱，请核对。"),
    "too much": ({"unit_price": 10**9 + 1}, "一笔费用最多 10,000,000.00 元"),
    "no voucher": ({"vouchers": []}, "没有凭证不能报费用，请拍下发票或收据。"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_refused(people, name):
    changes, sentence = WRONG[name]
    with pytest.raises(IncentiveError, match=sentence):
        propose_expense(people, **{"unit_price": 1000, **changes})
    assert Expense.objects.count() == 0


def test_a_receipt_of_sixty_days_ago_is_still_good(people):
    date = TODAY - datetime.timedelta(days=60)
    assert propose_expense(people, date=date).period == periods.period_of(date)


def test_handler_witness_and_receiver_are_two_members_of_that_day(people):
    with pytest.raises(IncentiveError, match="^经办人和证明人要是两个人"):
        propose_expense(people, witness=people.leader)
    stranger = make.make_user()
    for role, word in (("handler", "经办人"), ("witness", "证明人")):
        with pytest.raises(IncentiveError, match=f"^{word}{stranger} {TODAY:%Y-%m-%d} 不在{people.team}"):
            propose_expense(people, **{role: stranger})
    gone = make.make_member(people.team, ended_on=TODAY - datetime.timedelta(days=2))
    assert propose_expense(people, witness=gone, date=TODAY - datetime.timedelta(days=3))


def test_only_awards_and_comfort_out_of_the_reserve_go_to_a_member(people):
    for changes in ({"subject": "award"}, {"subject": "material", "purse": "reserve"}):
        with pytest.raises(IncentiveError, match="^只有从奖金留存付的慰问、奖励才发给个人"):
            propose_expense(people, paid_to=people.worker, **changes)
    with pytest.raises(IncentiveError, match="^从奖金留存付的奖励要写明发给谁。$"):
        propose_expense(people, purse="reserve", subject="award")
    assert propose_expense(people, purse="reserve", subject="comfort", paid_to=people.worker)


def test_a_voucher_that_was_used_before_is_found(people):
    first, again = propose_expense(people), propose_expense(people)
    assert list(repeats_of(again)) == [first]
    expenses.withdraw(first, actor=people.leader)
    assert list(repeats_of(again)) == []


# -- Deciding -----------------------------------------------------------------------------------------------------------


def test_approval_pays_from_the_fund_at_once(people):
    grant(people.team, 5000)
    expense = approved(people)
    assert (expense.state, expense.decided_by, expense.posting.source) == (
        "approved",
        people.manager,
        f"expense:{expense.pk}",
    )
    assert (fund(people), balance("spent")) == (4000, 1000)
    assert verbs()[-1] == "expense.approved"


def test_an_award_out_of_the_reserve_goes_to_its_receiver(people):
    fill_reserve(people.team, 5000)
    approved(people, purse="reserve", subject="award", paid_to=people.worker)
    assert balance(f"reserve:{people.team.pk}") == 4000
    assert (balance(f"member:{people.worker.pk}"), balance("spent")) == (1000, 0)


def test_the_purse_pays_its_last_fen_and_no_more(people):
    grant(people.team, 1999)
    approved(people)
    expense = propose_expense(people)
    with pytest.raises(IncentiveError) as refusal:
        expenses.approve(expense, actor=people.manager)
    assert (
        str(refusal.value)
        == f"{people.team}的班组费用余额只有 9.99 元，不够付这笔费用 10.00 元。请先补足班组费用再办。"
    )
    expense.refresh_from_db()
    assert (expense.state, expense.posting, fund(people)) == ("proposed", None, 999)
    assert verbs()[-1] == "expense.proposed"


def test_one_purse_does_not_pay_for_the_other(people):
    fill_reserve(people.team, 5000)
    with pytest.raises(IncentiveError, match="班组费用余额只有 0.00 元"):
        approved(people)


@pytest.mark.parametrize("role", ["leader", "worker"])
def test_who_proposed_handled_or_gets_it_does_not_decide(people, role):
    fill_reserve(people.team)
    actor = getattr(people, role)
    facts = {"purse": "reserve", "subject": "award", "paid_to": people.worker}
    expense = propose_expense(people, **facts)
    decisions = (expenses.approve, lambda row, actor: expenses.refuse(row, "不行", actor=actor))
    for decide in decisions:
        with pytest.raises(IncentiveError, match="^登记人、经办人和领款人不能审批或冲销这笔费用"):
            decide(expense, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=expense.pk).update(state="refused", decided_by=people.leader)


def test_a_refusal_says_why_and_pays_nothing(people):
    grant(people.team)
    expense = propose_expense(people)
    expenses.refuse(expense, "发票抬头不对", actor=people.manager)
    assert (expense.state, expense.answer, fund(people)) == ("refused", "发票抬头不对", 100_000)
    row = AuditEntry.objects.latest("id")
    assert (row.verb, row.after) == ("expense.refused", {"amount": 1000, "answer": "发票抬头不对"})


def test_only_the_proposer_withdraws(people):
    expense = propose_expense(people)
    with pytest.raises(TeamError, match="^只有提出人能撤回。$"):
        expenses.withdraw(expense, actor=people.manager)
    expenses.withdraw(expense, actor=people.leader)
    assert (expense.state, verbs()[-1]) == ("withdrawn", "expense.withdrawn")


def test_what_is_decided_is_decided_once(people):
    grant(people.team)
    deeds = [
        lambda row: expenses.approve(row, actor=people.manager),
        lambda row: expenses.refuse(row, "不行", actor=people.manager),
        lambda row: expenses.withdraw(row, actor=people.leader),
    ]
    for first in deeds:
        expense = propose_expense(people)
        first(expense)
        left, rows = fund(people), AuditEntry.objects.count()
        for again in deeds:
            with pytest.raises(StaleState, match="^这条班组费用已经办过了。$"):
                again(expense)
        assert (fund(people), AuditEntry.objects.count()) == (left, rows)


# -- Reversing ----------------------------------------------------------------------------------------------------------


def test_a_reversal_gives_the_money_back_once_and_is_linked_both_ways(people):
    grant(people.team, 5000)
    expense = approved(people)
    expenses.reverse(expense, "退货了", actor=people.manager)
    reversal = expense.posting.reversed_by
    assert (expense.state, reversal.reverses, reversal.period) == ("reversed", expense.posting, CURRENT)
    assert reversal.memo == "冲销：材料：买抹布，退货了"
    assert (fund(people), balance("spent")) == (5000, 0)
    with pytest.raises(StaleState, match="^这笔费用没有入账，或者已经冲销过了。$"):
        expenses.reverse(expense, "再来一次", actor=people.manager)
    assert verbs().count("expense.reversed") == 1


def test_what_is_not_paid_cannot_be_reversed(people):
    expense = propose_expense(people)
    with pytest.raises(StaleState):
        expenses.reverse(expense, "退货了", actor=people.manager)


# -- The month under which it is written down --------------------------------------------------------------------------


def last_month_day():
    return max(periods.last_day(LAST), TODAY - datetime.timedelta(days=60))


def test_an_expense_of_last_month_belongs_to_last_month_while_nothing_came_after(people):
    grant(people.team, 5000, period=LAST)
    assert approved(people, date=last_month_day()).posting.period == LAST


def test_it_belongs_to_this_month_once_the_purse_has_moved_in_it(people):
    grant(people.team, 5000, period=LAST)
    approved(people)
    assert approved(people, date=last_month_day()).posting.period == CURRENT


def test_it_belongs_to_the_next_month_once_the_statement_is_posted(people):
    grant(people.team, 5000, period=LAST)
    publishing.publish_expenses(people.team, LAST, actor=people.manager)
    expense = approved(people, date=last_month_day())
    assert (expense.period, expense.posting.period) == (LAST, CURRENT)
    assert list(others_of(people.team, LAST)) == [expense]
    assert grant(people.team, 1, period=LAST).posting.period == CURRENT
    assert [row.amount for row in statement_of(people.team, "fund", LAST).movements] == [5000]


# -- Reading ------------------------------------------------------------------------------------------------------------


def test_a_statement_runs_from_the_opening_to_the_closing_balance(people):
    grant(people.team, 5000, period=LAST)
    approved(people, 700, date=last_month_day())
    grant(people.team, 2000)
    undone = approved(people, 300)
    approved(people, 150, quantity=200, reason="买手套")
    expenses.reverse(undone, "退货", actor=people.manager)
    propose_expense(people)
    past, now = (statement_of(people.team, "fund", month) for month in (LAST, CURRENT))
    assert (past.opening, past.inflow, past.outflow, past.closing) == (0, 5000, 700, 4300)
    assert (now.opening, now.inflow, now.outflow, now.closing) == (4300, 2300, 600, 6000)
    assert [(row.subject, row.amount, row.balance) for row in now.movements] == [
        ("班组费用拨款", 2000, 6300),
        ("材料", -300, 6000),
        ("材料", -300, 5700),
        ("冲销", 300, 6000),
    ]
    assert [number for _, number in now.rows] == [0, 1, 1, 1]
    assert [row.figures for row in now.movements][2] == ("2", "1.50")
    assert now.movements[1].people == (people.leader, people.worker)
    assert balances([people.team])[people.team.pk, "fund"] == now.closing


def test_every_movement_of_the_reserve_is_listed_with_its_balance(people):
    fill_reserve(people.team, 5000)
    approved(people, purse="reserve", subject="comfort", reason="看望住院的")
    rows = movements_on(movements_of(people.team, "reserve"))
    assert [(row.subject, row.reason, row.amount, row.balance) for row in rows] == [
        ("慰问", "看望住院的", -1000, 4000),
        ("留存", "按办法留存", 5000, 5000),
    ]
    assert movements_on(movements_of(make.make_team(people.unit), "reserve")) == []


# -- The board ----------------------------------------------------------------------------------------------------------


def test_the_posted_statement_shows_money_to_everybody_and_reasons_to_the_unit(people):
    grant(people.team, 5000, period=LAST)
    approved(people, date=last_month_day())
    bulletin = publishing.publish_expenses(people.team, LAST, actor=people.manager)
    assert bulletin.title == f"{people.team}{periods.label(LAST)}班组费用明细表"
    assert publishing.publish_expenses(people.team, LAST, actor=people.manager) == bulletin
    audiences = {column["key"]: column["audience"] for column in bulletin.content["columns"]}
    assert {key for key, audience in audiences.items() if audience == 0} == {
        *("date", "subject", "quantity", "price", "amount", "vouchers", "balance")
    }
    assert [row["cells"]["amount"] for row in bulletin.content["rows"]] == ["+50.00", "−10.00"]
    assert bulletin.content["facts"][3] == {"label": "本月结余", "value": "40.00 元", "audience": 0}
    assert bulletin.content["notes"][0].startswith("本月支出（大写）：壹拾元整")


def test_a_month_is_posted_when_it_is_over_and_something_happened(people):
    with pytest.raises(IncentiveError, match="没有班组费用，不用张榜。$"):
        publishing.publish_expenses(people.team, LAST, actor=people.manager)
    grant(people.team)
    with pytest.raises(IncentiveError, match="还没有过完，过完再把班组费用张榜。$"):
        publishing.publish_expenses(people.team, CURRENT, actor=people.manager)


# -- What the database refuses -------------------------------------------------------------------------------------------

ATTACKS = [
    {"amount": 1},
    {"reason": "改过"},
    {"paid_to": None},
    {"state": "proposed"},
    {"state": "withdrawn"},
    {"answer": "改过"},
]


@pytest.mark.parametrize("change", ATTACKS, ids=str)
def test_the_database_keeps_what_was_paid(people, change):
    fill_reserve(people.team)
    expense = approved(people, purse="reserve", subject="award", paid_to=people.worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=expense.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM incentives_expense WHERE id = %s", [expense.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        expense.vouchers.clear()


def test_a_proposed_expense_only_changes_its_state(people):
    expense = propose_expense(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=expense.pk).update(amount=1)
    Expense.objects.filter(pk=expense.pk).update(state="withdrawn")


def test_control_the_guards_are_what_refuses(people):
    expense = propose_expense(people)
    with without_triggers():
        Expense.objects.filter(pk=expense.pk).update(reason="改过")
    expense.refresh_from_db()
    assert expense.reason == "改过"


# -- A grant that is spent cannot go back ---------------------------------------------------------------------------------


def test_a_grant_that_the_team_has_spent_cannot_be_taken_back(people):
    award = propose_award(people.team, 1500, actor=people.finance)
    awards.approve(award, actor=people.manager)
    approved(people)
    with pytest.raises(IncentiveError, match="班组费用余额只有 5.00 元，不够收回 15.00 元"):
        awards.reverse(award, "拨错了", actor=people.manager)
    award.refresh_from_db()
    assert (award.state, fund(people)) == ("approved", 500)
    grant(people.team, 1000)
    awards.reverse(award, "拨错了", actor=people.manager)
    assert fund(people) == 0
    assert Transaction.objects.filter(reverses=award.posting).count() == 1
