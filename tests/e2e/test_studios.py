"""A studio in the browser: founded by the union, filled by its leader, verified by finance, ripe, named, revoked."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Studio, StudioRule
from assessments.services import studios
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor, photo_file
from tests.studios import DAY, Scene, idle, log_kind, now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_folded(page, name):
    page.locator("summary", has_text=name).first.click()


def found(visitor, scene):
    visitor.open(reverse("assessments:studios"))
    visitor.follow("建工作室")
    page = visitor.page
    page.get_by_label("领军人工号").fill(scene.leader.employee_no)
    page.get_by_label("成立日期").fill(f"{scene.founded_on}")
    visitor.press("建工作室")
    visitor.reads("工作室已登记", f"{scene.leader.name}创新工作室")
    return Studio.objects.get()


def fill(visitor, scene, studio):
    """What the leader enters: sign, place, members, the rules, a result."""
    page, home = visitor.page, reverse("assessments:studio", args=[studio.pk])
    visitor.open(home)
    visitor.reads("没有挂牌照片", "还差 2 名成员", "七项制度还差 7 项")
    visitor.follow("改资料")
    page.get_by_label("场所").fill("检修楼 305")
    page.get_by_label("设备清单").fill("工作台、红外热像仪")
    page.get_by_label("挂牌照片").set_input_files(photo_file())
    visitor.press("保存")
    for person in (scene.mate, scene.third):
        open_folded(page, "加成员")
        page.get_by_label("工号").fill(person.employee_no)
        page.get_by_label("加入日期").fill(f"{scene.founded_on}")
        visitor.press("加成员")
    visitor.open("assessments:studio-rule", studio.pk, "organisation")
    page.get_by_label("内容").fill("领军人负总责。")
    visitor.press("保存")
    visitor.reads("制度已更新", "领军人负总责。")
    for kind in StudioRule.Kind.values[1:]:
        studios.set_rule(studio, kind, text="按章办", set_on=scene.today, actor=scene.leader)
    visitor.open("assessments:studio-result-new", studio.pk)
    page.get_by_label("成果").fill("阀门研磨机")
    page.get_by_label("说明").fill("一人半天研好一只")
    page.get_by_label("申报年效益（元）").fill("85000")
    page.get_by_label("证明材料").set_input_files(photo_file())
    visitor.press("登记成果")
    visitor.reads("等财务或单位负责人核实")


def test_a_studio_from_its_founding_to_its_end(new_page):
    scene = Scene()
    log_kind(scene.root, scene.union)
    union = Visitor(new_page(DESKTOP, user=scene.union))
    studio = found(union, scene)
    leader = Visitor(new_page(PHONE, user=scene.leader))
    fill(leader, scene, studio)

    union.open("assessments:studio-money", studio.pk)
    union.page.get_by_label("科目").select_option(label="工会拨款")
    union.page.get_by_label("金额（元）").fill("10000")
    union.page.get_by_label("用途").fill("启动经费")
    union.page.get_by_label("凭证或文号").fill("工字 1 号")
    union.press("记账")
    union.reads("10,000.00")

    finance = Visitor(new_page(DESKTOP, user=scene.finance))
    finance.open("assessments:studio-result", studio.results.get().pk)
    finance.page.get_by_label("核实年效益（元）").fill("80000")
    finance.page.get_by_label("核实意见").fill("少算一个月")
    finance.press("核实")
    finance.reads("成果已核实", "80,000.00")

    page = union.page
    union.open("assessments:studio", studio.pk)
    open_folded(page, "认定成熟")
    page.locator("#reason-mature").fill("七有齐全")
    union.press("认定成熟")
    union.reads("七有还没有齐", "台账")
    first = scene.today.replace(day=1)
    for _ in range(3):
        first = (first - DAY).replace(day=1)
        scene.log(studio, max(first, scene.today - 92 * DAY))
    union.open("assessments:studio-board")
    expect(page.locator(".lamp.is-lit")).to_have_count(7)
    union.open("assessments:studio", studio.pk)
    open_folded(page, "认定成熟")
    page.locator("#reason-mature").fill("七有齐全")
    union.press("认定成熟")
    union.reads("已认定成熟")

    studios.named(now(studio), "公司级创新工作室，工发〔2026〕9 号", actor=scene.union)
    idle(studio)
    union.open("assessments:studio", studio.pk)
    union.reads("已命名", "十二个月里没有核实过的成果")
    open_folded(page, "限期整改")
    page.get_by_label("整改期限").fill(f"{scene.today + 90 * DAY}")
    page.locator("#rectify-text").fill("十二个月没有成果")
    union.press("限期整改")
    union.reads("已要求整改", "整改中")
    leader.open("assessments:studio", studio.pk)
    leader.reads("前整改：十二个月没有成果")
    open_folded(page, "撤销")
    page.locator("#reason-revoke").fill("整改没有起色")
    union.agree("撤销", "成员全部离开")
    union.reads("已撤销", "整改没有起色")
    assert now(studio).state == Studio.State.REVOKED
    assert not studio.members.filter(left_on__isnull=True).exists()
    union.open(reverse("assessments:studios"))
    expect(page.get_by_text(studio.name)).to_have_count(0)
