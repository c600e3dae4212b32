"""Two factors in the browser: set up with a key, sign in with a code, lose the phone, and end another device."""

from base64 import b32decode

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import ON_THE_PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "Gangban-2026"


@pytest.fixture
def person():
    return make.make_member(make.make_team(), user=make.make_user("900017", "王强", PASSWORD))


def set_up(visitor):
    """Walk through the page; the recovery codes that it shows in the end."""
    visitor.open("two-factors")
    expect(visitor.page.get_by_role("img", name="两步验证的二维码")).to_be_visible()
    key = "".join(visitor.page.locator("[data-key]").inner_text().split())
    visitor.page.get_by_label("验证码").fill(make.code_of(TOTPDevice(key=b32decode(key).hex())))
    visitor.press("开启")
    visitor.reads("恢复码", "只显示这一次")
    return visitor.page.locator(".code-list li").all_inner_texts()


def test_a_wrong_code_is_told_where_it_was_typed(new_page, person):
    """On a phone the field is hidden behind the bar with the button: the page goes there by itself."""
    visitor = Visitor(new_page(PHONE))
    visitor.sign_in("900017", PASSWORD)
    visitor.open("two-factors")
    field = visitor.page.get_by_label("验证码")
    field.fill("000000")
    visitor.press("开启")
    expect(visitor.page.get_by_text("验证码不对")).to_be_in_viewport()
    expect(field).to_be_focused()


@ON_THE_PHONE
def test_two_factors_from_setting_up_to_losing_the_phone(device, new_page, person):
    visitor = Visitor(new_page(device))
    visitor.sign_in("900017", PASSWORD)
    codes = set_up(visitor)
    visitor.follow("收好了，接着办事")
    visitor.page.context.clear_cookies()

    visitor.open("teams:team-list")
    visitor.page.get_by_label("工号").fill("900017")
    visitor.page.get_by_label("密码").fill(PASSWORD)
    visitor.press("登录")
    visitor.reads("再填一个验证码")
    visitor.page.get_by_label("验证码").fill("000 000")
    visitor.press("确定")
    visitor.reads("验证码不对")
    visitor.page.get_by_label("验证码").fill(codes[0])
    visitor.press("确定")
    assert visitor.page.url.endswith(reverse("teams:team-list"))

    visitor.open("two-factors")
    visitor.reads("9 个")
    visitor.page.get_by_label("现在的密码").last.fill(PASSWORD)
    visitor.agree("关闭两步验证", "恢复码一起作废")
    visitor.reads("两步验证已关闭")


def test_another_device_is_ended_from_the_phone(new_page, person):
    office, phone = Visitor(new_page(DESKTOP)), Visitor(new_page(PHONE))
    office.sign_in("900017", PASSWORD)
    phone.sign_in("900017", PASSWORD)
    phone.open("own-account")
    phone.reads("2 台", "（本机）")
    phone.agree("退出这台", "会马上退出")
    phone.reads("1 台")
    office.page.goto(reverse("home"))
    office.page.goto(reverse("teams:team-list"))
    expect(office.page.get_by_role("button", name="登录")).to_be_visible()


def test_a_number_is_shown_in_its_place(new_page, person):
    person.phone = "13812341234"
    person.save()
    manager = make.give_role(person.memberships.get().team.unit, "manager")
    visitor = Visitor(new_page(PHONE, user=manager))
    visitor.open("teams:person", person.pk)
    visitor.reads("138****1234")
    visitor.page.get_by_role("button", name="显示号码").click()
    link = visitor.page.get_by_role("link", name="13812341234")
    expect(link).to_be_focused()
    visitor.look()
