"""A leader does what is due; the manager waives what could not be done; the rate says so."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.services import duties
from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_duty_is_done_by_filing_the_check_and_another_is_waived(new_page):
    unit = make.make_unit("运行部")
    make.make_standard(unit)
    team = make.make_team(unit, "一值")
    leader, manager = make.make_member(team, "leader"), make.give_role(unit, "manager")
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    for day in (yesterday, today):
        duties.raise_due(day)
    duties.settle(today)

    visitor = Visitor(new_page(PHONE, user=leader))
    visitor.open("/duties/")
    page = visitor.page
    page.get_by_role("link", name="去办").first.click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".alert-success")).to_be_visible()
    page.goto("/duties/?state=done&kind=self_check")
    expect(page.get_by_role("rowheader", name=f"{today.month}月{today.day}日自查")).to_be_visible()

    visitor = Visitor(new_page(DESKTOP, user=manager))
    visitor.open("/duties/?state=missed")
    page = visitor.page
    page.get_by_label("免办的原因").fill("停机检修")
    page.get_by_role("button", name="免办", exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text("免办，不计入按时率")
    expect(page).to_have_url(re.compile(r"/duties/\?state=missed$"))
    visitor.open("/duties/?state=waived")
    expect(page.get_by_text("停机检修")).to_be_visible()
