"""Expenses and grants in any order: the balance is what a plain model says, never below zero, and the books say the same."""

import datetime
import itertools

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from incentives.models import Expense, SpecialAward
from incentives.services import awards, expenses, funds, publishing
from incentives.spending.purses import balances, statement_of
from teams import periods
from teams.errors import TeamError
from tests.spending import fill_reserve, make_spenders, propose_award, propose_expense, voucher

pytestmark = pytest.mark.django_db
CURRENT = periods.current_period()
MONTHS = [periods.shift(CURRENT, -back) for back in (2, 1, 0)]
fen = st.integers(min_value=1, max_value=500)
places = st.integers(min_value=0, max_value=10**6)
purses = st.sampled_from(["fund", "reserve"])


class PurseMachine(RuleBasedStateMachine):
    """Random deeds by the right people; `held` is the plain model of the balances, `papers` that of the states."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.people = make_spenders()
        self.team = self.people.team
        self.photos = [voucher(self.team, self.people.leader)]
        self.held, self.papers, self.fills = {"fund": 0, "reserve": 0}, [], 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(amount=fen, back=st.sampled_from([0, 1, 2]))
    def propose_grant(self, amount, back):
        month = periods.shift(CURRENT, -back)
        row = propose_award(self.team, amount, actor=self.people.finance, period=month)
        self.papers.append(["proposed", "grant", "fund", row])

    @rule(amount=fen, purse=purses, days=st.integers(min_value=0, max_value=59))
    def propose_expense(self, amount, purse, days):
        date = timezone.localdate() - datetime.timedelta(days=days)
        row = propose_expense(self.people, amount, purse=purse, date=date, vouchers=self.photos)
        self.papers.append(["proposed", "expense", purse, row])

    @rule(amount=fen)
    def fill(self, amount):
        self.fills += 1
        fill_reserve(self.team, amount + 1000 * self.fills)
        self.held["reserve"] += amount + 1000 * self.fills

    @rule(place=places, deed=st.sampled_from(["approve", "approve", "refuse", "withdraw", "reverse"]))
    def decide(self, place, deed):
        if not self.papers:
            return
        paper = self.papers[place % len(self.papers)]
        state, kind, purse, row = paper
        effect = {"approve": 1, "reverse": -1}.get(deed, 0) * row.amount * (1 if kind == "grant" else -1)
        right = state == ("approved" if deed == "reverse" else "proposed") and self.held[purse] + effect >= 0
        assert self.carry_out(deed, kind, row) == right
        if right:
            self.held[purse] += effect
            paper[0] = {"approve": "approved", "refuse": "refused", "withdraw": "withdrawn", "reverse": "reversed"}[
                deed
            ]

    def carry_out(self, deed, kind, row):
        service = awards if kind == "grant" else expenses
        own = self.people.finance if kind == "grant" else self.people.leader
        more = ["就这样"] if deed in ("refuse", "reverse") else []
        try:
            getattr(service, deed)(row, *more, actor=own if deed == "withdraw" else self.people.manager)
        except TeamError:
            return False
        return True

    @rule(month=st.sampled_from(MONTHS))
    def publish(self, month):
        before = statement_of(self.team, "fund", month)
        try:
            publishing.publish_expenses(self.team, month, actor=self.people.manager)
        except TeamError:
            assert month == CURRENT or before.closing == before.inflow == 0

    @invariant()
    def balances_are_those_of_the_model(self):
        found = balances([self.team])
        assert {purse: found[self.team.pk, purse] for purse in self.held} == self.held
        assert min(self.held.values()) >= 0

    @invariant()
    def no_month_ended_below_zero_and_each_begins_where_the_last_ended(self):
        for purse in self.held:
            statements = [statement_of(self.team, purse, month) for month in MONTHS]
            assert statements[-1].closing == self.held[purse]
            assert all(row.closing >= 0 for row in statements)
            for before, after in itertools.pairwise(statements):
                assert before.closing == after.opening

    @invariant()
    def states_are_those_of_the_model(self):
        for model, kind in ((SpecialAward, "grant"), (Expense, "expense")):
            found = {
                pk: (state, bool(posting)) for pk, state, posting in model.objects.values_list("pk", "state", "posting")
            }
            wanted = {row.pk: state for state, of_kind, _, row in self.papers if of_kind == kind}
            assert found == {pk: (state, state in ("approved", "reversed")) for pk, state in wanted.items()}


def test_the_balance_is_the_sum_of_what_was_decided_and_never_below_zero():
    steps = {"max_examples": max(settings().max_examples // 20, 1), "stateful_step_count": 30}
    run_state_machine_as_test(PurseMachine, settings=settings(**steps))


def spends_what_is_not_there():
    """A life of the machine in which an empty purse is asked to pay."""
    machine = PurseMachine()
    try:
        machine.propose_expense(100, "fund", 0)
        machine.decide(0, "approve")
        machine.balances_are_those_of_the_model()
    finally:
        machine.teardown()


def test_control_without_the_look_at_the_balance_the_machine_notices(monkeypatch):
    spends_what_is_not_there()
    monkeypatch.setattr(funds, "require_balance", lambda *args: None)
    with pytest.raises(AssertionError):
        spends_what_is_not_there()
