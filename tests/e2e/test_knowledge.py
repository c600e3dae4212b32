"""Knowledge on the phone: found by a word inside a word, read and signed with one tap, printed as cards."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities.models import ReadReceipt
from tests.activities.knowledge import Kind, make_plant, publish
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_member_finds_a_rule_and_signs_it(new_page):
    plant = make_plant()
    publish(plant, title="给煤机断煤处理细则", kind=Kind.RULE, must_read=True, body="停机以后先断电挂牌。")
    visitor = Visitor(new_page(PHONE, user=plant.worker))
    visitor.open(reverse("activities:knowledge"))
    page = visitor.page
    page.get_by_role("searchbox").fill("煤机")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("mark").first).to_have_text("煤机")
    page.get_by_role("link", name="给煤机断煤处理细则").click()
    page.get_by_role("button", name="我看过了，签收").click()
    expect(page.get_by_text("您已签收")).to_be_visible()
    visitor.look()
    assert ReadReceipt.objects.get().user == plant.worker


def test_chosen_cards_fill_a_sheet_of_four(new_page):
    plant = make_plant()
    for number in range(5):
        publish(plant, title=f"卡片{number}", kind=Kind.EMERGENCY_CARD, steps=["停机", "断电挂牌", "报告班长"])
    visitor = Visitor(new_page(DESKTOP, user=plant.worker))
    visitor.open(reverse("activities:knowledge-cards"))
    page = visitor.page
    for number in range(5):
        page.get_by_label(f"卡片{number}", exact=True).check()
    page.get_by_role("button", name="打印勾选的").click()
    expect(page.locator(".pocket-card")).to_have_count(5)
    visitor.look()
    page.emulate_media(media="print")
    expect(page.locator(".page-head")).to_be_hidden()
    sheets = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert sheets == 2
