"""The editor of a standard in a browser: sums while typing, steps that keep what was typed, saving, and a second assessor."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import StandardVersion
from assessments.services import standard_editing, standards
from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import AT_THE_DESK, Visitor
from tests.factories import STANDARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@AT_THE_DESK
def test_a_draft_is_arranged_and_saved(device, new_page):
    unit = make.make_unit()
    version = standards.create_version(unit, STANDARD, actor=None)
    visitor = Visitor(new_page(device, user=make.give_role(unit, "assessor")))
    page = visitor.page
    visitor.open(reverse("assessments:standard", args=[version.pk]))
    visitor.follow("编辑草案")
    total = page.locator("[data-total]")
    expect(total).to_have_text("合计 5 条，20 分")

    page.get_by_label("1.1 满分", exact=True).fill("4.5")
    expect(total).to_have_text("合计 5 条，21.5 分")
    page.get_by_label("2.3 方式", exact=True).select_option("award")
    expect(total).to_have_text("合计 5 条，18.5 分，另可加 3 分")

    page.get_by_role("button", name="加一条小项").first.click()
    visitor.reads("还没有保存")
    visitor.look()
    expect(page.get_by_label("1.1 满分", exact=True)).to_have_value("4.5")
    page.get_by_label("1.3 小项", exact=True).fill("动火票")
    visitor.press("保存草案")
    visitor.reads("没有保存，请改好下面 1 处", "1.3 “满分”：请填写。")
    page.get_by_label("1.3 满分", exact=True).fill("2")
    page.locator("#l-1-3 summary").click()
    page.get_by_role("button", name="1.3 上移").click()
    expect(page.get_by_label("1.2 小项", exact=True)).to_have_value("动火票")
    # Enter in a field saves, and is no step that happens to come first.
    with visitor.arriving():
        page.get_by_label("1.2 小项", exact=True).press("Enter")
    visitor.reads("草案已保存：6 条小项，基础分 20.5 分，加分小项 3 分。")
    names = version.criteria.order_by("category__number", "number").values_list("name", flat=True)
    assert list(names) == ["班前会", "动火票", "违章", "巡检", "缺陷", "设备卫生"]


def test_wrong_limits_are_told_while_somebody_types(new_page):
    unit = make.make_unit()
    version = standards.create_version(unit, STANDARD, actor=None)
    visitor = Visitor(new_page(PHONE, user=make.give_role(unit, "assessor")))
    page = visitor.page
    visitor.open(reverse("assessments:standard-edit", args=[version.pk]))
    page.locator("#figures > summary").click()
    cap = page.locator("[name=veto_cap]")
    expect(cap).to_be_hidden()
    for field, wrong, right, note in (
        ("least-2", "９５", "85", "grades"),
        ("star-4", "100", "80", "stars"),
        ("rank_points", "3｜1\n2｜0.9", "3｜1\n4|0.98", "ranks"),
        ("veto_cap", "优秀", "合格", "cap"),
    ):
        told, place = page.locator(f"[data-live={note}]"), page.locator(f"[name={field}]")
        if note == "stars":
            page.locator("[name=star-5]").fill("90")
        if note == "cap":
            page.locator("[name=veto_effect]").select_option("cap")
        place.fill(wrong)
        expect(told).not_to_be_empty()
        place.fill(right)
        expect(told).to_be_empty()
    visitor.look()
    visitor.press("保存草案")
    visitor.reads("草案已保存", "五星 ≥ 90、四星 ≥ 80", "第 1～3 名 1.00、第 4 名起 0.98", "等级最高只到某一级")
    version.refresh_from_db()
    assert (version.stars, version.veto_cap) == ([[5, 9000], [4, 8000]], "合格")
    assert version.rank_points == [[3, 100], [4, 98]]


def test_a_chapter_is_deleted_after_asking_and_an_unsaved_page_warns(new_page):
    unit = make.make_unit()
    version = standards.create_version(unit, STANDARD, actor=None)
    visitor = Visitor(new_page(PHONE, user=make.give_role(unit, "assessor")))
    visitor.open(reverse("assessments:standard-edit", args=[version.pk]))
    visitor.page.get_by_role("button", name="删除第 2 大项").click()
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_contain_text("第 2 大项“生产”连同 3 条小项")
    with visitor.arriving():
        dialog.get_by_role("button", name="删除", exact=True).click()
    expect(visitor.page.locator(".standard-chapter")).to_have_count(1)
    assert version.categories.count() == 2
    visitor.press("保存草案")
    assert version.categories.count() == 1


def test_an_inherited_line_is_put_back_to_the_words_from_above(new_page):
    root = make.make_unit()
    unit = make.make_unit(parent=root)
    version = make.make_standard(root)
    visitor = Visitor(new_page(DESKTOP, user=make.give_role(unit, "assessor")))
    page = visitor.page
    visitor.open(reverse("assessments:standard", args=[version.pk]))
    visitor.press("下发")
    page.get_by_label("1.1 小项", exact=True).fill("我们的班前会")
    visitor.press("保存草案")
    expect(visitor.row("我们的班前会")).to_contain_text("已改")
    expect(visitor.row("违章")).to_contain_text("继承")
    visitor.follow("比较版本")
    visitor.reads("1 处不同", "小项：班前会 → 我们的班前会")
    visitor.open(reverse("assessments:standard-edit", args=[StandardVersion.objects.latest("id").pk]))
    page.locator("#l-1-1 summary").click()
    with visitor.arriving():
        page.get_by_role("button", name="恢复上级的写法").click()
    expect(page.get_by_label("1.1 小项", exact=True)).to_have_value("班前会")
    visitor.press("保存草案")
    expect(visitor.row("班前会")).to_contain_text("继承")


def test_the_second_of_two_assessors_keeps_what_was_typed(new_page):
    unit = make.make_unit()
    version = standards.create_version(unit, STANDARD, actor=None)
    visitor = Visitor(new_page(DESKTOP, user=make.give_role(unit, "assessor")))
    visitor.open(reverse("assessments:standard-edit", args=[version.pk]))
    standard_editing.save(
        version,
        standard_editing.content_of(standards.create_version(unit, STANDARD | {"awards_cap": 5}, actor=None)),
        standard_editing.fingerprint(standard_editing.content_of(version)),
        actor=None,
    )
    visitor.page.get_by_label("1.1 满分", exact=True).fill("9")
    visitor.press("保存草案")
    visitor.reads("这个草案刚在别的页面上改过")
    expect(visitor.page.get_by_label("1.1 满分", exact=True)).to_have_value("9")
    version.refresh_from_db()
    assert version.awards_cap == 500
