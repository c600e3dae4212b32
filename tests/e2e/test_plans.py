"""A month of cross-checks: drawn by the assessor, made by a leader on the phone; and who answers for which item."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import CheckPlan, ItemOwner
from teams import periods
from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Sheet, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unit():
    """Two teams with a leader each, and a member in the first."""
    unit = make.make_unit("运行部")
    make.make_standard(unit)
    for name, leader in (("一值", "周建国"), ("二值", "陈立新")):
        make.make_member(make.make_team(unit, name), "leader", user=make.make_user(name=leader))
    make.make_member(unit.teams.get(name="一值"), user=make.make_user(name="宋明远"))
    return unit


def leader_of(unit, name):
    return unit.teams.get(name=name).memberships.get(role="leader").user


def test_a_cross_check_from_the_draw_to_the_sheet(unit, new_page):
    assessor = Visitor(new_page(DESKTOP, user=make.give_role(unit, "assessor")))
    assessor.open("assessments:checks-current")
    assessor.follow("检查安排")
    assessor.reads("这个月还没有检查安排", "本单位只有两个班组，单独抽只能互相查")
    assessor.agree("抽互查对子", "抽好后各班组马上看得到")
    assessor.reads("互查已抽好，共 2 对")

    leader = Visitor(new_page(PHONE, user=leader_of(unit, "一值")))
    leader.open("home")
    with leader.arriving():
        leader.page.get_by_role("link", name="一值去查二值").click()
    leader.reads("互查二值")
    expect(leader.page.get_by_text("标准以外的加分")).to_have_count(0)
    Sheet(leader.page).deviate("安全", "1.2", points="1", note="未戴安全帽")
    leader.agree("提交检查", "1 条有问题，共扣 1 分")
    leader.reads("已提交：1 条记录")
    leader.open(reverse("assessments:checks", args=[unit.teams.get(name="一值").pk, periods.current_period()]))
    leader.reads("去查二值（互查）", "已检查", "二值来查（互查）", "待检查")

    assessor.open(reverse("assessments:plans", args=[unit.pk, periods.current_period()]))
    row = assessor.page.get_by_role("row").filter(has_text="二值").filter(has_text="已检查")
    expect(row).to_have_count(1)
    row = assessor.page.get_by_role("row").filter(has_text="待检查")
    row.get_by_label("原因").fill("一值停机")
    with assessor.arriving():
        row.get_by_role("button", name="取消").click()
    assessor.reads("安排已取消。", "一值停机")


def test_spot_checks_are_drawn_and_the_team_sees_none_before_its_day(unit, new_page):
    assessor = Visitor(new_page(PHONE, user=make.give_role(unit, "assessor")))
    assessor.open("assessments:plans-current")
    assessor.page.get_by_label("哪一周").select_option(index=1)
    assessor.press("抽抽查日期")
    assessor.reads("已替 2 个班组抽好抽查日期")
    drawn = CheckPlan.objects.filter(kind="spot")
    assert (drawn.count(), drawn.filter(due_on__lte=timezone.localdate()).count()) == (4, 0)
    leader = Visitor(new_page(PHONE, user=leader_of(unit, "一值")))
    for month in {periods.period_of(plan.due_on) for plan in drawn}:
        leader.open(reverse("assessments:checks", args=[unit.teams.get(name="一值").pk, month]))
        expect(leader.page.get_by_text("考核员来查")).to_have_count(0)


def test_items_are_shared_out_and_each_member_sees_the_own(unit, new_page):
    team = unit.teams.get(name="一值")
    leader = Visitor(new_page(PHONE, user=leader_of(unit, "一值")))
    leader.open("assessments:checks-current")
    leader.follow("小项责任人")
    leader.follow("一键平均分配")
    leader.reads("已替您填好 5 个空缺，还没有保存")
    assert not ItemOwner.objects.exists()
    leader.page.get_by_label("1.1 班前会").select_option(label="宋明远")
    leader.press("保存")
    leader.reads("已保存，改了 5 项。")
    leader.open("assessments:self-check", team.pk)
    expect(Sheet(leader.page).row("1.1")).to_contain_text("宋明远负责")
    member = Visitor(new_page(PHONE, user=team.memberships.get(role="worker").user))
    member.open("home")
    member.reads("我负责的小项", "1.1 班前会")
    member.follow("看全班分工")
    expect(member.page.get_by_role("row").filter(has_text="1.1 班前会")).to_contain_text("宋明远")
