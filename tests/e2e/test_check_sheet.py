"""The check sheet on a phone: a few taps, nothing typed is lost, and it arrives once."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Check, Finding
from assessments.services import standards
from teams import periods
from tests import factories as make
from tests.browser import PHONE
from tests.e2e.steps import Sheet, Visitor, photo_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CAMERA = 2
"""Taps in the phone's own camera: the shutter, and 使用照片."""
PICKER = 1
"""Tap in the phone's own list of choices, after the one that opens it."""


class Taps:
    """A thumb that counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def tap(self, what, more=0):
        what.tap()
        self.count += 1 + more


@pytest.fixture
def team():
    team = make.make_team(name="运行一值")
    version = standards.install_preset("standard_5x44", team.unit, actor=None)
    standards.put_in_force(version, periods.current_period(), actor=None)
    return team


@pytest.fixture
def sheet(team, new_page):
    """The empty sheet on the leader's phone."""
    leader = make.make_member(team, "leader", user=make.make_user(name="周燕敏"))
    make.make_member(team, user=make.make_user(name="宋明远"))
    page = new_page(PHONE, user=leader)
    Visitor(page).open("assessments:self-check", team.pk)
    return page


def send(sheet):
    """Send a sheet with findings, which asks first."""
    Visitor(sheet).agree("提交（1 条有问题，其余正常）", "条有问题，共扣")


def test_nothing_wrong_is_at_most_three_taps(sheet):
    taps = Taps(sheet)
    taps.tap(sheet.get_by_role("button", name="提交"))
    expect(sheet.get_by_text("已提交：全部正常。")).to_be_visible()
    assert taps.count <= 3
    assert Check.objects.get().findings.count() == 0


def test_a_finding_with_a_photo_is_at_most_ten_taps(sheet):
    taps, row = Taps(sheet), Sheet(sheet).row("2.4")
    taps.tap(sheet.locator("summary", has_text="安全环保"))
    taps.tap(row.get_by_text("有问题"))
    taps.tap(row.get_by_role("button", name="多扣"))
    taps.tap(row.get_by_label("责任人"), more=PICKER)
    row.get_by_label("责任人").select_option(label="宋明远")
    expect(row.get_by_label("说明")).to_be_focused()  # without a tap
    sheet.keyboard.insert_text("未系安全带")
    with sheet.expect_file_chooser() as chooser:
        taps.tap(row.get_by_text("拍照"), more=CAMERA)
    chooser.value.set_files(photo_file())
    expect(row.get_by_role("img", name="第 1 张照片")).to_be_visible()
    expect(sheet.locator("summary", has_text="安全环保")).to_contain_text("11 项，1 项有问题")
    Visitor(sheet).look()
    taps.tap(sheet.get_by_role("button", name="提交"))
    expect(sheet.get_by_role("dialog")).to_contain_text("1 条有问题，共扣 1 分。其余全部正常。")
    taps.tap(sheet.get_by_role("dialog").get_by_role("button", name="提交"))

    expect(sheet.get_by_text("已提交：1 条记录。")).to_be_visible()
    assert taps.count <= 10
    finding = Finding.objects.get()
    stored = (finding.criterion.code, finding.points, finding.person.name, finding.note, finding.photos.count())
    assert stored == ("2.4", -100, "宋明远", "未系安全带", 1)


def test_photos_add_up_to_three_and_can_be_taken_back(sheet):
    Sheet(sheet).deviate("党建思政", "1.1", points="1", photo=photo_file())
    row, photos = Sheet(sheet).row("1.1"), Sheet(sheet).row("1.1").locator(".photo-list li")
    row.locator("input[type=file]").set_input_files([photo_file(f"{n}.jpg", (n, n, n)) for n in range(3)])
    expect(photos).to_have_count(3)
    expect(sheet.get_by_text("最多 3 张照片，多出的没有加上。")).to_be_visible()
    row.get_by_role("button", name="去掉第 1 张照片").tap()
    expect(photos).to_have_count(2)
    send(sheet)
    assert Finding.objects.get().photos.count() == 2


def test_what_was_typed_survives_a_reload_and_is_forgotten_once_sent(sheet, team):
    asked = []
    sheet.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    Sheet(sheet).deviate("安全环保", "2.4", points="1.5", person="宋明远", note="未系安全带")
    sheet.reload()

    note = sheet.locator(".alert", has_text="已接着上次没交的内容")
    heading, said, first = (part.bounding_box() for part in (sheet.locator("h1"), note, sheet.get_by_label("日期")))
    assert heading["y"] + heading["height"] <= said["y"]
    assert said["y"] + said["height"] <= first["y"]
    row = Sheet(sheet).row("2.4")
    expect(row.get_by_label("说明")).to_have_value("未系安全带")
    expect(row.get_by_label("扣分")).to_have_value("1.5")
    expect(row.get_by_label("责任人")).to_have_value(str(team.memberships.get(role="worker").user_id))
    expect(row.get_by_label("说明")).to_be_visible()
    expect(sheet.locator("summary", has_text="安全环保")).to_contain_text("1 项有问题")
    assert asked == ["beforeunload"]

    send(sheet)
    assert Finding.objects.get().note == "未系安全带"
    Visitor(sheet).open("assessments:self-check", team.pk)
    expect(sheet.get_by_text("已接着上次没交的内容")).to_have_count(0)
    assert sheet.locator(".check-toggle:checked").count() == 0


def test_pressed_twice_it_arrives_once(sheet, team):
    sent = []
    sheet.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    with sheet.expect_navigation():
        sheet.get_by_role("button", name="提交").dblclick()
    expect(sheet.get_by_text("已提交：全部正常。")).to_be_visible()
    assert (len(sent), Check.objects.count()) == (1, 1)


def deviate_too_much(sheet, **facts):
    """What the browser of a page that is older than the standard lets pass; returns the row."""
    row = Sheet(sheet).row("2.4")
    row.get_by_label("扣分").evaluate("field => { field.max = 99 }")
    Sheet(sheet).deviate("安全环保", "2.4", points="99", **facts)
    return row


def test_a_refused_sheet_says_why_and_keeps_what_was_typed(sheet, team):
    day = f"{periods.first_day(periods.current_period())}"
    sheet.get_by_label("日期").fill(day)
    row = deviate_too_much(sheet, note="未系安全带")
    sheet.evaluate("localStorage.clear()")  # what comes back is what the server understood
    send(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text("的分值每次至少 0.50 分、不超过 4.00 分。")
    expect(row.get_by_label("扣分")).to_be_focused()
    expect(row.locator(".invalid-feedback")).to_contain_text("不超过 4.00 分")
    expect(sheet.get_by_text("已接着上次没交的内容")).to_have_count(0)
    expect(row.get_by_label("说明")).to_have_value("未系安全带")
    expect(row.get_by_label("说明")).to_be_visible()
    expect(sheet.get_by_label("日期")).to_have_value(day)
    assert Check.objects.count() == 0

    row.get_by_label("扣分").fill("4")
    send(sheet)
    assert Finding.objects.get().points == -400


def test_an_expired_session_does_not_lose_the_sheet(sheet, team):
    Sheet(sheet).deviate("安全环保", "2.4", points="1", note="未系安全带")
    cookies = sheet.context.cookies()
    sheet.context.clear_cookies(name="sessionid")
    send(sheet)
    expect(sheet.get_by_role("heading", level=1)).to_have_text("登录")
    sheet.context.add_cookies(cookies)
    sheet.goto(reverse("assessments:self-check", args=[team.pk]))
    expect(Sheet(sheet).row("2.4").get_by_label("说明")).to_have_value("未系安全带")


def test_enter_goes_on_to_the_next_field_and_sends_nothing(sheet):
    sent = []
    sheet.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    Sheet(sheet).deviate("安全环保", "2.4", points="1", note="未系安全带")
    row = Sheet(sheet).row("2.4")
    row.get_by_label("扣分").press("Enter")
    expect(row.get_by_label("责任人")).to_be_focused()
    row.get_by_label("说明").press("Enter")
    expect(row.locator("input[type=file]")).to_be_focused()
    sheet.get_by_label("日期").press("Enter")
    expect(sheet.get_by_label("班次")).to_be_focused()
    expect(sheet.get_by_role("dialog")).to_have_count(0)
    assert (sent, Check.objects.count()) == ([], 0)


def test_yesterdays_draft_is_not_todays_sheet(sheet):
    Sheet(sheet).deviate("安全环保", "2.4", points="1", note="未系安全带")
    sheet.evaluate("document.activeElement.blur()")  # leaving a field is a change, which saves the draft
    sheet.evaluate(
        """for (const [key, draft] of Object.entries(localStorage))
             localStorage[key] = JSON.stringify({ ...JSON.parse(draft), day: "2026-01-01" })"""
    )
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.reload()
    expect(sheet.get_by_label("日期")).to_have_value(f"{timezone.localdate()}")
    expect(sheet.get_by_text("已接着上次没交的内容")).to_have_count(0)
    assert sheet.locator(".check-toggle:checked").count() == 0


def test_a_refused_sheet_can_be_emptied_without_being_sent_again(sheet):
    deviate_too_much(sheet)
    send(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text("的分值每次至少 0.50 分")
    sent = []
    sheet.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    with sheet.expect_navigation():
        sheet.get_by_role("button", name="清空重填").click()
    expect(sheet.get_by_role("alert")).to_have_count(0)
    assert (sent, sheet.locator(".check-toggle:checked").count()) == ([], 0)


def test_an_award_is_counted_as_an_award(team, new_page):
    page = new_page(PHONE, user=make.give_role(team.unit, "assessor"))
    Visitor(page).open("assessments:inspect", team.pk)
    expect(page.get_by_label("检查类型")).to_have_value("spot")
    chapter = page.locator("summary", has_text="加分")
    expect(chapter).to_contain_text("没有")
    Sheet(page).deviate("加分", "＋", points="1.5", note="发现泵异响")
    expect(chapter).to_contain_text("加 1.5 分")
    expect(chapter).not_to_contain_text("有问题")
    Visitor(page).look()
    Visitor(page).agree("提交检查", "加 1.5 分。其余全部正常。")
    Visitor(page).reads("已提交：1 条记录", "受奖人", "+1.5 分")


def test_too_many_points_are_refused_at_their_field_before_anything_is_asked(sheet):
    Sheet(sheet).deviate("安全环保", "2.4", points="99", note="未系安全带")
    sheet.locator("summary", has_text="安全环保").tap()
    sheet.get_by_role("button", name="提交（1 条有问题，其余正常）").tap()
    row = Sheet(sheet).row("2.4")
    expect(row.get_by_label("扣分")).to_be_focused()
    expect(row.get_by_text("要大于 0、不超过 4 分")).to_be_visible()
    expect(sheet.get_by_role("dialog")).to_have_count(0)
    row.get_by_label("扣分").fill("4")
    expect(row.locator(".is-invalid, .invalid-feedback")).to_have_count(0)
    send(sheet)
    assert Finding.objects.get().points == -400


def test_a_line_is_found_by_its_words(sheet):
    box, shown = sheet.get_by_label("找小项"), sheet.locator(".check-row:visible .check-code")
    before = shown.count()
    box.fill("2.4")
    expect(shown).to_have_text(["2.4"])
    Sheet(sheet).row("2.4").get_by_text("有问题").tap()
    box.fill("没有的")
    expect(sheet.get_by_text("没有这样的小项")).to_be_visible()
    expect(shown).to_have_count(0)
    box.fill("")
    assert shown.count() > before  # with the section in which something is marked
    assert sheet.evaluate("Object.keys(localStorage).every(key => !localStorage[key].includes('没有的'))")
