"""The attendance grid: by keyboard, by finger, by two people, and what is refused is not lost."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from teams.models import Attendance, Membership, Team
from teams.periods import current_period
from teams.services.attendance import change_month, save_month
from tests import factories as make
from tests.browser import DESKTOP, PHONE, axe
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = 202610
PASSWORD = "Banzu-2026"
NAMES = ["周燕敏", "宋明远", "黄波海"]


@pytest.fixture
def team():
    team = make.make_team(name="运行一值")
    for name, role in zip(NAMES, ("leader", "worker", "worker"), strict=True):
        make.make_member(team, role, user=make.make_user(name=name))
    return team


@pytest.fixture
def open_grid(team, new_page):
    def open_grid(device):
        page = new_page(device, user=team.memberships.get(role="leader").user)
        Visitor(page).open("teams:attendance", team.pk, PERIOD)
        return page

    return open_grid


def cell(page, name, day):
    return page.get_by_label(f"{name} {day} 日", exact=True)


def saved(name):
    """The stored codes of a person, {day: code}."""
    rows = Attendance.objects.filter(user__name=name, period=PERIOD).values_list("date__day", "code")
    return dict(rows)


def tab_to(page, locator, most=60):
    for _ in range(most):
        if locator.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{locator} is not reached within {most} tabs")


def paste(page, text):
    """Ctrl+V with this text in the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_a_month_is_filled_in_without_a_mouse(open_grid):
    page = open_grid(DESKTOP)
    tab_to(page, cell(page, NAMES[0], 1))
    for code in "√夜":
        page.keyboard.type(code)
        page.keyboard.press("ArrowRight")
    expect(cell(page, NAMES[0], 3)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, NAMES[1], 2)).to_be_focused()
    page.keyboard.type("休")
    page.keyboard.press("Enter")
    expect(cell(page, NAMES[2], 2)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(cell(page, NAMES[0], 2)).to_be_focused()
    page.keyboard.type("年")
    expect(cell(page, NAMES[0], 2)).to_have_value("年")

    with page.expect_navigation():
        page.keyboard.press("Control+S")
    expect(page.get_by_text("2026年10月考勤已保存。")).to_be_visible()
    assert [saved(name) for name in NAMES] == [{1: "√", 2: "年"}, {2: "休"}, {}]


def test_the_legend_is_one_stop_along_which_arrows_walk(open_grid):
    page = open_grid(DESKTOP)
    codes = page.get_by_role("toolbar", name="考勤符号").get_by_role("button")
    tab_to(page, codes.first)
    page.keyboard.press("ArrowLeft")
    expect(codes.last).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(codes.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(codes.nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="按轮班顺延")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(codes.nth(1)).to_be_focused()


def test_a_block_is_pasted_from_a_spreadsheet(open_grid):
    page = open_grid(DESKTOP)
    cell(page, NAMES[1], 30).focus()
    paste(page, "√\t休\t8\t超出\r\n夜\t旷\r\n公\t公\r\n")
    expect(cell(page, NAMES[1], 31)).to_have_value("休")
    Visitor(page).press("保存")
    assert [saved(name) for name in NAMES] == [{}, {30: "√", 31: "休"}, {30: "夜", 31: "旷"}]


def test_a_wrong_code_is_refused_with_a_sentence_and_nothing_typed_is_lost(open_grid):
    page = open_grid(DESKTOP)
    cell(page, NAMES[0], 1).fill("√")
    cell(page, NAMES[1], 5).fill("X")
    page.get_by_label(f"{NAMES[1]}加班小时").fill("3.5")
    Visitor(page).press("保存")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("没有保存，请改正")
    expect(alert).to_contain_text("宋明远 5 日：不认识的考勤符号“X”，请用下面图例里的符号。")
    expect(cell(page, NAMES[0], 1)).to_have_value("√")
    expect(cell(page, NAMES[1], 5)).to_have_value("X")
    expect(cell(page, NAMES[1], 5)).to_be_focused()
    expect(cell(page, NAMES[1], 5)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, NAMES[0], 1)).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(f"{NAMES[1]}加班小时")).to_have_value("3.5")
    assert Attendance.objects.count() == 0

    cell(page, NAMES[1], 5).fill("病")
    Visitor(page).press("保存")
    assert [saved(name) for name in NAMES[:2]] == [{1: "√"}, {5: "病"}]
    expect(page.get_by_label(f"{NAMES[1]}加班小时")).to_have_value("3.5")


def test_leaving_with_unsaved_changes_asks_first(open_grid, team):
    page, asked = open_grid(DESKTOP), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    cell(page, NAMES[0], 1).click()
    page.keyboard.type("√")
    page.get_by_role("link", name="今日", exact=True).click()
    page.wait_for_function("() => true")
    assert asked == ["beforeunload"]
    assert page.url.endswith(reverse("teams:attendance", args=[team.pk, PERIOD]))
    expect(cell(page, NAMES[0], 1)).to_have_value("√")

    Visitor(page).press("保存")
    Visitor(page).follow("今日")
    assert asked == ["beforeunload"]


def test_on_a_phone_a_code_is_a_brush(open_grid):
    page = open_grid(PHONE)
    brush = page.get_by_role("button", name="√ 出勤")
    brush.tap()
    expect(brush).to_have_attribute("aria-pressed", "true")
    assert axe(page) == []
    for day in (1, 2, 3):
        cell(page, NAMES[0], day).tap()
    page.get_by_role("button", name="擦除").tap()
    cell(page, NAMES[0], 2).tap()
    Visitor(page).press("保存")
    assert saved(NAMES[0]) == {1: "√", 3: "√"}


def test_empty_cells_take_an_ordinary_month_and_the_rest_stays(open_grid):
    Team.objects.update(shift_pattern="day")
    page = open_grid(DESKTOP)
    cell(page, NAMES[0], 7).fill("病")
    page.get_by_role("button", name="空格都填正常出勤").click()
    expect(page.get_by_label(f"{NAMES[0]}加班小时")).to_have_value("")
    Visitor(page).press("保存")
    codes = saved(NAMES[0])
    assert (len(codes), codes[7]) == (31, "病")
    assert set(codes.values()) <= {"√", "休", "病"}
    assert len(saved(NAMES[2])) == 31


def test_a_tap_on_a_day_or_a_name_fills_what_is_empty(open_grid, team):
    Membership.objects.filter(user__name=NAMES[2]).update(started_on=datetime.date(2026, 10, 30))
    page = open_grid(PHONE)
    page.get_by_role("columnheader", name="5 一").get_by_role("button").tap()
    expect(page.get_by_text("先在上面点一个符号，再点日期或姓名。")).to_be_visible()
    page.get_by_role("button", name="休 轮休").tap()
    page.get_by_role("columnheader", name="5 一").get_by_role("button").tap()
    page.get_by_role("button", name="√ 出勤").tap()
    page.get_by_role("rowheader", name=NAMES[2]).get_by_role("button").tap()
    page.get_by_role("rowheader", name=NAMES[0]).get_by_role("button").tap()
    page.get_by_label(f"{NAMES[0]}加班小时").tap()
    expect(page.get_by_label(f"{NAMES[0]}加班小时")).to_have_value("")
    assert page.locator("[data-total]").all_inner_texts() == ["30", "0", "2"]
    Visitor(page).press("保存")
    assert saved(NAMES[0]) == dict.fromkeys(range(1, 32), "√") | {5: "休"}
    assert (saved(NAMES[1]), saved(NAMES[2])) == ({5: "休"}, {30: "√", 31: "√"})


def test_a_pasted_row_of_codes_does_not_run_into_overtime(open_grid):
    page = open_grid(DESKTOP)
    cell(page, NAMES[0], 30).focus()
    paste(page, "√\t√\t2\n")
    expect(page.get_by_label(f"{NAMES[0]}加班小时")).to_have_value("")
    page.get_by_label(f"{NAMES[0]}加班小时").focus()
    paste(page, "8\n2.5\n")
    expect(page.get_by_label(f"{NAMES[1]}加班小时")).to_have_value("2.5")


def test_only_a_saved_month_is_confirmed(open_grid):
    page = open_grid(DESKTOP)
    cell(page, NAMES[0], 1).fill("√")
    Visitor(page).press("保存")
    confirm = page.get_by_role("button", name="确认全月考勤")
    expect(confirm).to_be_enabled()
    cell(page, NAMES[0], 1).fill("病")
    expect(confirm).to_be_disabled()
    expect(page.get_by_text("有没保存的改动，先保存再确认")).to_be_visible()
    cell(page, NAMES[0], 1).fill("√")
    expect(confirm).to_be_enabled()


def test_what_two_people_type_at_once_is_merged_or_asked_about(open_grid, team):
    page = open_grid(DESKTOP)
    numbers = dict(team.memberships.values_list("user__name", "user__employee_no"))
    cell(page, NAMES[0], 1).fill("√")
    cell(page, NAMES[1], 1).fill("√")
    others = {(numbers[NAMES[1]], 1): ("", "病"), (numbers[NAMES[2]], 1): ("", "休")}
    change_month(team, PERIOD, others, actor=team.memberships.get(user__name=NAMES[2]).user)
    Visitor(page).press("保存")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"刚保存过这个月的考勤，和您改的不一样：{NAMES[1]} 1 日已改成“病”。")
    expect(cell(page, NAMES[1], 1)).to_have_value("√")
    expect(cell(page, NAMES[2], 1)).to_have_value("休")
    Visitor(page).press("不要我填的，重新打开")
    expect(cell(page, NAMES[1], 1)).to_have_value("病")
    expect(cell(page, NAMES[0], 1)).to_have_value("")


def test_what_was_typed_before_the_session_ended_comes_back(open_grid, team):
    user = team.memberships.get(role="leader").user
    user.set_password(PASSWORD)
    page = open_grid(DESKTOP)
    cell(page, NAMES[0], 1).fill("夜")
    page.get_by_label(f"{NAMES[0]}加班小时").fill("3")
    Session.objects.all().delete()
    Visitor(page).press("保存")
    user.save()
    page.get_by_label("工号").fill(user.employee_no)
    page.locator("[name=password]").fill(PASSWORD)
    Visitor(page).press("登录")
    expect(page.get_by_text("已接着上次没交的内容。")).to_be_visible()
    expect(cell(page, NAMES[0], 1)).to_have_value("夜")
    assert page.locator("[data-total]").first.inner_text() == "1"
    Visitor(page).press("保存")
    assert saved(NAMES[0]) == {1: "夜"}
    page.reload()
    expect(page.get_by_text("已接着上次没交的内容。")).to_have_count(0)


# -- Rotating shifts ----------------------------------------------------------------------------------------------------

TURN = "√√夜夜休休休休"


def save_days(team, period=PERIOD, **codes):
    """Keyword arguments are like no1="√√夜": the codes of the person at that place, from the first of the month on."""
    numbers = [member.user.employee_no for member in team.memberships.order_by("id")]
    members = {numbers[int(key[-1]) - 1]: (dict(enumerate(text, start=1)), 0) for key, text in codes.items()}
    save_month(team, period, members, actor=None)


def line_of(page, name):
    return (
        page.get_by_role("row")
        .filter(has_text=name)
        .locator("td input:not(.overtime)")
        .evaluate_all("nodes => nodes.map((node) => node.value || '.').join('')")
    )


def turn(page, choice=None):
    if choice:
        page.get_by_label("几天一轮").select_option(choice)
    page.get_by_role("button", name="按轮班顺延").click()


def test_shifts_go_on_across_the_month_and_nothing_is_stored_until_saved(open_grid, team):
    save_days(team, 202609, no1=(TURN * 4)[:30], no2=("√夜休" * 10))
    save_days(team, no1="休病", no2="√事休")
    page = open_grid(PHONE)
    turn(page)
    assert line_of(page, NAMES[0]) == "休病" + (TURN * 4)[:29]
    assert line_of(page, NAMES[1]) == "√事休" + ("√夜休" * 10)[:28]
    assert line_of(page, NAMES[2]) == "." * 31
    expect(page.get_by_text(f"已填 57 格，核对后保存。看不出{NAMES[2]}的周期，空格没动")).to_be_visible()
    assert saved(NAMES[0]) == {1: "休", 2: "病"}
    Visitor(page).press("保存")
    assert "".join(saved(NAMES[0]).values()) == "休病" + (TURN * 4)[:29]
    assert saved(NAMES[2]) == {}


def test_another_choice_of_the_cycle_takes_back_what_the_first_put_in(open_grid, team):
    save_days(team, no1="√夜休√")
    page = open_grid(DESKTOP)
    turn(page, "3 天一轮")
    assert line_of(page, NAMES[0]) == ("√夜休" * 11)[:31]
    cell(page, NAMES[0], 6).fill("年")
    turn(page, "4 天一轮")
    assert line_of(page, NAMES[0]) == "√夜休√√年休√" + ("√夜休√" * 6)[:23]
    turn(page, "自动判断")
    assert line_of(page, NAMES[0]) == "√夜休√.年" + "." * 25


def test_the_cycle_is_chosen_and_continued_by_keyboard(open_grid, team):
    save_days(team, no1="√夜休" * 4)
    page = open_grid(DESKTOP)
    tab_to(page, page.get_by_role("button", name="按轮班顺延"))
    page.keyboard.press("Enter")
    assert line_of(page, NAMES[0]) == ("√夜休" * 11)[:31]
    page.keyboard.press("Tab")
    expect(page.get_by_label("几天一轮")).to_be_focused()


def test_the_grid_opens_at_today(team, new_page):
    page = new_page(PHONE, user=team.memberships.get(role="leader").user)
    Visitor(page).open("teams:attendance", team.pk, current_period())
    expect(page.locator("thead .today")).to_be_in_viewport(ratio=1)
