"""The ledger against a plain dict: posted, posted again, with another amount, reversed, reversed again, read, in any order.

Two ledgers that are wrong show that the walk finds what it is for: one that counts in floating yuan, and one without the key.
"""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from incentives.errors import IncentiveError
from incentives.ledger_check import verify
from incentives.models import Account, Transaction
from incentives.services import ledger
from incentives.statements.accounts import balances_of
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
CODES = ("a", "b", "c", "d")
QUICK, LONG = {"max_examples": 30, "stateful_step_count": 40}, {"max_examples": 500, "stateful_step_count": 40}
amounts = st.one_of(st.integers(1, 9), st.integers(1, 10**12))
movements = st.dictionaries(st.permutations(CODES).map(lambda codes: tuple(codes[:2])), amounts, min_size=1, max_size=4)


class RealLedger:
    """What the product does, by name of account and source."""

    def post(self, source, moved):
        accounts = {code: Account.objects.get_or_create(code=code)[0] for code in CODES}
        rows = [(accounts[origin], accounts[target], amount) for (origin, target), amount in moved.items()]
        ledger.post(source, rows, period=PERIOD, memo=source, actor=None)

    def reverse(self, source):
        ledger.reverse(Transaction.objects.get(source=source), period=PERIOD, actor=None)

    def balances(self):
        accounts = Account.objects.all()
        found = balances_of(accounts)
        return dict.fromkeys(CODES, 0) | {account.code: found[account.pk] for account in accounts}

    def check(self, posted, reversed_):
        assert Transaction.objects.count() == posted + reversed_
        assert [problem for outcome in verify() for problem in outcome.problems] == []


class Walk(RuleBasedStateMachine):
    """A random life of a ledger beside `book`, a dict of fen, and `sources`, what was posted under which name."""

    ledger_class = RealLedger
    posted = Bundle("posted")

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.ledger, self.book, self.sources, self.reversed = self.ledger_class(), dict.fromkeys(CODES, 0), {}, set()

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def moved(self, moved, sign=1):
        for (origin, target), amount in moved.items():
            self.book[origin] -= sign * amount
            self.book[target] += sign * amount

    @rule(target=posted, moved=movements)
    def post(self, moved):
        source = f"s{len(self.sources)}"
        self.ledger.post(source, moved)
        self.sources[source] = moved
        self.moved(moved)
        return source

    @rule(source=posted)
    def retry(self, source):
        self.ledger.post(source, self.sources[source])

    @rule(source=posted, more=st.integers(1, 100))
    def retry_with_another_amount(self, source, more):
        pair, amount = next(iter(self.sources[source].items()))
        with pytest.raises(IncentiveError):
            self.ledger.post(source, self.sources[source] | {pair: amount + more})

    @rule(source=posted)
    def retry_with_less(self, source):
        _, *rest = self.sources[source].items()
        with pytest.raises(IncentiveError):
            self.ledger.post(source, dict(rest))

    @rule(source=posted)
    def reverse(self, source):
        if source not in self.reversed:
            self.moved(self.sources[source], -1)
        self.reversed.add(source)
        self.ledger.reverse(source)

    @rule(source=posted)
    def reverse_twice(self, source):
        self.reverse(source)
        self.reverse(source)

    @rule(pair=st.permutations(CODES), amount=st.integers(-5, 0))
    def post_nothing(self, pair, amount):
        with pytest.raises(IncentiveError):
            self.ledger.post("nothing", {tuple(pair[:2]): amount})

    @invariant()
    def balances_are_those_of_the_book(self):
        assert self.ledger.balances() == self.book

    @rule()
    def proved(self):
        self.ledger.check(len(self.sources), len(self.reversed))


def walk(ledger_class=RealLedger, **options):
    machine = type("Machine", (Walk,), {"ledger_class": ledger_class})
    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(machine, settings=settings(**QUICK | options, **quiet))


def test_thirty_lives_of_the_ledger_are_those_of_a_dict():
    walk()


@pytest.mark.nightly
def test_five_hundred_lives_of_the_ledger_are_those_of_a_dict():
    walk(**LONG)


class WithoutKey(RealLedger):
    """Knows no source: a retry is posted again."""

    number = 0

    def post(self, source, moved):
        WithoutKey.number += 1
        super().post(f"{source}:{WithoutKey.number}" if self.seen(source, moved) else source, moved)

    def seen(self, source, moved):
        return moved and min(moved.values()) > 0 and Transaction.objects.filter(source=source).exists()


class FloatingYuan:
    """Counts yuan in floating point and makes fen of them at the end."""

    def __init__(self):
        self.yuan, self.sources, self.reversed = dict.fromkeys(CODES, 0.0), {}, set()

    def post(self, source, moved):
        if not moved or min(moved.values()) <= 0 or self.sources.get(source, moved) != moved:
            raise IncentiveError(source)
        if source not in self.sources:
            self.sources[source] = moved
            self.move(moved, 1)

    def reverse(self, source):
        if source not in self.reversed:
            self.reversed.add(source)
            self.move(self.sources[source], -1)

    def move(self, moved, sign):
        for (origin, target), amount in moved.items():
            self.yuan[origin] -= sign * amount / 100
            self.yuan[target] += sign * amount / 100

    def balances(self):
        return {code: int(yuan * 100) for code, yuan in self.yuan.items()}

    def check(self, posted, reversed_):
        assert (len(self.sources), len(self.reversed)) == (posted, reversed_)


@pytest.mark.parametrize("wrong", [WithoutKey, FloatingYuan])
def test_control_a_wrong_ledger_is_found(wrong):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        walk(wrong, phases=[Phase.generate], report_multiple_bugs=False)
