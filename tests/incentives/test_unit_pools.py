"""A unit's pool of a month: divided at once, again, taken apart and back; what of it can be changed by hand."""

import datetime

import pytest
from django.urls import reverse

from incentives import selectors
from incentives.errors import IncentiveError, StaleState
from incentives.models import Budget, Distribution, Pool, UnitPool
from incentives.pools import rows as pool_rows
from incentives.services import approvals, distributions, pools, unit_pools
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    unit = make.make_ready_unit(teams=3)
    make.make_member(unit.teams.last())
    return unit


@pytest.fixture
def closed(unit):
    make.close_month(unit)
    return unit


def divide(unit, amount=1_000_000, basis="heads", **options):
    return unit_pools.divide(unit, PERIOD, amount, basis, **{"actor": None} | options)


def stored(unit=None):
    return list(Pool.objects.order_by("team").values_list("amount", flat=True))


def seen(unit):
    teams = list(unit.teams.all())
    inputs = pool_rows.brought_in(teams, PERIOD)
    return pool_rows.seen_of(inputs, selectors.pools_of(teams, PERIOD), pool_rows.unit_pool_of(unit, PERIOD))


def verbs():
    return list(AuditEntry.objects.filter(verb__regex="^(unit_pool|pool|bonus)").values_list("verb", flat=True))


# -- Dividing ----------------------------------------------------------------------------------------------------------


def test_a_unit_pool_becomes_the_pools_of_its_teams_at_once(unit):
    unit_pool = divide(unit)
    assert stored() == [300_000, 300_000, 400_000]
    assert set(Pool.objects.values_list("unit_pool", flat=True)) == {unit_pool.pk}
    row = AuditEntry.objects.get(verb="unit_pool.set")
    assert verbs() == ["unit_pool.set"]
    assert row.after["amount"] == sum(row.after["teams"].values()) == 1_000_000


def test_what_it_was_divided_by_stays_as_it_was(unit):
    unit_pool = divide(unit)
    make.make_member(unit.teams.first())
    unit_pool.refresh_from_db()
    team = unit.teams.first().pk
    assert unit_pool.inputs[str(team)] == {"heads": 93, "coefficients": 330 * 31, "score": None}
    assert pool_rows.brought_in(unit.teams.all(), PERIOD)[team]["heads"] == 124


def test_who_moved_within_the_month_counts_in_each_team_for_the_days_there(unit):
    old, new, _ = unit.teams.all()
    mover = old.memberships.last()
    Membership.objects.filter(pk=mover.pk).update(ended_on=datetime.date(2026, 10, 10))
    make.make_member(new, user=mover.user, coefficient=150, started_on=datetime.date(2026, 10, 11))
    brought = pool_rows.brought_in([old, new], PERIOD)
    assert [brought[team.pk]["heads"] for team in (old, new)] == [2 * 31 + 10, 3 * 31 + 21]
    assert brought[new.pk]["coefficients"] == 330 * 31 + 150 * 21


@pytest.mark.parametrize("basis", ["score", "coefficient"])
def test_scores_count_once_the_month_is_closed(unit, basis):
    with pytest.raises(IncentiveError, match=r"还没有关账的得分。请等关账后再按得分分，或者先选“按人数”"):
        divide(unit, basis=basis)
    assert (stored(), UnitPool.objects.count()) == ([], 0)
    make.close_month(unit)
    unit_pool = divide(unit, basis=basis)
    scores = [row["score"] for row in unit_pool.inputs.values()]
    assert (sum(stored()), sorted(scores, reverse=True)) == (1_000_000, scores)
    assert stored()[0] > stored()[1]


def test_a_team_without_people_gets_no_pool_and_loses_the_one_it_had(unit):
    empty = make.make_team(unit)
    pools.set_pool(empty, PERIOD, 5000, actor=None)
    divide(unit)
    assert stored() == [300_000, 300_000, 400_000]
    assert AuditEntry.objects.get(verb="unit_pool.set").before["teams"] == {str(empty.pk): 5000}


@pytest.mark.parametrize(("amount", "sentence"), [(0, "大于 0"), (-1, "大于 0"), (10**12 + 1, "不超过 100 亿元")])
def test_an_impossible_amount_is_refused(unit, amount, sentence):
    with pytest.raises(IncentiveError, match=sentence):
        divide(unit, amount)


def test_a_unit_without_anybody_cannot_divide():
    with pytest.raises(IncentiveError, match="没有依据可分"):
        divide(make.make_team().unit)


# -- Dividing again ----------------------------------------------------------------------------------------------------


def test_dividing_again_replaces_pools_and_throws_drafts_away(closed):
    first = divide(closed)
    distributions.draft(closed.teams.first(), PERIOD, actor=None)
    assert divide(closed, 2_000_000, "score").pk == first.pk
    assert (sum(stored()), Distribution.objects.count()) == (2_000_000, 0)
    assert sorted(verbs()) == ["bonus.discarded", "bonus.drafted", "unit_pool.set", "unit_pool.set"]


def test_what_somebody_proposed_stays_and_the_refusal_names_the_teams(closed):
    divide(closed)
    before, first, second = stored(), *closed.teams.all()[:2]
    for team in (first, second):
        approvals.propose(distributions.draft(team, PERIOD, actor=None), actor=None)
    trail = AuditEntry.objects.count()
    for deed in (
        lambda: divide(closed, 2_000_000),
        lambda: unit_pools.release(closed, PERIOD, actor=None),
        lambda: unit_pools.withdraw(closed, PERIOD, actor=None),
    ):
        with pytest.raises(IncentiveError, match=f"{first.name}待批准、{second.name}待批准，总额不能再改"):
            deed()
    assert (stored(), AuditEntry.objects.count()) == (before, trail)


def test_what_the_page_did_not_show_is_not_divided(unit):
    shown = seen(unit)
    pools.set_pool(unit.teams.first(), PERIOD, 700, actor=None)
    with pytest.raises(StaleState, match="请看过新的分法再下达"):
        divide(unit, seen=shown)
    with pytest.raises(StaleState):
        divide(unit, seen="")
    shown = seen(unit)
    make.make_member(unit.teams.first())
    with pytest.raises(StaleState):
        divide(unit, seen=shown)
    assert stored() == [700]
    divide(unit, seen=seen(unit))


# -- By hand afterwards ------------------------------------------------------------------------------------------------


def test_a_pool_of_a_unit_pool_is_not_changed_by_hand(unit):
    divide(unit)
    team = unit.teams.first()
    for deed in (
        lambda: pools.set_pool(team, PERIOD, 1, actor=None),
        lambda: pools.withdraw_pool(team, PERIOD, actor=None),
    ):
        with pytest.raises(IncentiveError, match="出自单位总额，单独改了各班组就合不上单位总额"):
            deed()
    assert stored() == [300_000, 300_000, 400_000]
    pools.set_pool(team, PERIOD, 300_000, actor=None)


def test_taken_apart_the_teams_keep_their_pools_and_drafts(closed):
    divide(closed)
    team = closed.teams.first()
    distributions.draft(team, PERIOD, actor=None)
    unit_pools.release(closed, PERIOD, actor=None)
    assert (stored(), UnitPool.objects.count(), Distribution.objects.count()) == ([300_000, 300_000, 400_000], 0, 1)
    assert AuditEntry.objects.get(verb="unit_pool.released").before["amount"] == 1_000_000
    pools.set_pool(team, PERIOD, 1, actor=None)
    assert stored()[0] == 1


def test_taken_back_nothing_is_left(closed):
    divide(closed)
    distributions.draft(closed.teams.first(), PERIOD, actor=None)
    unit_pools.withdraw(closed, PERIOD, actor=None)
    assert (stored(), UnitPool.objects.count(), Distribution.objects.count()) == ([], 0, 0)
    with pytest.raises(StaleState, match="已经拆开或者收回"):
        unit_pools.withdraw(closed, PERIOD, actor=None)


# -- The page ----------------------------------------------------------------------------------------------------------


def send(client, unit, **body):
    client.force_login(make.give_role(unit, "finance"))
    return client.post(reverse("incentives:unit-pool", args=[unit.pk, PERIOD]), body, follow=True).text


def test_trying_shows_the_division_and_stores_nothing(client, unit):
    html = send(client, unit, amount="10000.01", basis="heads", do="try")
    assert ["3,000.00" in html, "4,000.01" in html, "壹万元零壹分" in html] == [True] * 3
    assert (stored(), UnitPool.objects.count()) == ([], 0)


def test_the_page_divides_what_it_showed_and_says_so(client, unit):
    html = send(client, unit, amount="10000", basis="heads", do="set", seen=seen(unit))
    assert "单位总额 10,000.00 元已分到各班组。" in html
    assert stored() == [300_000, 300_000, 400_000]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "", "basis": "heads"}, "请填单位总额"),
        ({"amount": "1e9", "basis": "heads"}, "不是数字"),
        ({"amount": "-5", "basis": "heads"}, "大于 0"),
        ({"amount": "100", "basis": "mood"}, "没有这种分法"),
        ({"amount": "100"}, "请选分法"),
        ({"amount": "100", "basis": "score"}, "还没有关账的得分"),
        ({"amount": "100", "basis": "heads", "reason": "因" * 201}, "超预算的原因最多 200 个字"),
        ({"amount": "100", "basis": "heads", "seen": "old"}, "请看过新的分法再下达"),
    ],
)
def test_what_cannot_be_divided_is_refused_with_a_sentence(client, unit, typed, sentence):
    html = send(client, unit, **{"do": "set", "seen": seen(unit)} | typed)
    assert (sentence in html, "没有下达。" in html) == (True, True)
    assert (stored(), UnitPool.objects.count()) == ([], 0)


def test_an_overdrawn_budget_asks_for_the_reason_and_keeps_showing_the_division(client, unit):
    Budget.objects.create(unit=unit, year=2026, amount=900_000)
    html = send(client, unit, amount="10000", basis="heads", do="set", seen=seen(unit))
    assert ["写明超预算的原因" in html, "4,000.00" in html] == [True, True]
    assert stored() == []
    html = send(client, unit, amount="10000", basis="heads", do="set", seen=seen(unit), reason="抢修嘉奖")
    assert "2026 年奖金预算已用 111.11%，超出 1,000.00 元" in html
    assert AuditEntry.objects.get(verb="unit_pool.set").after["reason"] == "抢修嘉奖"


def test_a_division_that_is_no_longer_todays_is_shown_as_it_was_made(client, unit):
    divide(unit)
    make.make_member(unit.teams.first())
    client.force_login(make.give_role(unit, "finance"))
    html = client.get(reverse("incentives:unit-pool", args=[unit.pk, PERIOD])).text
    assert ["下面是下达时的依据" in html, "3,000.00" in html] == [True, True]


def test_the_page_of_pools_leads_to_the_unit_pool_and_locks_the_fields(client, unit):
    divide(unit)
    client.force_login(make.give_role(unit, "finance"))
    html = client.get(reverse("incentives:pools", args=[unit.pk, PERIOD])).text
    assert ["不能单独改" in html, html.count(" readonly"), "data-confirm-ok" in html] == [True, 3, True]
    assert "用 Excel 填" not in html
