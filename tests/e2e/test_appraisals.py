"""A round of leader appraisals from the manager's first form to the leader's result, by tap on the phone."""

import pytest
from playwright.sync_api import expect

from assessments.models import Appraisal, Ballot, LeaderAppraisal
from tests import factories as make
from tests.appraisals import POOR, give_votes
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tick_all(page, name):
    expect(page.locator(".rating-row")).not_to_have_count(0)
    for label in page.locator(".rating-row label", has_text=name).all():
        label.click()


def test_a_round_is_opened_answered_from_three_sides_and_closed(new_page):
    unit = make.make_unit("运行部")
    team = make.make_team(unit, "一值")
    leader, manager = make.make_member(team, "leader"), make.give_role(unit, "manager")
    members = [make.make_member(team) for _ in range(3)]

    visitor = Visitor(new_page(DESKTOP, user=manager))
    visitor.open("/appraisals/")
    page = visitor.page
    visitor.follow("发起测评")
    page.get_by_role("button", name="发起测评").click()
    expect(page.locator(".alert-success")).to_contain_text("已发起，1 名班组长")
    visitor.look()
    page.get_by_role("link", name=f"评价{leader}").click()
    tick_all(page, "一般")
    visitor.look()
    page.get_by_role("button", name="保存评价").click()
    expect(page.locator(".alert-success")).to_be_visible()
    about = LeaderAppraisal.objects.select_related("appraisal", "team__unit").get()

    phone = Visitor(new_page(PHONE, user=leader))
    phone.open("/")
    phone.page.get_by_role("link", name="班组长自评").click()
    tick_all(phone.page, "做得好")
    phone.look()
    phone.page.get_by_role("button", name="提交自评").click()
    expect(phone.page.locator(".alert-success")).to_be_visible()

    voter = Visitor(new_page(PHONE, user=members[0]))
    voter.open("/")
    voter.page.get_by_role("link", name="民主测评").click()
    voter.page.get_by_text("没有人看得到您填了什么").click()
    expect(voter.page.get_by_text("测评票上没有姓名")).to_be_visible()
    voter.page.get_by_role("button", name="交测评").click()
    expect(voter.page.locator(".alert-danger")).to_contain_text("11 处没有填好")
    expect(voter.page.locator("dialog.ask")).to_have_count(0)
    expect(voter.page.get_by_text("第 1 项“要以身作则”还没有选。")).to_be_visible()
    voter.look()
    tick_all(voter.page, "一般")
    voter.page.get_by_role("button", name="交测评").click()
    voter.page.locator("dialog.ask").get_by_role("button", name="交测评").click()
    expect(voter.page.locator(".alert-success")).to_contain_text("测评已提交")
    voter.look()
    assert Ballot.objects.count() == 1
    give_votes(about, members[1:], POOR, "早会短一点")

    visitor.open(f"/appraisals/{about.appraisal_id}/")
    page.get_by_role("button", name="提前结束").click()
    page.locator("dialog.ask").get_by_role("button", name="提前结束").click()
    expect(page.locator(".alert-success")).to_contain_text("测评已结束")
    visitor.look()
    assert Appraisal.objects.get().state == "closed"
    phone.open(f"/appraisals/leaders/{about.pk}/")
    expect(phone.page.get_by_text("早会短一点")).to_have_count(2)
    expect(phone.page.get_by_text("68.00")).to_be_visible()
