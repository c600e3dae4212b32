"""Statements: who reads which account, the balance after every entry, a unit's month, who got what in a year."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from incentives.models import Account, DistributionLine, Expense, SpecialAward
from incentives.selectors import balance
from incentives.services import ledger
from incentives.statements import accounts as statements
from incentives.statements import pay_year, unit_money
from teams import periods
from teams.models import AuditEntry
from teams.triggers import without_triggers
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    """A posted bonus of three: the leader, two members; a manager and somebody of finance for the unit."""
    month = make.make_closed_team()
    month.plant = month.unit.parent = make.make_unit("本厂")
    month.unit.save()
    month.distribution = make.post_bonus(month.team, amount=900_000)
    month.manager, month.finance = (make.give_role(month.unit, role) for role in ("manager", "finance"))
    return month


def own(user):
    return ledger.member_accounts([user])[user.pk]


def grant(team, amount=5000, memo="三季度活动费", period=PERIOD):
    movements = [(ledger.company_account(), ledger.fund_account(team), amount)]
    return ledger.post(f"grant {memo}", movements, period=period, memo=memo, actor=None)


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"incentives:{name}", args=args), query)


def sheets(response):
    return read_workbook(io.BytesIO(response.content))


# -- Who reads what -----------------------------------------------------------------------------------------------------


def kinds(client, user):
    """The kinds of the accounts that the list shows somebody, and whether each opens."""
    accounts = list(page(client, user, "accounts").context["page"])
    assert {client.get(reverse("incentives:account", args=[account.pk])).status_code for account in accounts} <= {200}
    return sorted({account.kind for account in accounts})


def test_the_list_shows_what_each_may_open_and_no_more(month, client):
    grant(month.team)
    leader, member, _ = month.members
    clerk = make.make_member(month.team, "clerk")
    root = make.give_role(month.plant, "finance")
    assert kinds(client, member) == ["member"]
    assert kinds(client, clerk) == ["fund"]
    assert kinds(client, leader) == ["fund", "member", "pool"]
    assert kinds(client, month.manager) == ["fund", "pool"]
    assert kinds(client, month.finance) == ["fund", "member", "pool"]
    assert kinds(client, root) == ["company", "fund", "member", "pool"]
    assert len(page(client, leader, "accounts").context["page"]) == 3


def test_what_is_not_listed_does_not_open(month, client):
    for user in (month.members[1], month.manager, month.finance, make.make_user()):
        client.force_login(user)
        listed = {account.pk for account in statements.readable(user)}
        for account in Account.objects.all():
            opened = client.get(reverse("incentives:account", args=[account.pk])).status_code == 200
            assert opened is (account.pk in listed), account


def test_a_person_before_the_first_bonus_reads_what_will_stand_there(client):
    answer = page(client, make.make_member(make.make_team()), "accounts")
    assert "还没有账户。奖金第一次入账后，您的每一笔收入都记在这里。" in answer.text


def test_the_list_finds_people_and_kinds(month, client):
    member = month.members[1]
    assert [row.user for row in page(client, month.finance, "accounts", q=member.name).context["page"]] == [member]
    assert [row.kind for row in page(client, month.finance, "accounts", kind="pool").context["page"]] == ["pool"]
    assert "没有符合条件的账户" in page(client, month.finance, "accounts", q="查无此人").text


# -- The balance after every entry -----------------------------------------------------------------------------------


def test_a_statement_runs_from_the_first_entry_to_the_balance(month):
    account = own(month.members[0])
    amount = month.distribution.lines.get(user=month.members[0]).payable
    more = ledger.post("more", [(ledger.company_account(), account, 500)], period=202611, memo="竞赛奖", actor=None)
    ledger.reverse(more, period=202612, actor=None)
    lines = statements.lines_of(account, list(statements.entries_of(account, {})))
    assert [line.amount for line in lines] == [-500, 500, amount]
    assert [line.balance for line in lines] == [amount, amount + 500, amount]
    assert [line.other.kind for line in lines] == ["company", "company", "pool"]


def test_filters_leave_the_balances_as_they_are(month):
    account = ledger.fund_account(month.team)
    for number in range(1, 7):
        grant(month.team, number * 100, memo=f"第 {number} 次", period=202600 + number)
    chosen = {"first": 202602, "last": 202605}
    some = statements.entries_of(account, chosen)
    assert [line.balance for line in statements.lines_of(account, list(some))] == [1500, 1000, 600, 300]
    assert statements.turnover_of(account, some) == statements.Turnover(1400, 0)
    odd = [entry for entry in statements.entries_of(account, {}) if entry.amount in (200, 500)]
    assert [line.balance for line in statements.lines_of(account, odd)] == [1500, 300]
    words = statements.entries_of(account, {"q": "第 3"})
    assert [line.balance for line in statements.lines_of(account, list(words))] == [600]


@given(moves=st.lists(st.tuples(st.booleans(), st.integers(1, 10**9)), max_size=12), cut=st.integers(0, 12))
def test_every_page_of_any_account_continues_the_one_before(moves, cut):
    account, other = (Account.objects.create(code=f"x{Account.objects.count()}") for _ in range(2))
    for number, (came, amount) in enumerate(moves):
        pair = (other, account) if came else (account, other)
        ledger.post(f"{account.code} {number}", [(*pair, amount)], period=PERIOD, memo="动", actor=None)
    entries, running = list(statements.entries_of(account, {})), 0
    wanted = [running := running + (amount if came else -amount) for came, amount in moves][::-1]
    found = [line.balance for part in (entries[:cut], entries[cut:]) for line in statements.lines_of(account, part)]
    assert found == wanted
    assert statements.balances_of([account])[account.pk] == running == balance(account.code)


def test_the_page_says_which_month_is_wrong(month, client):
    account = ledger.fund_account(month.team)
    grant(month.team)
    assert "请写成 2026-10 这样" in page(client, month.manager, "account", account.pk, first="2026-13").text
    swapped = page(client, month.manager, "account", account.pk, first="2026-10", last="2026-01").text
    assert "开始月份2026年10月在结束月份2026年1月之后，请对调。" in swapped
    assert "三季度活动费" in page(client, month.manager, "account", account.pk, first="2026-10", last="2026-10").text
    assert "没有符合条件的账目" in page(client, month.manager, "account", account.pk, last="2026-01").text


def test_a_statement_is_exported_as_it_is_filtered(month, client):
    account = ledger.fund_account(month.team)
    grant(month.team, 5000)
    grant(month.team, 7000, memo="=四季度活动费", period=202611)
    client.force_login(month.manager)
    answer = client.post(reverse("incentives:account-export", args=[account.pk]), {"first": "2026-11"})
    rows = sheets(answer)["账户明细"]
    assert rows[0][0] == f"{month.team} 班组费用明细"
    assert rows[1][0] == "2026年11月起，共 1 笔，收入合计 70.00 元，支出合计 0.00 元，净额 +70.00 元"
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert rows[-1] == [today, "2026年11月", "=四季度活动费", "公司奖金", 70, 120]
    assert AuditEntry.objects.get(verb="statement.exported").after == {"first": 202611}


# -- A unit's month -----------------------------------------------------------------------------------------------------


def paid(month, model, source, target, amount, period=PERIOD):
    """An approved expense or award with its transaction; returns it."""
    leader, member, _ = month.members
    facts = {"team": month.team, "period": period, "amount": amount, "reason": "手套", "proposed_by": leader}
    if model is Expense:
        facts |= {
            "date": "2026-10-09",
            "subject": "material",
            "unit_price": amount,
            "handler": leader,
            "witness": member,
        }
        origin = ledger.fund_account(month.team)
    else:
        facts |= {"kind": "other", "user": member}
        origin = ledger.company_account()
    row = model.objects.create(**facts)
    posting = ledger.post(f"{source}:{row.pk}", [(origin, target, amount)], period=period, memo="手套", actor=None)
    model.objects.filter(pk=row.pk).update(state="approved", decided_by=month.manager, posting=posting)
    row.refresh_from_db()
    return row


def figures(unit, period=PERIOD):
    rows, total = unit_money.rows_of(unit_money.teams_of(unit, period), period)
    assert [sum(column) for column in zip(*(row.figures for row in rows), strict=True)] == total.figures
    return dict(zip([name for name, _ in unit_money.COLUMNS], total.figures, strict=True))


def test_a_units_month_adds_up(month):
    grant(month.team, 90_000)
    paid(month, Expense, "expense", ledger.spent_account(), 4_000)
    award = paid(month, SpecialAward, "award", own(month.members[1]), 20_000)
    ledger.reverse(award.posting, period=202611, actor=None)
    SpecialAward.objects.filter(pk=award.pk).update(state="reversed")
    nothing = dict.fromkeys([name for name, _ in unit_money.COLUMNS], 0)
    wanted = {"pool": 900_000, "shared": 900_000, "expenses": 4_000, "awards": 20_000}
    assert figures(month.unit) == nothing | wanted
    assert figures(month.unit, 202611) == nothing | {"reversed": 20_000}


def test_a_units_month_counts_the_teams_below_and_no_others(month, client):
    make.post_bonus(make.make_closed_team().team)
    assert figures(month.plant) == figures(month.unit)
    assert "9,000.00" in page(client, month.manager, "unit-money", month.unit.pk, PERIOD).text
    assert "这个单位这个月没有班组" in page(client, month.finance, "unit-money", month.unit.pk, 202001).text


def test_a_units_month_is_exported_with_its_total(month, client):
    client.force_login(month.finance)
    rows = sheets(client.post(reverse("incentives:unit-money-export", args=[month.unit.pk, PERIOD])))["班组收支"]
    assert rows[-1] == ["合计", "", 9000, 9000, 0, 0, 0, 0, 0]
    assert rows[-2][:3] == [month.unit.name, month.team.name, 9000]


# -- A year -------------------------------------------------------------------------------------------------------------


def with_shares(month, *shares):
    """Let the posted lines say these amounts, by employee number."""
    with without_triggers():
        for line, amount in zip(month.distribution.lines.all(), shares, strict=True):
            DistributionLine.objects.filter(pk=line.pk).update(amount=amount)
    return pay_year.year_of(month.team, PERIOD // 100)


@pytest.mark.broken_ledger
def test_a_year_says_how_far_apart_people_are(month):
    found = with_shares(month, 450_000, 150_000, 300_000)
    assert [person.total for person in found.people] == [450_000, 300_000, 150_000]
    (only,) = found.months
    assert (only.heads, only.paid, only.spread, only.leader, only.even) == (3, 900_000, 300, 150, False)
    assert (found.total, found.average, found.spread, found.even_months) == (900_000, 300_000, 300, [])


@pytest.mark.broken_ledger
def test_a_year_warns_of_equal_shares(month, client):
    with_shares(month, 300_000, 300_000, 300_000)
    answer = page(client, month.manager, "pay-year", month.team.pk, PERIOD // 100).text
    assert "2026年10月几乎是平均分配：最高和最低相差不到 5%。" in answer
    with_shares(month, 300_000, 250_000, 300_000)
    assert "几乎是平均分配" not in page(client, month.manager, "pay-year", month.team.pk, PERIOD // 100).text


@pytest.mark.parametrize(
    ("shares", "even"),
    [
        ([100], False),
        ([0, 0], False),
        ([100, 100], True),
        ([10_000, 9_501], True),
        ([10_000, 9_500], False),
        ([10_000, 0], False),
    ],
)
def test_equal_means_less_than_five_percent_apart(shares, even):
    assert pay_year.is_even(shares) is even


def test_who_got_nothing_is_infinitely_far_and_divides_nothing():
    assert pay_year.ratio(5, 0) is None
    assert pay_year.bars_of(pay_year.Year([], [])).bars == []


def test_special_awards_stand_beside_the_bonus(month):
    paid(month, SpecialAward, "award", own(month.members[1]), 20_000)
    found = pay_year.year_of(month.team, PERIOD // 100)
    assert {person.user: person.awards for person in found.people if person.awards} == {month.members[1]: 20_000}
    assert found.total == 900_000


def test_a_year_without_bonuses_says_so_and_a_year_out_of_reach_is_not_found(month, client):
    assert "这一年还没有入账的奖金" in page(client, month.manager, "pay-year", month.team.pk, 2020).text
    assert page(client, month.manager, "pay-year", month.team.pk, 1999).status_code == 404


def test_a_year_is_exported_with_people_and_months(month, client):
    client.force_login(month.manager)
    found = sheets(client.post(reverse("incentives:pay-year-export", args=[month.team.pk, PERIOD // 100])))
    people = [row for row in found["个人"] if row[0] in {user.employee_no for user in month.members}]
    assert sum(row[2] for row in people) == pytest.approx(9000)
    assert found["个人"][-1] == ["合计", "", 9000, 9000, "", 0]
    assert found["各月"][-1][:3] == [periods.label(PERIOD), 3, 9000]
