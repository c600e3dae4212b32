"""The proof of the ledger: it holds after a month with everything in it, and names every way in which it can be wrong."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incentives.errors import IncentiveError
from incentives.ledger_check import CHECKS, problems_of, verify
from incentives.models import Account, Distribution, DistributionLine, Entry, Expense, SpecialAward, Transaction
from incentives.services import ledger, publishing, verification
from incentives.tasks import verify_ledger
from teams.models import AuditEntry
from teams.triggers import without_triggers
from tests import factories as make
from tests.factories import PERIOD

pytestmark = [pytest.mark.django_db, pytest.mark.broken_ledger]


@pytest.fixture
def month():
    """A posted bonus of three, an expense out of a granted fund, a mistake and its reversal."""
    month = make.make_closed_team()
    month.distribution = make.post_bonus(month.team, amount=900_000)
    month.specialaward = paid(month, SpecialAward, "award", ledger.company_account(), ledger.fund_account(month.team))
    month.expense = paid(month, Expense, "expense", ledger.fund_account(month.team), ledger.spent_account())
    month.mistake = ledger.post(
        "mistake", [(ledger.company_account(), ledger.spent_account(), 7)], period=PERIOD, memo="错账", actor=None
    )
    month.reversal = ledger.reverse(month.mistake, period=PERIOD, actor=None)
    return month


def paid(month, model, source, origin, target):
    """An approved expense or award of 50 yuan with its transaction."""
    leader, member, manager = month.members
    facts = {"team": month.team, "period": PERIOD, "amount": 5000, "reason": "手套", "proposed_by": leader}
    if model is Expense:
        facts |= {"date": "2026-10-09", "subject": "material", "unit_price": 5000, "handler": leader, "witness": member}
    row = model.objects.create(**facts, **({"kind": "fund"} if model is SpecialAward else {}))
    posting = ledger.post(f"{source}:{row.pk}", [(origin, target, 5000)], period=PERIOD, memo="手套", actor=manager)
    model.objects.filter(pk=row.pk).update(state="approved", decided_by=manager, posting=posting)
    return row


def problems():
    return [problem for outcome in verify() for problem in outcome.problems]


def add(posted, source, target, amount):
    accounts = {"source_account": Account.objects.get(code=source), "target_account": Account.objects.get(code=target)}
    Entry.objects.create(transaction=posted, amount=amount, **accounts)


def posting(month):
    return Transaction.objects.get(source=f"distribution:{month.distribution.pk}")


def change(model, **values):
    return lambda month: model.objects.filter(pk=getattr(month, model.__name__.lower()).pk).update(**values)


def of_line(**values):
    return lambda month: DistributionLine.objects.filter(pk=month.distribution.lines.first().pk).update(**values)


def book(source):
    facts = {"period": PERIOD, "memo": "凭空", "actor": None}
    return lambda month: ledger.post(source, [(ledger.company_account(), ledger.spent_account(), 1)], **facts)


def overdraw(month):
    fund = ledger.fund_account(month.team)
    ledger.post("early", [(fund, ledger.spent_account(), 9000)], period=PERIOD, memo="透支", actor=None)
    ledger.post("late", [(ledger.company_account(), fund, 9000)], period=PERIOD, memo="补上", actor=None)


def member_code(month):
    return f"member:{month.distribution.lines.first().user_id}"


# What is broken, and what the proof says about it.
BROKEN = {
    "a transaction loses its entries": (
        lambda month: month.mistake.entries.all()._raw_delete("default"),
        "账目 .*（错账）没有分录",
    ),
    "a transaction never had entries": (
        lambda month: Transaction.objects.create(source="empty", period=PERIOD, memo="空账"),
        "账目 .*（空账）没有分录",
    ),
    "an account changes hands": (
        lambda month: Account.objects.filter(code=member_code(month)).update(user=month.members[2]),
        "账户 .* 的代码 member:.* 与它的班组、人员不符",
    ),
    "a reversal takes back less": (
        lambda month: month.reversal.entries.update(amount=6),
        "账目 .*（冲销：错账）不是原账的相反数",
    ),
    "a reversal is reversed": (
        lambda month: Transaction.objects.create(source="r", period=PERIOD, memo="再冲", reverses=month.reversal),
        "账目 .*（再冲）不是原账的相反数",
    ),
    "a line says another amount": (of_line(adjusted=1), "分配 .*：明细 .* 元，账上 .* 元"),
    "an entry of a posted bonus changes": (
        lambda month: posting(month).entries.filter(target_account__code=member_code(month)).update(amount=1),
        "分配 .*：明细 .* 元，账上 0.01 元",
    ),
    "somebody without a line gets something": (
        lambda month: add(posting(month), "company", f"member:{ledger_member(month).pk}", 33),
        "分配 .* member:.*：明细 0.00 元，账上 0.33 元",
    ),
    "a bonus was never posted": (
        lambda month: Transaction.objects.filter(pk=posting(month).pk).update(source="lost"),
        "分配 .*：明细 .* 元，账上 0.00 元",
    ),
    "the reserve is not what the rule set aside": (
        change(Distribution, reserve=5),
        "分配 .* reserve:.*：应为 0.05 元，账上 0.00 元",
    ),
    "the pool was another one": (
        change(Distribution, amount=900_001),
        r"分配 .* company：应为 9,000.01 元，账上 9,000.00 元",
    ),
    "a pool keeps something": (
        lambda month: ledger.post(
            "more",
            [(ledger.company_account(), ledger.pool_account(month.team), 12)],
            period=PERIOD,
            memo="多给",
            actor=None,
        ),
        "账户 pool:.* 还有 0.12 元没有分完",
    ),
    "a settled bonus was never paid": (
        change(Distribution, state="settled", settled_on="2026-11-10"),
        "分配 .*：明细 .* 元，发放 0.00 元",
    ),
    "an expense says another amount": (change(Expense, amount=4000), "费用 .*（approved）：40.00 元，账上 50.00 元"),
    "an expense is undone but not in the ledger": (
        change(Expense, state="reversed"),
        "费用 .*（reversed）：50.00 元，账上 50.00 元",
    ),
    "an expense points to another transaction": (
        lambda month: Expense.objects.filter(pk=month.expense.pk).update(posting=month.mistake),
        "费用 .*（approved）：50.00 元，账上 0.07 元",
    ),
    "an award is posted without approval": (
        lambda month: SpecialAward.objects.filter(pk=month.specialaward.pk).update(state="proposed"),
        "奖励 .*（proposed）：50.00 元，账上 50.00 元",
    ),
    "a transaction of no expense": (book("expense:99999"), "账目 .*（expense:99999）没有相应的单据"),
    "a transaction of no award": (book("award:99999"), "账目 .*（award:99999）没有相应的单据"),
    "a transaction of no bonus": (book("distribution:99999"), "账目 .*（distribution:99999）没有相应的单据"),
    "a payment of no bonus": (book("settlement:99999"), "账目 .*（settlement:99999）没有相应的单据"),
    "a fund is overdrawn for a while": (overdraw, "账户 fund:.* 在账目 .* 之后是 -90.00 元"),
}


def ledger_member(month):
    """Somebody with an account who has no line."""
    outsider = make.make_user()
    ledger.member_accounts([outsider])
    return outsider


def test_a_month_with_everything_in_it_holds(month):
    assert problems() == []
    assert problems_of(month.team, PERIOD) == []
    counted = {outcome.title: outcome.examined for outcome in verify()}
    assert counted["入账的奖金与分配明细一分不差"] == 3
    assert counted["班组费用与账目相符"] == counted["专项奖励与账目相符"] == 1
    assert counted["冲销与原账一笔不差地相反"] == 1


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named(name, month):
    breaking, wanted = BROKEN[name]
    with without_triggers():
        breaking(month)
    found = problems()
    assert any(re.fullmatch(wanted, problem) for problem in found), found


def test_every_check_finds_something(month):
    """A check that nothing can break proves nothing; the one about amounts is held by constraints and has its own test."""
    silent = {check.title for check in CHECKS}
    for breaking, _ in BROKEN.values():
        with transaction.atomic():
            with without_triggers():
                breaking(month)
            silent -= {outcome.title for outcome in verify() if outcome.problems}
            transaction.set_rollback(True)
    assert silent == {"分录金额大于零，转出转入是两个账户"}


def test_amounts_that_no_constraint_stopped_are_named(month):
    with without_triggers(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE incentives_entry DROP CONSTRAINT incentives_entry_amount_positive")
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            Entry.objects.filter(transaction=month.expense.posting_id or month.mistake.pk).update(amount=-5000)
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert any(re.fullmatch("分录 .*：-50.00 元，金额或者账户不对", problem) for problem in problems())


def test_the_number_of_queries_does_not_grow(month):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        verify()
    assert len(queries) == 2 * len(CHECKS)
    with CaptureQueriesContext(connection) as queries:
        problems_of(month.team, PERIOD)
    assert len(queries) == sum(check.scoped for check in CHECKS)


# -- Who is told --------------------------------------------------------------------------------------------------------


def spoil(month):
    with without_triggers():
        Expense.objects.filter(pk=month.expense.pk).update(amount=4000)


def mend(month):
    with without_triggers():
        Expense.objects.filter(pk=month.expense.pk).update(amount=5000)


def test_the_command_says_what_it_looked_at(month, capsys):
    call_command("verify_ledger")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "每笔账目都有分录：5 条，全部相符"
    assert said[-1] == "账目核验通过。"
    assert len(said) == len(CHECKS) + 1


def test_the_command_fails_and_names_the_row(month, capsys):
    spoil(month)
    with pytest.raises(CommandError, match="^账目有 1 处不符，张榜已停。请保留现场，联系审计员。$"):
        call_command("verify_ledger")
    said = capsys.readouterr()
    assert "班组费用与账目相符：1 条，1 处不符" in said.out
    assert said.err == f"  费用 {month.expense.pk}（approved）：40.00 元，账上 50.00 元\n"


def test_the_night_leaves_a_row_whatever_comes_out(month):
    verify_ledger()
    spoil(month)
    verify_ledger()
    good, bad = AuditEntry.objects.filter(verb__startswith="ledger.").order_by("pk")
    assert (good.verb, good.after["problems"]) == ("ledger.verified", [])
    assert (bad.verb, bad.after["problems"]) == (
        "ledger.broken",
        [f"费用 {month.expense.pk}（approved）：40.00 元，账上 50.00 元"],
    )


def test_nothing_is_posted_on_boards_while_the_last_proof_failed(month):
    other = make.make_closed_team()
    make.post_bonus(other.team)
    spoil(month)
    verify_ledger()
    with pytest.raises(IncentiveError, match="^账目核验没有通过，所有班组暂停张榜。"):
        publishing.publish_month(other.team, PERIOD, actor=None)
    mend(month)
    verify_ledger()
    assert publishing.publish_month(other.team, PERIOD, actor=None)


def test_a_team_whose_own_month_does_not_hold_posts_nothing_even_before_the_night(month):
    with without_triggers():
        of_line(adjusted=1)(month)
    with pytest.raises(IncentiveError, match="的账对不上，不能张榜：分配 .*。请联系劳资财务查清"):
        publishing.publish_month(month.team, PERIOD, actor=None)


def test_health_tells_it_and_the_site_stays_in_service(month, client):
    spoil(month)
    verify_ledger()
    answer = client.get(reverse("health-ready"))
    assert (answer.status_code, answer.json()["status"]) == (200, "problem")
    assert answer.json()["problems"] == ["the ledger does not hold: run manage.py verify_ledger"]


def test_finance_reads_it_on_the_home_page(month, client):
    finance, manager = (make.give_role(month.unit, role) for role in ("finance", "manager"))
    spoil(month)
    verification.verify_ledger()
    for person, told in ((finance, True), (manager, False)):
        client.force_login(person)
        assert ("账目核验没有通过" in client.get("/").text) is told
