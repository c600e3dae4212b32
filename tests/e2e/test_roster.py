"""A roster of five thousand people goes through the browser and a real worker, and comes out as teams."""

import time

import pytest
from playwright.sync_api import expect

from teams.models import AuditEntry, ImportBatch, Membership, Team, User
from tests import factories as make
from tests.browser import DESKTOP
from tests.e2e.steps import Visitor
from tests.workbooks import HEADER, workbook
from tests.workers import broker, worker

__all__ = ["broker"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = 5000
SECONDS = 120_000
"""Milliseconds that a step may take on a slow machine; how long it took is printed."""


def big_roster():
    """Five hundred teams of ten in ten departments; the first of each team leads it."""
    rows = [
        [f"{600000 + n}", f"员工{n}", f"部门{n // 500}", f"班组{n // 10}", "" if n % 10 else "班长", "1.05"]
        for n in range(PEOPLE)
    ]
    return workbook({"花名册": [HEADER, *rows]}).getvalue()


def upload(admin, content, name="花名册.xlsx"):
    admin.open("teams:roster-upload")
    admin.page.get_by_label("变动从哪天起生效").fill("2026-10-01")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    admin.page.get_by_label("工作簿").set_input_files(file)
    admin.press("上传并核对")


def comes_to(admin, heading):
    """The page reaches this heading by itself."""
    expect(admin.page.get_by_role("heading", level=1)).to_have_text(heading, timeout=SECONDS)
    admin.look()


def test_five_thousand_people_are_imported_with_progress_in_sight(broker, new_page):
    root = make.make_unit("本厂")
    admin = Visitor(new_page(DESKTOP, user=make.give_role(root, "admin")))
    content = big_roster()
    begun = time.monotonic()
    upload(admin, content)
    # Nobody is at work yet: the page waits, and says so.
    admin.reads("正在处理花名册", "排队中，等后台服务接手")
    with worker("teamhub"):
        comes_to(admin, "核对花名册")
        admin.reads(f"新进{PEOPLE} 人", "有错0 行", "第 1 / 100 页")
        admin.page.get_by_label("姓名或工号").fill("604321")
        admin.press("搜索")
        admin.reads("员工4321", "部门8 · 班组432")
        admin.agree("确认导入", f"将新增 {PEOPLE} 人、变动 0 人，新建单位 10 个")
        comes_to(admin, "花名册已导入")
    print(f"{PEOPLE} people from upload to applied: {time.monotonic() - begun:.1f} s")  # noqa: T201
    admin.reads(f"新进{PEOPLE} 人")
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.content, batch.result["added"]) == ("applied", None, PEOPLE)
    assert Membership.objects.open().count() == PEOPLE
    assert (Team.objects.count(), Membership.objects.open().filter(role="leader").count()) == (500, 500)
    assert User.objects.filter(employee_no="604321", name="员工4321").exists()
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "import.uploaded",
        "import.confirmed",
        "roster.imported",
    ]


def test_wrong_rows_go_back_as_a_sheet_and_people_who_are_missing_leave_on_purpose(new_page):
    root = make.make_unit("本厂")
    team = make.make_team(make.make_unit("运行部", parent=root), "一值")
    leaving = make.make_member(team, user=make.make_user(name="老陈"))
    admin = Visitor(new_page(DESKTOP, user=make.give_role(root, "admin")))
    wrong = ["900001", "张三", "运行部", "一值", "", "高"]
    right = ["900002", "李四", "运行部", "一值"]
    upload(admin, workbook({"花名册": [HEADER, right, wrong]}).getvalue(), "有错.xlsx")
    expect(admin.row("第 3 行")).to_contain_text("岗位系数不是数字")
    with admin.page.expect_download() as download:
        admin.page.get_by_role("link", name="下载有错的行").click()
    assert download.value.suggested_filename.startswith("花名册待改正")
    assert admin.page.get_by_role("checkbox").is_disabled()

    upload(admin, workbook({"花名册": [HEADER, right, [*wrong[:5], "1.2"]]}).getvalue(), "改好.xlsx")
    admin.reads("新进2 人", "表里没有1 人")
    with admin.arriving():
        admin.page.get_by_role("checkbox", name="表里没有的 1 人办理离开").click()
    expect(admin.row("老陈")).to_contain_text("运行部 · 一值")
    admin.agree("导入，并给 1 人办理离开", "给表里没有的 1 人办理离开并停用账号")
    comes_to(admin, "花名册已导入")
    leaving.refresh_from_db()
    assert (leaving.is_active, leaving.memberships.get().ended_on is None) == (False, False)
