"""Budgets: set by finance for a unit and a year; pools of the unit and below count, with a warning and a limit."""

import pytest
from django.urls import reverse

from incentives.errors import IncentiveError, OverBudget
from incentives.models import Budget, Pool
from incentives.services import pools, unit_pools
from incentives.services.budgets import set_budgets
from incentives.spending.budgets import spending_of, tight_budgets
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
YEAR = PERIOD // 100


@pytest.fixture
def plant():
    return make.make_unit("本厂")


@pytest.fixture
def unit(plant):
    return make.make_unit("运行部", parent=plant)


@pytest.fixture
def teams(unit):
    return [make.make_team(unit), make.make_team(unit)]


def budget(unit, amount, year=YEAR):
    set_budgets([(unit, amount)], year, actor=None)


def stored():
    return list(Pool.objects.order_by("team", "period").values_list("amount", flat=True))


# -- Setting -----------------------------------------------------------------------------------------------------------


def test_budgets_are_set_changed_and_removed_with_a_row_each(plant, unit):
    assert set_budgets([(plant, 5000), (unit, 1000)], YEAR, actor=None) == 2
    assert set_budgets([(plant, 5000), (unit, 2000)], YEAR, actor=None) == 1
    assert set_budgets([(plant, None), (unit, 2000)], YEAR, actor=None) == 1
    assert list(Budget.objects.values_list("unit", "amount")) == [(unit.pk, 2000)]
    rows = AuditEntry.objects.order_by("id").values_list("verb", "before", "after")
    assert list(rows) == [
        ("budget.set", {}, {"amount": 5000}),
        ("budget.set", {}, {"amount": 1000}),
        ("budget.set", {"amount": 1000}, {"amount": 2000}),
        ("budget.removed", {"amount": 5000}, {}),
    ]


@pytest.mark.parametrize("amount", [0, -1, 10**14 + 1])
def test_an_impossible_budget_is_refused(unit, amount):
    with pytest.raises(IncentiveError, match="预算应大于 0、不超过 1 万亿元"):
        budget(unit, amount)


# -- What counts -------------------------------------------------------------------------------------------------------


def test_the_pools_of_a_year_count_for_the_unit_and_everything_above(plant, unit, teams):
    pools.set_pool(teams[0], PERIOD, 300, actor=None)
    pools.set_pool(teams[1], PERIOD - 1, 500, actor=None)
    pools.set_pool(teams[1], 202512, 7000, actor=None)
    pools.set_pool(make.make_team(plant), PERIOD, 10, actor=None)
    budget(plant, 1000)
    found = spending_of([plant.pk, unit.pk], YEAR)
    assert [(row.budget, row.used) for row in found.values()] == [(1000, 810), (None, 800)]
    assert (found[plant.pk].percent, found[plant.pk].room, found[unit.pk].percent) == (8100, 190, None)


def test_from_ninety_percent_on_a_budget_is_tight(plant, unit, teams):
    budget(unit, 1000)
    budget(plant, 1001)
    pools.set_pool(teams[0], PERIOD, 899, actor=None)
    assert tight_budgets(unit, YEAR) == []
    pools.set_pool(teams[0], PERIOD, 900, actor=None)
    assert [found for found, _ in tight_budgets(unit, YEAR)] == [unit]
    pools.set_pool(teams[0], PERIOD, 1000, actor=None)
    assert [(found, row.is_over) for found, row in tight_budgets(unit, YEAR)] == [(unit, False), (plant, False)]


# -- The limit ---------------------------------------------------------------------------------------------------------


def test_more_than_the_budget_needs_a_reason_that_the_trail_keeps(unit, teams):
    budget(unit, 1000)
    pools.set_pool(teams[0], PERIOD, 600, actor=None)
    sentence = "预算 10.00 元，已下达 6.00 元，这次再增加 4.01 元就超出 0.01 元。确实要超的，写明超预算的原因"
    with pytest.raises(OverBudget, match=sentence):
        pools.set_pool(teams[1], PERIOD, 401, actor=None)
    assert stored() == [600]
    pools.set_pool(teams[1], PERIOD, 400, actor=None, reason="没有超")
    pools.set_pool(teams[1], PERIOD, 401, actor=None, reason="抢修嘉奖")
    assert [row.after for row in AuditEntry.objects.filter(verb="pool.set").order_by("id")] == [
        {"amount": 600},
        {"amount": 400},
        {"amount": 401, "reason": "抢修嘉奖"},
    ]


def test_the_budget_of_a_unit_above_holds_below(plant, teams):
    budget(plant, 1000)
    with pytest.raises(OverBudget, match="本厂 2026 年预算"):
        pools.set_pools([(team, 501) for team in teams], PERIOD, actor=None)
    assert stored() == []


def test_less_may_always_be_set_and_taken_back(unit, teams):
    pools.set_pools([(team, 900) for team in teams], PERIOD, actor=None)
    budget(unit, 1000)
    pools.set_pool(teams[0], PERIOD, 800, actor=None)
    pools.set_pools([(teams[0], 850), (teams[1], 800)], PERIOD, actor=None)
    pools.withdraw_pool(teams[0], PERIOD, actor=None)
    assert stored() == [800]


def test_a_unit_pool_counts_only_what_it_adds(unit, teams):
    for team in teams:
        make.make_member(team)
    pools.set_pool(teams[0], PERIOD, 900, actor=None)
    budget(unit, 1000)
    unit_pools.divide(unit, PERIOD, 1000, "heads", actor=None)
    with pytest.raises(OverBudget):
        unit_pools.divide(unit, PERIOD, 1001, "heads", actor=None)
    assert stored() == [500, 500]


# -- The pages ---------------------------------------------------------------------------------------------------------


def visit(client, user, *args):
    client.force_login(user)
    return client.get(reverse("incentives:budgets", args=[YEAR]))


def test_finance_sets_budgets_and_an_outdated_page_overwrites_none(client, plant, unit):
    client.force_login(make.give_role(plant, "finance"))
    address = reverse("incentives:budgets", args=[YEAR])
    shown = {f"was-{plant.pk}": "", f"was-{unit.pk}": ""}
    html = client.post(address, shown | {f"unit-{unit.pk}": "1,000.50", f"unit-{plant.pk}": ""}, follow=True).text
    assert "2026 年奖金预算：1 个单位有改动。" in html
    html = client.post(address, shown | {f"unit-{unit.pk}": "7"}).text
    assert ["有人刚刚改过奖金预算" in html, "一个也没有保存" in html] == [True, True]
    assert Budget.objects.get().amount == 100_050


def test_a_unit_that_is_none_of_ones_own_is_refused(client, unit):
    other = make.make_unit()
    client.force_login(make.give_role(unit, "finance"))
    html = client.post(reverse("incentives:budgets", args=[YEAR]), {f"unit-{other.pk}": "5"}).text
    assert ("您管的单位刚刚有变动" in html, Budget.objects.count()) == (True, 0)


def test_managers_read_their_units_only_and_cannot_type(client, plant, unit, teams):
    budget(unit, 1000)
    budget(plant, 9999)
    pools.set_pool(teams[0], PERIOD, 1500, actor=None, reason="嘉奖")
    html = visit(client, make.give_role(unit, "manager")).text
    assert ["150%" in html, "超预算" in html, "99.99" in html, "保存预算" in html] == [True, True, False, False]


def test_a_leader_has_no_budgets_to_see(client, teams):
    assert visit(client, make.make_member(teams[0], "leader")).status_code == 403


def test_a_year_that_nobody_lives_in_is_not_found(client, unit):
    client.force_login(make.give_role(unit, "finance"))
    assert client.get("/bonus/budgets/99999/").status_code == 404


def test_the_page_of_pools_asks_for_the_reason_and_warns(client, unit, teams):
    budget(unit, 100_000)
    client.force_login(make.give_role(unit, "finance"))
    address, body = reverse("incentives:pools", args=[unit.pk, PERIOD]), {f"team-{teams[0].pk}": "950"}
    html = client.post(address, body, follow=True).text
    assert "2026 年奖金预算已用 95%，还剩 50.00 元" in html
    body = {f"team-{teams[0].pk}": "1050", f"was-{teams[0].pk}": "950.00"}
    html = client.post(address, body, follow=True).text
    assert ["写明超预算的原因。 一个也没有保存" in html, 'value="1050"' in html, stored()] == [True, True, [95_000]]
    client.post(address, body | {"reason": "抢修嘉奖"})
    assert stored() == [105_000]
