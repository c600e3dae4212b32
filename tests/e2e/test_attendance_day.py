"""The day before the shift: on a phone by finger, at a desk by keyboard, and what is refused is not lost."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from teams.models import Attendance, Team, WorkDay
from teams.periods import period_of
from teams.services.attendance import change_month
from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime.date(2026, 10, 19)
NAMES = ["周燕敏", "宋明远", "黄波海"]
PASSWORD = "Banzu-2026"


@pytest.fixture
def team():
    team = make.make_team(name="运行一值")
    Team.objects.filter(pk=team.pk).update(shift_pattern="day")
    for name, role in zip(NAMES, ("leader", "worker", "worker"), strict=True):
        make.make_member(team, role, user=make.make_user(name=name))
    return team


@pytest.fixture
def open_day(team, new_page):
    def open_day(device, date=MONDAY):
        page = new_page(device, user=team.memberships.get(role="leader").user)
        Visitor(page).open("teams:attendance-day", team.pk, date)
        return page

    return open_day


def row(page, name):
    return page.get_by_role("group").filter(has_text=name)


def choice(page, name, word):
    return row(page, name).get_by_role("radio", name=word)


def saved(date=MONDAY):
    return dict(Attendance.objects.filter(date=date).values_list("user__name", "code"))


def test_a_day_on_which_nothing_is_wrong_takes_three_taps(team, new_page):
    today = timezone.localdate()
    WorkDay.objects.create(date=today, is_workday=True)
    page = new_page(PHONE, user=team.memberships.get(role="leader").user)
    visitor = Visitor(page)
    visitor.open("home")
    with visitor.arriving():
        page.get_by_role("link", name="今天的考勤").tap()
    expect(page.get_by_text("3 人出勤")).to_be_visible()
    with visitor.arriving():
        page.get_by_role("button", name="保存").tap()
    expect(page.get_by_text("考勤已保存。")).to_be_visible()
    assert saved(today) == dict.fromkeys(NAMES, "√")
    visitor.open("home")
    expect(page.get_by_text("运行一值今天的考勤已填好")).to_be_visible()


def test_only_exceptions_are_tapped(open_day):
    page = open_day(PHONE)
    choice(page, NAMES[1], "病 病假").tap()
    row(page, NAMES[2]).get_by_text("更多").tap()
    choice(page, NAMES[2], "学 培训").tap()
    expect(page.get_by_text("2 人出勤，病假 1")).to_be_visible()
    Visitor(page).press("保存")
    assert saved() == {NAMES[0]: "√", NAMES[1]: "病", NAMES[2]: "学"}
    expect(choice(page, NAMES[2], "学 培训")).to_be_checked()
    expect(choice(page, NAMES[2], "学 培训")).to_be_in_viewport()
    choice(page, NAMES[1], "√ 出勤").tap()
    choice(page, NAMES[2], "空 先不填").tap()
    Visitor(page).press("保存")
    assert saved() == {NAMES[0]: "√", NAMES[1]: "√"}


def test_everything_to_be_tapped_is_large_enough(open_day):
    page = open_day(PHONE)
    row(page, NAMES[0]).get_by_text("更多").tap()
    sizes = "nodes => nodes.map((node) => node.getBoundingClientRect()).filter((box) => box.width).map((box) => [box.width, box.height])"
    boxes = page.locator(".main :is(a, button, summary), .day-codes label").evaluate_all(sizes)
    assert len(boxes) > 3 * 8
    assert [box for box in boxes if min(box) < 44] == []


def test_a_day_is_filled_in_without_a_mouse(open_day):
    page = open_day(DESKTOP)
    for _ in range(40):
        if choice(page, NAMES[0], "√ 出勤").evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(choice(page, NAMES[1], "√ 出勤")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(choice(page, NAMES[1], "事 事假")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(choice(page, NAMES[1], "旷 旷工")).to_be_visible()
    with page.expect_navigation():
        choice(page, NAMES[1], "事 事假").press("Enter")
    assert saved() == {NAMES[0]: "√", NAMES[1]: "事", NAMES[2]: "√"}


def test_for_people_without_a_known_cycle_one_tap_marks_all_that_are_left(open_day):
    Team.objects.update(shift_pattern="rotating")
    page = open_day(PHONE)
    expect(page.get_by_text("0 人出勤，没选 3")).to_be_visible()
    choice(page, NAMES[0], "病 病假").tap()
    page.get_by_role("button", name="夜 夜班").tap()
    expect(page.get_by_text("2 人出勤，病假 1")).to_be_visible()
    Visitor(page).press("保存")
    assert saved() == {NAMES[0]: "病", NAMES[1]: "夜", NAMES[2]: "夜"}


def test_what_two_people_choose_at_once_is_merged_or_asked_about(open_day, team):
    page = open_day(PHONE)
    numbers = dict(team.memberships.values_list("user__name", "user__employee_no"))
    others = {(numbers[NAMES[1]], MONDAY.day): ("", "病"), (numbers[NAMES[2]], MONDAY.day): ("", "√")}
    change_month(team, period_of(MONDAY), others, actor=team.memberships.get(user__name=NAMES[2]).user)
    Visitor(page).press("保存")
    expect(page.get_by_role("alert")).to_contain_text(f"{NAMES[1]} 19 日已改成“病”")
    expect(choice(page, NAMES[1], "√ 出勤")).to_be_checked()
    Visitor(page).press("不要我填的，重新打开")
    expect(choice(page, NAMES[1], "病 病假")).to_be_checked()
    Visitor(page).press("保存")
    assert saved() == {NAMES[0]: "√", NAMES[1]: "病", NAMES[2]: "√"}


def test_what_was_chosen_before_the_session_ended_comes_back(open_day, team):
    user = team.memberships.get(role="leader").user
    user.set_password(PASSWORD)
    page = open_day(PHONE)
    choice(page, NAMES[1], "事 事假").tap()
    Session.objects.all().delete()
    Visitor(page).press("保存")
    user.save()
    page.get_by_label("工号").fill(user.employee_no)
    page.locator("[name=password]").fill(PASSWORD)
    Visitor(page).press("登录")
    expect(choice(page, NAMES[1], "事 事假")).to_be_checked()
    Visitor(page).press("保存")
    assert saved() == {NAMES[0]: "√", NAMES[1]: "事", NAMES[2]: "√"}


def test_one_walks_from_day_to_day_and_to_the_month(open_day, team):
    page = open_day(PHONE)
    visitor = Visitor(page)
    visitor.follow("20日")
    visitor.follow("19日")
    assert page.url.endswith(reverse("teams:attendance-day", args=[team.pk, MONDAY]))
    visitor.follow("全月")
    visitor.follow("按天填")
    assert page.url.endswith("/2026-10-31/")
