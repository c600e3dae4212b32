"""The trial of a draft in a browser: from the standard to the moves, the members of a team, and those with a change only."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.services import standards
from tests import factories as make
from tests.e2e.steps import AT_THE_DESK, Visitor
from tests.factories import STANDARD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@AT_THE_DESK
def test_a_draft_is_tried_before_it_holds(device, new_page):
    unit = make.make_ready_unit()
    make.close_month(unit)
    for team in unit.teams.all():
        make.post_bonus(team)
    lines = [{"name": "安全", "criteria": [["违章", 4], ["应急演练", 4]]}, STANDARD["categories"][1]]
    changes = {"categories": lines, "member": {"base": 90, "min": 0, "max": 120}, "stars": [[5, 100], [4, 90]]}
    version = standards.create_version(unit, STANDARD | changes, actor=None)
    visitor = Visitor(new_page(device, user=make.give_role(unit, "manager")))
    page = visitor.page
    visitor.open(reverse("assessments:standard", args=[version.pk]))
    visitor.follow("试算")
    visitor.reads("只算给您看，什么也没有改。", "98.50 → 101.00", "优秀，没有星 → ★★★★★ 5 星", "6 人次")
    page.get_by_text("对不上的小项：没算 1 条，新增 1 条").click()
    visitor.reads("1.1 班前会：2 条，新标准里没有这一条", "1.2 应急演练（4 分）")
    members = page.locator(".what-if-members").first
    members.locator("summary").click()
    expect(members.locator("li")).to_have_count(3)
    visitor.look()
    with visitor.arriving():
        page.get_by_label("只看有变化的").check()
    expect(page.get_by_label("只看有变化的")).to_be_checked()
    expect(page.locator("tbody tr")).to_have_count(2)
