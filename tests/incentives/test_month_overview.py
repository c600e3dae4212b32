"""A month of many teams: sums by unit, filters, pages, and the workbook of it."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone

from incentives.models import Distribution
from incentives.progress import STANDINGS
from incentives.services import approvals, distributions, pools
from incentives.services.budgets import set_budgets
from incentives.services.publishing import publish_month
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    """Two units below a plant: of the first two teams divided and one open, the second without any pool."""
    plant = make.make_unit("本厂")
    unit = make.make_ready_unit(teams=3)
    make.make_unit("检修部", parent=plant)
    unit.parent, unit.name = plant, "运行部"
    unit.save()
    make.make_team(plant.children.get(name="检修部"), "热控班")
    make.close_month(unit)
    for number, team in enumerate(unit.teams.all(), start=1):
        pools.set_pool(team, PERIOD, 100_000 * number, actor=None)
    first, second, _ = unit.teams.all()
    make.post_bonus(first, amount=100_000)
    distributions.draft(second, PERIOD, actor=None)
    Distribution.objects.filter(team=second).update(reserve=20_000)
    return plant


def see(client, user, **asked):
    client.force_login(user)
    return client.get(reverse("incentives:month", args=[PERIOD]), asked)


def shown(response):
    return [row.team.name for row in response.context["page"]]


def sums(response):
    return {
        row.unit.name: (row.pool, row.shared, row.reserve, row.posted, row.settled)
        for row, _ in response.context["sums"]
    }


def test_units_are_summed_up(client, plant):
    response = see(client, make.give_role(plant, "finance"))
    assert sums(response) == {
        "运行部": (600_000, 280_000, 20_000, 100_000, 0),
        "检修部": (0, 0, 0, 0, 0),
    }
    total = response.context["total"]
    assert (total.teams, total.without, total.pool, total.posted) == (4, 1, 600_000, 100_000)


def test_what_is_settled_is_part_of_what_is_posted(client, plant):
    unit = plant.children.get(name="运行部")
    posted = Distribution.objects.get(state="posted")
    approvals.settle(posted, paid_on=timezone.localdate(), actor=None)
    assert sums(see(client, make.give_role(unit, "manager")))["运行部"] == (600_000, 280_000, 20_000, 100_000, 100_000)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"state": "pool"}, 1),
        ({"state": "draft"}, 1),
        ({"state": "propose"}, 1),
        ({"state": "publish"}, 1),
        ({"state": "settle"}, 0),
        ({"state": "done"}, 0),
        ({"q": "热控"}, 1),
        ({"q": "运行部"}, 3),
        ({"q": "运行部", "state": "propose"}, 1),
        ({"q": "没有的"}, 0),
    ],
)
def test_filters_narrow_teams_and_sums(client, plant, asked, count):
    response = see(client, make.give_role(plant, "finance"), **asked)
    assert (len(shown(response)), response.context["total"].teams) == (count, count)
    pools = sum(row.pool.amount for row in response.context["page"] if row.pool)
    assert response.context["total"].pool == sum(row.pool for row, _ in response.context["sums"]) == pools
    assert ("没有符合条件的班组" in response.text) == (count == 0)


def test_filters_and_months_do_not_change_how_many_wait_to_be_paid(client, plant):
    finance = make.give_role(plant, "finance")
    assert "登记发放（1）" in see(client, finance, state="propose").text
    other = client.get(reverse("incentives:month", args=[PERIOD - 1]))
    assert (other.context["total"].pool, other.context["to_settle"]) == (0, 0)


def test_a_unit_can_be_chosen_and_a_foreign_one_cannot(client, plant):
    finance, other = make.give_role(plant, "finance"), make.make_team().unit
    unit = plant.children.get(name="检修部")
    assert shown(see(client, finance, unit=unit.pk)) == ["热控班"]
    for wrong in (other.pk, "x", "9" * 30):
        response = see(client, finance, unit=wrong)
        assert ("没有这个单位" in response.text, len(shown(response))) == (True, 4)


def test_fifty_teams_fill_a_page(client, plant):
    unit = plant.children.get(name="检修部")
    for _ in range(50):
        make.make_team(unit)
    finance = make.give_role(plant, "finance")
    first, second = see(client, finance), see(client, finance, page=2)
    assert (len(shown(first)), len(shown(second)), first.context["total"].teams) == (50, 4, 54)


def test_a_leader_sees_the_own_team_and_no_budget(client, plant):
    unit = plant.children.get(name="运行部")
    set_budgets([(unit, 600_000)], PERIOD // 100, actor=None)
    leader = unit.teams.first().memberships.get(role="leader").user
    response = see(client, leader)
    assert (len(shown(response)), "全年预算" in response.text, "奖金预算" in response.text) == (1, False, False)
    assert "快用完" in see(client, make.give_role(unit, "manager")).text


# -- The workbook ------------------------------------------------------------------------------------------------------


def export(client, user, **asked):
    client.force_login(user)
    return client.post(reverse("incentives:month-export", args=[PERIOD]), asked)


def test_the_export_adds_up_in_figures_and_in_words(client, plant):
    response = export(client, make.give_role(plant, "finance"))
    sheets = read_workbook(io.BytesIO(response.content))
    team = plant.children.get(name="运行部").teams.first()
    assert sheets["班组"][3] == ["运行部", team.name, str(team.pk), 3.0, 1000.0, 1000.0, 0.0, 1000.0, 0.0, "已入账"]
    assert sheets["班组"][6][4:] == ["", "", "", "", "", "未下达"]
    assert sheets["班组"][7][:5] == ["合计", "", "", "", 6000.0]
    assert sheets["班组"][9][:2] == ["合计（大写）", "陆仟元整"]
    assert sheets["单位"][3][:4] == ["运行部", 3.0, 0.0, 6000.0]
    assert sheets["单位"][5][-1] == "陆仟元整"
    row = AuditEntry.objects.get(verb="pools.exported")
    assert row.after == {"period": PERIOD, "teams": 4}


def test_the_export_holds_what_was_asked_for(client, plant):
    finance = make.give_role(plant, "finance")
    sheets = read_workbook(io.BytesIO(export(client, finance, state="propose").content))
    assert [row[9] for row in sheets["班组"][3:4]] == ["待提交"]
    assert sheets["班组"][4][0] == "合计"
    assert AuditEntry.objects.get(verb="pools.exported").after["state"] == "propose"
    for asked in ({"q": "没有的"}, {"unit": "x"}):
        assert export(client, finance, **asked).url == reverse("incentives:month", args=[PERIOD])
    assert AuditEntry.objects.filter(verb="pools.exported").count() == 1


def test_nobody_exports_more_than_the_own_teams(client, plant):
    leader = plant.children.get(name="运行部").teams.first().memberships.get(role="leader").user
    sheets = read_workbook(io.BytesIO(export(client, leader).content))
    assert sheets["班组"][4][0] == "合计"


def test_a_proposed_distribution_is_found_by_its_state(client, plant):
    approvals.propose(Distribution.objects.get(state="draft"), actor=None)
    assert len(shown(see(client, make.give_role(plant, "finance"), state="approve"))) == 1


def test_badge_filter_and_workbook_say_the_same_word_of_a_team(client, plant):
    finance, settled = make.give_role(plant, "finance"), plant.children.get(name="运行部").teams.first()
    publish_month(settled, PERIOD, actor=None)
    words = {STANDINGS[row.standing][1] for row in see(client, finance).context["page"]}
    assert words == {"未下达", "待拟定", "待提交", "已张榜"}
    for key, (_, word) in STANDINGS.items():
        page = see(client, finance, state=key)
        assert {row.word for row in page.context["page"]} == ({word} & words)
        assert page.text.count(f"</i>{word}</span>") == len(page.context["page"])
        if word in words:
            sheets = read_workbook(io.BytesIO(export(client, finance, state=key).content))
            assert sheets["班组"][3][9] == word
    assert "下达 → 拟定 → 会签 → 批准 → 入账 → 张榜 → 发放" in see(client, finance).text
