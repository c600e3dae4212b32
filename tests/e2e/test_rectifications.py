"""From finding to closure with three people at three devices: assigned, photographed on the phone, sent back, closed."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Rectification
from assessments.services import checks
from tests import factories as make
from tests.browser import DESKTOP, PHONE
from tests.e2e.steps import Visitor, photo_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team():
    team = make.make_team(name="运行一值")
    make.make_standard(team.unit)
    return team


@pytest.fixture
def people(team):
    return {
        "leader": make.make_member(team, "leader", user=make.make_user(name="周燕敏")),
        "worker": make.make_member(team, user=make.make_user(name="宋明远")),
        "assessor": make.give_role(team.unit, "assessor", make.make_user(name="韩立")),
    }


@pytest.fixture
def found(team, people):
    """A Rectification of what the assessor found today, naming the worker."""
    deviation = checks.Deviation(make.criterion(team, "1.2"), -100, people["worker"], "3 号给煤机平台有油")
    facts = {"kind": "spot", "date": timezone.localdate(), "key": "k", "checker": people["assessor"]}
    checks.file_check(team, deviations=[deviation], actor=people["assessor"], **facts)
    return Rectification.objects.get()


def test_from_finding_to_closure(found, people, new_page):
    leader, worker = (Visitor(new_page(PHONE, user=people[who])) for who in ("leader", "worker"))
    assessor = Visitor(new_page(DESKTOP, user=people["assessor"]))

    leader.open("home")
    with leader.arriving():
        leader.page.get_by_role("link", name="分配整改").click()
    assert leader.page.get_by_label("整改人").locator("option:checked").inner_text().startswith("宋明远")
    leader.press("分配")
    leader.reads("已分配给宋明远", "待整改")

    worker.open("home")
    worker.reads("有一条检查记录点到您")
    with worker.arriving():
        worker.page.get_by_role("link", name="整改 运行一值").click()
    report(worker, "擦干净了", photo_file())
    worker.reads("已报告整改，等复核。", "整改的人不能自己复核")

    assessor.open("assessments:rectifications")
    assessor.follow("3 号给煤机平台有油")
    assessor.page.get_by_label("没整改好？写明原因退回").fill("角落里还有")
    assessor.press("退回重新整改")

    worker.open("assessments:rectification", found.pk)
    worker.reads("角落里还有", "擦干净了")
    report(worker, "角落也擦了", photo_file(colour=(30, 120, 60)))

    assessor.open("assessments:rectification", found.pk)
    expect(assessor.page.locator(".before-after img")).to_have_count(1)
    expect(assessor.page.locator(".timeline img")).to_have_count(2)
    assessor.agree("复核通过，闭环", "闭环以后不能再改。")
    assessor.reads("复核通过，已闭环。")
    found.refresh_from_db()
    photos = found.steps.filter(photos__isnull=False).count()
    assert (found.state, photos, found.closed_by) == ("closed", 2, people["assessor"])


def report(visitor, words, photo):
    visitor.page.get_by_label("整改情况").fill(words)
    visitor.choose_file(visitor.page.get_by_text("拍整改后的照片"), photo)
    expect(visitor.page.locator(".photo-list li")).to_have_count(1)
    visitor.press("整改好了，报复核")


def test_the_person_named_says_what_happened(found, people, new_page):
    worker = Visitor(new_page(PHONE, user=people["worker"]))
    worker.open("home")
    with worker.arriving():
        worker.page.get_by_role("link", name="有一条检查记录点到您").click()
    worker.page.get_by_text("我来说明情况").click()
    worker.page.get_by_label("情况说明（只写一次）").fill("当时在抢修")
    worker.agree("提交说明", "看得到这条记录的人都看得到它")
    worker.reads("情况说明已记下。", "当时在抢修")
    expect(worker.page.get_by_text("我来说明情况")).to_have_count(0)
    worker.open("home")
    expect(worker.page.get_by_text("有一条检查记录点到您")).to_have_count(0)


def test_the_list_is_narrowed_and_taken_home(found, people, new_page):
    assessor = Visitor(new_page(DESKTOP, user=people["assessor"]))
    assessor.open("assessments:rectifications")
    assessor.reads("现在没有等您办的整改")
    assessor.follow("我管的单位")
    with assessor.page.expect_download() as download:
        assessor.page.get_by_role("button", name="导出").click()
    assert download.value.suggested_filename.startswith("整改_我管的单位")
    with assessor.arriving():
        assessor.page.get_by_label("期限").select_option(label="已逾期")
    assessor.reads("没有符合条件的整改")
