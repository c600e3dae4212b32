"""What was typed into a refused form stands in it again, also where the form is folded up; a form that saves itself loses nothing."""

import pytest
from playwright.sync_api import expect

from tests import applying
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


class Slow:
    """The leader at a draft that saves itself over a slow network: what is sent waits until it is let through."""

    def __init__(self, new_page):
        scene = applying.Scene()
        self.application = scene.draft()
        visitor = Visitor(new_page(PHONE, user=scene.leader))
        visitor.open("assessments:application-edit", self.application.pk)
        self.page, self.held, self.is_slow = visitor.page, [], True
        self.page.route("**/edit/", self.hold)
        self.story = self.page.get_by_label("事迹", exact=True)

    def hold(self, route):
        self.held.append(route) if self.is_slow and route.request.method == "POST" else route.continue_()

    def types(self, text):
        """Until the page begins to save it."""
        with self.page.expect_request(lambda request: request.method == "POST"):
            self.story.fill(text)

    def kept(self):
        self.application.refresh_from_db()
        return self.application.story


def test_what_is_typed_while_the_page_saves_itself_is_not_left_by_mistake(new_page):
    slow, asked = Slow(new_page), []
    slow.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    slow.types("一年无违章。")
    slow.story.fill("一年无违章，帮带两人。")
    moment = slow.page.locator("[name=seen]")
    first = moment.input_value()
    slow.held[0].continue_()
    expect(moment).not_to_have_value(first)
    slow.page.reload()
    assert asked == ["beforeunload"]
    assert slow.kept() == "一年无违章。"


def test_a_form_pressed_while_it_saves_itself_is_sent_when_that_is_done(new_page):
    slow = Slow(new_page)
    slow.types("一年无违章。")
    slow.story.fill("一年无违章，帮带两人。")
    slow.page.get_by_role("button", name="保存草稿").tap()
    slow.page.wait_for_timeout(200)
    assert len(slow.held) == 1
    slow.is_slow = False
    with slow.page.expect_navigation():
        slow.held[0].continue_()
    expect(slow.page.get_by_text("已保存。", exact=True)).to_be_visible()
    assert slow.kept() == "一年无违章，帮带两人。"


def test_what_is_refused_while_the_page_saves_itself_is_told_in_the_bar(new_page):
    slow = Slow(new_page)
    slow.is_slow = False
    score, note = slow.page.locator("[name=score-0]"), slow.page.locator("#saving-note")
    score.fill("41")
    expect(note).to_have_text("没有保存：“安全文明生产好”要在 0 到 40 分之间。")
    expect(note).to_be_in_viewport()
    score.fill("35")
    expect(note).to_have_text("提交前看看还差什么")
