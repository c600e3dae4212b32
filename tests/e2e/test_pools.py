"""Handing out a month's money in a browser: typed, from a workbook, and as a unit's pool that moves while one types."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from incentives.models import Pool
from tests import factories as make
from tests.e2e.steps import AT_THE_DESK, Visitor
from tests.factories import PERIOD
from tests.workbooks import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def unit():
    unit = make.make_unit("运行部")
    for name, heads in (("一值", 2), ("二值", 3)):
        team = make.make_team(unit, name)
        for _ in range(heads):
            make.make_member(team)
    return unit


def stored():
    return list(Pool.objects.order_by("team").values_list("amount", flat=True))


@AT_THE_DESK
def test_pools_are_typed_and_then_changed_by_a_workbook(device, new_page, unit):
    visitor = Visitor(new_page(device, user=make.give_role(unit, "finance")))
    page = visitor.page
    visitor.open(reverse("incentives:pools", args=[unit.pk, PERIOD]))
    page.get_by_label("一值奖金总额（元）").fill("1,000.01")
    expect(page.locator("[data-per-head]").first).to_have_text("500.01")
    expect(page.locator("[data-sum]")).to_have_text("1,000.01")
    visitor.agree("下达", "运行部2026年10月：共 1 个班组有奖金，合计 1,000.01 元。")
    visitor.reads("已下达 1 个班组，无变化 1 个", "1,000.01")
    visitor.follow("下达运行部奖金")
    rows = workbook({"奖金": [["班组", "奖金总额（元）"], ["一值", 900], ["二值", "1500"]]}).getvalue()
    file = {"name": "奖金.xlsx", "mimeType": XLSX, "buffer": rows}
    page.locator("input[type=file]").set_input_files(file)
    visitor.press("上传核对")
    visitor.reads("2 个班组有改动，0 个不变，下达后合计 2,400.00 元")
    visitor.agree("下达", "2 个班组的总额有改动，合计 2,400.00 元")
    assert stored() == [90_000, 150_000]


@AT_THE_DESK
def test_what_is_paid_out_adds_up_as_one_ticks(device, new_page):
    unit = make.make_ready_unit(teams=3)
    make.close_month(unit)
    for team in unit.teams.all():
        make.post_bonus(team)
    visitor = Visitor(new_page(device, user=make.give_role(unit, "finance")))
    visitor.open("incentives:settle-many", PERIOD)
    visitor.reads("选中 3 个班组，共 30,000.03 元")
    visitor.page.get_by_label(unit.teams.first().name, exact=True).uncheck()
    visitor.reads("选中 2 个班组，共 20,000.02 元")
    visitor.press("核对选中的班组")
    visitor.reads("20,000.02 元", "登记这 2 个班组已发放")


@AT_THE_DESK
def test_a_unit_pool_moves_while_one_types_and_is_taken_apart(device, new_page, unit):
    visitor = Visitor(new_page(device, user=make.give_role(unit, "finance")))
    page = visitor.page
    visitor.open("incentives:budgets", PERIOD // 100)
    page.get_by_label("运行部 2026 年预算（元）").fill("1100")
    visitor.press("保存预算")
    visitor.open(reverse("incentives:unit-pool", args=[unit.pk, PERIOD]))
    page.get_by_label("单位总额（元）").fill("1000")
    expect(page.locator("#unit-pool-rows")).to_contain_text("还没有关账的得分")
    page.get_by_label("分法").select_option("heads")
    expect(page.locator("#unit-pool-rows")).to_contain_text("600.00")
    visitor.look()
    assert stored() == []
    visitor.agree("下达", "运行部2026年10月的 1000 元一次分到各班组")
    visitor.reads("运行部2026年10月单位总额 1,000.00 元已分到各班组。")
    visitor.reads("2026 年奖金预算已用 90.91%，还剩 100.00 元")
    assert stored() == [40_000, 60_000]
    visitor.open(reverse("incentives:pools", args=[unit.pk, PERIOD]))
    visitor.reads("不能单独改")
    expect(page.get_by_label("一值奖金总额（元）")).not_to_be_editable()
    visitor.open(reverse("incentives:unit-pool", args=[unit.pk, PERIOD]))
    visitor.agree("拆开", "各班组的总额不变，可以逐个改")
    expect(page.get_by_label("一值奖金总额（元）")).to_be_editable()
