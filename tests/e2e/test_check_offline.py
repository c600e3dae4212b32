"""The check sheet where the network comes and goes: nothing is lost, and it arrives once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Check, Finding
from assessments.services import standards
from teams import periods
from tests import factories as make
from tests.browser import PHONE
from tests.e2e.steps import Sheet, Visitor, photo_file
from tests.rewriting import rewrite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAITING = "没有网络，已存在手机上，恢复后自动提交。"


@pytest.fixture
def team():
    team = make.make_team(name="运行一值")
    version = standards.install_preset("standard_5x44", team.unit, actor=None)
    standards.put_in_force(version, periods.current_period(), actor=None)
    return team


def opened(page, name, team):
    """The empty sheet; what the console says about a lost network is no problem of the page."""
    Visitor(page).open(f"assessments:{name}", team.pk)
    return page


@pytest.fixture
def sheet(team, new_page):
    page = opened(new_page(PHONE, user=make.make_member(team, "leader")), "self-check", team)
    yield page
    page.problems[:] = [problem for problem in page.problems if "net::ERR_" not in problem]


def press(sheet):
    sheet.get_by_role("button", name="提交").last.click()


def press_with_findings(sheet):
    press(sheet)
    sheet.get_by_role("dialog").get_by_role("button", name="提交").click()


def found(sheet):
    Sheet(sheet).deviate("安全环保", "2.4", points="1", note="未系安全带", photo=photo_file())


def test_a_clean_sheet_without_network_goes_by_itself_when_it_is_back(sheet):
    sheet.context.set_offline(True)
    press(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text(WAITING)
    Visitor(sheet).look()
    assert Check.objects.count() == 0
    sheet.context.set_offline(False)
    expect(sheet.get_by_text("已提交：全部正常。")).to_be_visible()
    assert Check.objects.get().findings.count() == 0


def test_a_finding_with_a_photo_survives_the_cut_and_arrives_once(sheet, team):
    found(sheet)
    sheet.context.set_offline(True)
    press_with_findings(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text(WAITING)
    assert Check.objects.count() == 0
    sheet.context.set_offline(False)
    expect(sheet.get_by_text("已提交：1 条记录。")).to_be_visible()
    stored = [(finding.points, finding.note, finding.photos.count()) for finding in Finding.objects.all()]
    assert (stored, Check.objects.count()) == ([(-100, "未系安全带", 1)], 1)
    Visitor(sheet).open("assessments:self-check", team.pk)
    assert sheet.locator(".check-toggle:checked").count() == 0


def test_the_browser_is_closed_without_network_and_the_sheet_is_there_again(sheet, team):
    found(sheet)
    sheet.context.set_offline(True)
    press_with_findings(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text(WAITING)
    context, key = sheet.context, sheet.locator("[name=key]").input_value()
    sheet.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(reverse("assessments:self-check", args=[team.pk]))
    expect(again.get_by_text("已接着上次没交的内容")).to_be_visible()
    row = Sheet(again).row("2.4")
    expect(row.get_by_label("说明")).to_have_value("未系安全带")
    expect(row.get_by_role("img", name="第 1 张照片")).to_have_count(1)
    assert again.locator("[name=key]").input_value() == key
    press_with_findings(again)
    expect(again.get_by_text("已提交：1 条记录。")).to_be_visible()
    assert (Check.objects.get().key, Finding.objects.get().photos.count()) == (key, 1)


def losing_the_answer(page):
    """The first sheet arrives, but its answer does not come back."""
    lost = []

    def handle(route):
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch(max_redirects=0).status)
        return route.abort()

    page.route("**/inspect/", handle)
    return lost


@pytest.fixture
def inspection(team, new_page):
    page = opened(new_page(PHONE, user=make.give_role(team.unit, "assessor")), "inspect", team)
    yield page
    page.problems[:] = [problem for problem in page.problems if "net::ERR_" not in problem]


def test_an_answer_that_got_lost_makes_no_second_sheet(inspection):
    lost = losing_the_answer(inspection)
    press(inspection)
    expect(inspection.get_by_role("alert")).to_contain_text(WAITING)
    assert (lost, Check.objects.count()) == ([200], 1)
    inspection.get_by_role("button", name="重试").click()
    expect(inspection.get_by_text("已提交：全部正常。")).to_be_visible()
    assert Check.objects.count() == 1


def test_control_with_another_key_it_would_be_a_second_sheet(inspection):
    losing_the_answer(inspection)
    press(inspection)
    expect(inspection.get_by_role("alert")).to_contain_text(WAITING)
    inspection.locator("[name=key]").evaluate("(field) => { field.value = 'another'; }")
    inspection.get_by_role("button", name="重试").click()
    expect(inspection.get_by_text("已提交：全部正常。")).to_be_visible()
    assert Check.objects.count() == 2


def test_half_a_change_does_not_go_by_itself(sheet):
    sheet.context.set_offline(True)
    press(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text(WAITING)
    found(sheet)
    expect(sheet.get_by_role("alert")).to_contain_text("还没有交上去，改好以后请再点提交。")
    posted = []
    sheet.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    sheet.context.set_offline(False)
    sheet.wait_for_timeout(300)
    assert (posted, Check.objects.count()) == ([], 0)
    press_with_findings(sheet)
    expect(sheet.get_by_text("已提交：1 条记录。")).to_be_visible()


def test_what_the_team_often_writes_is_one_tap(team, new_page):
    leader = make.make_member(team, "leader")
    make.file_findings(team, ("2.4", -100, None), day=1, period=periods.current_period())
    rewrite(Finding.objects.all(), note="未系安全带")
    page = opened(new_page(PHONE, user=leader), "self-check", team)
    page.locator("summary", has_text="安全环保").tap()
    row = Sheet(page).row("2.4")
    row.get_by_text("有问题").tap()
    row.get_by_role("button", name="未系安全带").tap()
    expect(row.get_by_label("说明")).to_have_value("未系安全带")
    assert row.get_by_role("button", name="未系安全带").bounding_box()["height"] >= 44
    expect(Sheet(page).row("2.3").locator(".phrases")).to_have_count(0)
    Visitor(page).look()
