"""What was typed into a refused form stands in it again, also where the form is folded up."""

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE
from tests.e2e.steps import Visitor
from tests.ideas import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "先在 2 号机上试，效果好再推开"


def test_a_refused_review_keeps_its_words(new_page):
    scene = Scene()
    idea = scene.submitted()
    visitor = Visitor(new_page(PHONE, user=scene.reviewer))
    visitor.open("activities:idea", idea.pk)
    page = visitor.page
    page.get_by_label("评审意见").fill(WORDS)
    page.get_by_label("实施人").select_option(str(scene.owner.pk))
    with visitor.arriving():
        page.get_by_role("button", name="采纳", exact=True).click()
    expect(page.locator(".alert-danger")).to_be_visible()
    expect(page.get_by_label("评审意见")).to_have_value(WORDS)
    expect(page.get_by_label("实施人")).to_have_value(str(scene.owner.pk))
    expect(page.locator("[data-typed]")).to_have_count(0)


def test_a_fold_opens_for_what_was_typed_in_it(new_page):
    scene = Scene()
    idea = scene.adopted()
    visitor = Visitor(new_page(PHONE, user=scene.reviewer))
    visitor.open("activities:idea", idea.pk)
    page = visitor.page
    page.get_by_text("改实施人或日期").click()
    page.get_by_label("评审意见").fill(WORDS)
    page.get_by_label("完成日期").fill("")
    with visitor.arriving():
        page.get_by_role("button", name="改实施安排").click()
    expect(page.get_by_label("评审意见")).to_be_visible()
    expect(page.get_by_label("评审意见")).to_have_value(WORDS)
    expect(page.get_by_label("完成日期")).to_have_value("")
