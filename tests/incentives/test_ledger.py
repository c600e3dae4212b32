"""The ledger: fen move between accounts once, whoever tries how often; a mistake is reversed, never edited."""

import pytest

from incentives.errors import IncentiveError
from incentives.models import Account, Entry, Transaction
from incentives.selectors import balance
from incentives.services import ledger
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


def account(code):
    return Account.objects.get_or_create(code=code)[0]


def post(source="bonus", *, amount=100, **changes):
    movements = [(account("a"), account("b"), amount), (account("b"), account("c"), 30)]
    return ledger.post(source, movements, **({"period": PERIOD, "memo": "奖金", "actor": None} | changes))


def balances(*codes):
    return [balance(code) for code in codes]


def test_posting_moves_fen_from_account_to_account():
    post()
    assert balances("a", "b", "c", "never opened") == [-100, 70, 30, 0]


def test_posting_twice_pays_once():
    assert post() == post()
    assert (Transaction.objects.count(), Entry.objects.count()) == (1, 2)
    assert balances("a", "b", "c") == [-100, 70, 30]


def test_posting_twice_in_another_order_is_still_the_same():
    first = post()
    movements = [(account("b"), account("c"), 30), (account("a"), account("b"), 100)]
    assert ledger.post("bonus", movements, period=PERIOD, memo="奖金", actor=None) == first
    assert balances("a", "b", "c") == [-100, 70, 30]


def test_posting_the_same_source_with_another_amount_is_refused_and_writes_nothing():
    post()
    with pytest.raises(IncentiveError, match="^“bonus”已经按另外的金额入过账，不能再入一次。请先冲销。$"):
        post(amount=101)
    assert balances("a", "b", "c") == [-100, 70, 30]


def test_a_reversal_takes_everything_back_once_however_often_it_is_asked_for():
    posted = post()
    reversal = ledger.reverse(posted, period=202611, actor=None)
    assert ledger.reverse(posted, period=202611, actor=None) == reversal
    assert (reversal.reverses, reversal.memo, reversal.period) == (posted, "冲销：奖金", 202611)
    assert balances("a", "b", "c") == [0, 0, 0]
    assert Transaction.objects.count() == 2


def test_a_member_has_one_account_however_often_it_is_asked_for():
    users = [make.make_user(), make.make_user()]
    first = ledger.member_accounts(users)
    assert ledger.member_accounts(users) == first
    assert {user_id: row.code for user_id, row in first.items()} == {user.pk: f"member:{user.pk}" for user in users}


def test_after_the_month_every_pool_is_empty_and_every_member_has_the_own_amount(case):
    amounts = {f"{row['team']}:{row['no']}": row["amount"] for row in case.report["members"]}
    members = {row.code: row for row in Account.objects.filter(user__isnull=False).select_related("user")}
    held = sorted(f"{balance(code) / 100:.2f}" for code in members)
    assert held == sorted(amounts.values())
    pools = Account.objects.filter(team__isnull=False).values_list("code", flat=True)
    assert {code: balance(code) for code in pools} == dict.fromkeys(pools, 0)
    assert balance("company") == -sum(balance(code) for code in members) < 0
    assert len(pools) == 6
