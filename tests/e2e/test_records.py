"""A leader records the meeting before the shift in a few taps; a member signs in by the code on the screen."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities.models import Activity
from activities.services import kinds, sign_ins
from tests import factories as make
from tests.browser import PHONE
from tests.e2e.steps import Visitor
from tests.recording import VALUES, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Banzu-2026"


@pytest.fixture
def crew():
    """A team of ten with the shipped kinds, which had its meeting before."""
    crew = type("Crew", (), {})()
    crew.unit = make.make_unit("运行部")
    crew.team = make.make_team(crew.unit, "一值")
    crew.leader = make.make_member(crew.team, "leader")
    crew.members = [make.make_member(crew.team) for _ in range(9)]
    kinds.install_presets(crew.unit, actor=crew.leader)
    crew.kind = kinds.ActivityKind.objects.get(code="pre_shift")
    everybody = [crew.leader, *crew.members]
    crew.before = write(crew.kind, crew.team, actor=crew.leader, people=everybody, values=VALUES)
    return crew


class Taps:
    """Counts what a thumb does."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def tap(self, locator):
        self.count += 1
        with self.page.expect_navigation():
            locator.first.tap()


def test_a_meeting_of_ten_is_recorded_in_under_six_taps(new_page, crew):
    visitor = Visitor(new_page(PHONE, user=crew.leader))
    visitor.open("home")
    page, taps = visitor.page, Taps(visitor.page)
    taps.tap(page.locator(".tab-bar").get_by_role("link", name="活动", exact=True))
    taps.tap(page.locator(".quick-kinds").get_by_role("link", name="班前会", exact=True))
    visitor.look()
    taps.tap(page.get_by_role("button", name="登记", exact=True))
    expect(page.locator(".alert-success")).to_contain_text("班前会已登记")
    assert taps.count < 6
    found = Activity.objects.exclude(pk=crew.before.pk).get()
    assert found.participants.count() == 10
    assert found.values == VALUES


def test_a_member_signs_in_by_the_code_on_the_screen(new_page, crew):
    member = crew.members[0]
    member.set_password(PASSWORD)
    member.save()
    found = write(crew.kind, crew.team, actor=crew.leader, people=[crew.leader], values=VALUES)
    leader = Visitor(new_page(PHONE, user=crew.leader))
    leader.open(reverse("activities:sign-in-code", args=[found.pk]))
    leader.press("开放签到")
    expect(leader.page.get_by_alt_text("签到二维码")).to_be_visible()
    found.refresh_from_db()
    assert leader.page.get_by_text(str(found.sign_in_key)).is_visible()

    phone = Visitor(new_page(PHONE))
    phone.page.goto(reverse("activities:sign-in", args=[found.sign_in_key]))
    phone.page.get_by_label("工号").fill(member.employee_no)
    phone.page.get_by_label("密码").fill(PASSWORD)
    phone.press("登录")
    phone.press(f"{member.name}，我到了")
    expect(phone.page.get_by_role("status")).to_contain_text("已签到")
    leader.follow("看谁到了")
    leader.reads("已到 2 人", member.name)
    assert found.participants.get(user=member).how == "signed"
    assert sign_ins.sign_in(found.sign_in_key, user=member).how == "signed"


def test_a_record_is_edited_voided_and_its_task_ended_on_a_phone(new_page, crew):
    visitor = Visitor(new_page(PHONE, user=crew.leader))
    visitor.open(reverse("activities:activity-edit", args=[crew.before.pk]))
    page = visitor.page
    page.get_by_text("跟进事项：").tap()
    page.get_by_label("事项 1").fill("修灯")
    page.locator("select[name=owner-1]").select_option(label=crew.members[0].name)
    page.locator("input[name=due-1]").fill("2099-12-01")
    visitor.press("保存")
    page.get_by_label("办得怎么样").fill("修好了")
    visitor.press("办完了")
    visitor.reads("已完成", "修好了")
    page.get_by_text("作废", exact=True).tap()
    page.get_by_label("作废原因").fill("记重了")
    visitor.press("确定作废")
    visitor.reads("已作废：记重了")
