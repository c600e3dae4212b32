"""Fifty people press the same button for money at the same moment: it happens once, and everybody else is told so."""

import threading
import time

import pytest
from django.db import connection, transaction

from incentives import selectors
from incentives.errors import OverBudget
from incentives.models import Budget, Pool, UnitPool
from incentives.pools import rows as pool_rows
from incentives.pools.division import divide_pool
from incentives.services import pools, unit_pools
from teams import audit
from teams.errors import StaleState
from teams.models import AuditEntry, Unit
from tests import factories as make
from tests.factories import PERIOD
from tests.teamhub.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)
RUNNERS = 50


@pytest.fixture
def unit():
    unit = make.make_unit()
    for _ in range(3):
        make.make_member(make.make_team(unit))
    return unit


def shown(unit):
    teams = list(unit.teams.all())
    inputs = pool_rows.brought_in(teams, PERIOD)
    return pool_rows.seen_of(inputs, selectors.pools_of(teams, PERIOD), pool_rows.unit_pool_of(unit, PERIOD))


def divided():
    return AuditEntry.objects.filter(verb="unit_pool.set").count()


def total():
    return sum(Pool.objects.values_list("amount", flat=True))


def done_once(outcomes):
    return [outcomes.count("done"), sum(outcome.startswith("polite: ") for outcome in outcomes)] == [1, RUNNERS - 1]


def test_of_fifty_first_divisions_one_counts(unit):
    seen = shown(unit)
    outcomes = race(lambda own: unit_pools.divide(own, PERIOD, 100_000, "heads", actor=None, seen=seen), unit, RUNNERS)
    assert done_once(outcomes), outcomes
    assert (divided(), UnitPool.objects.count(), Pool.objects.count(), total()) == (1, 1, 3, 100_000)


def test_of_fifty_divisions_over_the_same_one_one_counts(unit):
    unit_pools.divide(unit, PERIOD, 90_000, "heads", actor=None)
    seen = shown(unit)
    outcomes = race(lambda own: unit_pools.divide(own, PERIOD, 100_000, "heads", actor=None, seen=seen), unit, RUNNERS)
    assert done_once(outcomes), outcomes
    assert (divided(), total()) == (2, 100_000)


def test_of_fifty_withdrawals_one_counts(unit):
    unit_pools.divide(unit, PERIOD, 90_000, "heads", actor=None)
    outcomes = race(lambda own: unit_pools.withdraw(own, PERIOD, actor=None), unit, RUNNERS)
    assert done_once(outcomes), outcomes
    assert (AuditEntry.objects.filter(verb="unit_pool.withdrawn").count(), Pool.objects.count()) == (1, 0)


def divide_naively(own):
    """Look whether anybody divided before, think for a moment, divide."""
    with transaction.atomic():
        if AuditEntry.objects.filter(verb="unit_pool.set", object_id=own.pk).exists():
            raise StaleState
        teams = list(own.teams.all())
        parts = divide_pool(100_000, "heads", pool_rows.brought_in(teams, PERIOD))
        time.sleep(0.05)
        for team in teams:
            Pool.objects.update_or_create(team=team, period=PERIOD, defaults={"amount": parts[team.pk].amount})
        audit.record("unit_pool.set", own, actor=None)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the write lock lets one transaction in at a time"
)
def test_control_looking_before_dividing_is_not_enough(unit):
    race(divide_naively, unit, RUNNERS)
    assert divided() > 1


# -- Budgets -----------------------------------------------------------------------------------------------------------


def test_of_many_pools_at_once_no_more_pass_than_the_budget_holds():
    unit, refused = make.make_unit(), []
    teams = [make.make_team(unit) for _ in range(20)]
    Budget.objects.create(unit=unit, year=PERIOD // 100, amount=5_000)
    waiting = list(teams)
    lock = threading.Lock()

    def deed(_):
        with lock:
            team = waiting.pop()
        try:
            pools.set_pool(team, PERIOD, 1_000, actor=None)
        except OverBudget:
            refused.append(team)
            raise

    race(deed, Unit.objects.get(pk=unit.pk), len(teams))
    assert (total(), len(refused)) == (5_000, 15)
