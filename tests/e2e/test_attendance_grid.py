"""The attendance grid: by keyboard, by finger, and what is refused is not lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from teams.models import Attendance
from tests import factories as make
from tests.browser import DESKTOP, PHONE, axe
from tests.e2e.steps import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = 202610
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


def tab_to(page, locator, most=40):
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
    page = open_grid(DESKTOP)
    cell(page, NAMES[0], 7).fill("病")
    page.get_by_role("button", name="空格都填正常出勤").click()
    Visitor(page).press("保存")
    codes = saved(NAMES[0])
    assert (len(codes), codes[7]) == (31, "病")
    assert set(codes.values()) <= {"√", "休", "病"}
    assert len(saved(NAMES[2])) == 31
