"""The duty roster on a phone: a week is planned, a watch handed over and taken over, a substitution noted; and on paper."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from teams import periods
from teams.models import Substitution, Watch
from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = {"周燕敏": "leader", "宋明远": "worker", "黄波海": "worker"}


@pytest.fixture
def people():
    """The three people of a team by name."""
    team = make.make_team(name="检修一班")
    team.shift_pattern = "day"
    team.save()
    return {name: make.make_member(team, role, user=make.make_user(name=name)) for name, role in NAMES.items()}


@pytest.fixture
def team(people):
    return people["周燕敏"].memberships.get().team


def next_month():
    return periods.shift(periods.current_period(), 1)


def cell(page, day):
    return page.get_by_label(f"{day.month}月{day.day}日白班")


def stored(team):
    return dict(Watch.objects.filter(team=team).values_list("date", "user__name"))


def test_a_week_is_planned_on_a_phone_and_carried_through_the_month(people, team, new_page):
    leader = Visitor(new_page(PHONE, user=people["周燕敏"]))
    page, days = leader.page, periods.days_of(next_month())
    leader.open("teams:attendance", team.pk, periods.current_period())
    leader.follow("值班表")
    page.get_by_role("button", name="选择月份").click()
    leader.follow(periods.label(next_month()))
    for day, name in zip(days[:7], [*NAMES] * 3, strict=False):
        cell(page, day).select_option(label=name)
    leader.press("保存")
    leader.reads("值班表已保存，改了 7 个班。")
    week = dict(zip(days[:7], [*NAMES] * 3, strict=False))
    assert stored(team) == week

    page.get_by_text("帮我排").click()
    leader.press("按上周顺延")
    leader.reads("已替您填好", "还没有保存")
    assert stored(team) == week
    leader.press("保存")
    assert stored(team) == {day: week[days[index % 7]] for index, day in enumerate(days)}


def test_turns_are_proposed_from_the_chosen_person_and_thrown_away(people, team, new_page):
    leader = Visitor(new_page(PHONE, user=people["周燕敏"]))
    page, days = leader.page, periods.days_of(next_month())
    leader.open("teams:watches", team.pk, next_month())
    page.get_by_label("从", exact=True).select_option(label="黄波海")
    leader.press("轮流排")
    names = [cell(page, day).locator("option:checked").inner_text() for day in days[:4]]
    assert names == ["黄波海", "周燕敏", "宋明远", "黄波海"]
    leader.follow("不要这样填")
    assert cell(page, days[0]).input_value() == ""
    assert stored(team) == {}


def test_a_watch_is_handed_over_and_taken_over_on_phones(people, team, new_page):
    today = timezone.localdate()
    Watch.objects.create(team=team, date=today, user=people["宋明远"])
    Watch.objects.create(team=team, date=today + datetime.timedelta(days=1), user=people["黄波海"])

    song = Visitor(new_page(PHONE, user=people["宋明远"]))
    song.open("home")
    with song.arriving():
        song.page.get_by_role("link", name="今天您值班").click()
    song.page.get_by_label("运行正常").check()
    song.page.get_by_label("遗留问题（自己写）").fill("2 号泵轴承温度偏高")
    song.agree("交班", "交班后，交班记录就不能再改。")
    song.reads("设备：运行正常", "遗留问题：2 号泵轴承温度偏高", "待接班")
    expect(song.page.get_by_role("button", name="接班")).to_have_count(0)

    huang = Visitor(new_page(PHONE, user=people["黄波海"]))
    huang.open("home")
    with huang.arriving():
        huang.page.get_by_role("link", name="待接班").click()
    huang.reads("2 号泵轴承温度偏高")
    huang.press("接班")
    huang.reads("已接班。")
    huang.follow("交接班")
    huang.reads("宋明远", "黄波海", "已接班")
    assert Watch.objects.get(date=today).taken_by == people["黄波海"]


def test_a_substitution_is_noted_and_withdrawn_on_a_phone(people, team, new_page):
    leader = Visitor(new_page(PHONE, user=people["周燕敏"]))
    leader.open("teams:substitutions", team.pk, periods.current_period())
    leader.page.get_by_label("补位人（谁来顶）").select_option(index=2)
    leader.page.get_by_label("被补位人（替谁）").select_option(index=3)
    leader.press("登记")
    leader.reads("已登记：宋明远补黄波海。")
    expect(leader.page.locator(".facts")).to_contain_text("1 次")
    leader.page.get_by_label("的原因").fill("记错人")
    leader.press("撤销")
    leader.reads("周燕敏撤销：记错人")
    expect(leader.page.locator(".facts")).to_have_count(0)
    assert Substitution.objects.get().withdrawn_at


def test_fields_and_buttons_are_large_enough_for_a_thumb(people, team, new_page):
    page = new_page(PHONE, user=people["周燕敏"])
    Watch.objects.create(team=team, date=timezone.localdate(), user=people["周燕敏"])
    for address in (
        reverse("teams:watches", args=[team.pk, periods.current_period()]),
        reverse("teams:watch", args=[Watch.objects.get().pk]),
        reverse("teams:substitutions", args=[team.pk, periods.current_period()]),
    ):
        page.goto(address)
        small = page.locator(
            "main :is(.btn, select, input:not([type=checkbox]), .form-check, .nav-link):visible"
        ).evaluate_all(
            "nodes => nodes.filter(node => node.getBoundingClientRect().height < 43.5).map(node => node.outerHTML)"
        )
        assert small == []


def test_the_roster_prints_on_one_page(people, team, new_page):
    month = next(month for month in (periods.shift(next_month(), more) for more in range(3)) if _is_long(month))
    for day in periods.days_of(month):
        for shift, name in zip(("day", "morning", "middle", "night"), [*NAMES, "周燕敏"], strict=True):
            Watch.objects.create(team=team, date=day, shift=shift, user=people[name])
    for name in ("周燕敏", "宋明远"):
        page = new_page(DESKTOP, user=people[name])
        page.goto(reverse("teams:watches", args=[team.pk, month]))
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
        page.emulate_media(media="print")
        for hidden in (".topbar", ".nav-tabs", ".context-switch", ".site-foot"):
            expect(page.locator(hidden).first).to_be_hidden()
        expect(page.locator("tbody tr")).to_have_count(31)


def _is_long(month):
    return periods.last_day(month).day == 31
