"""六好 in the browser, with eight people: opened, applied for, recommended, reviewed blind, doubted, named, and verified by its QR code."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.honours import certificates
from assessments.models import Application, Challenge, Programme, Review, Round, Title
from bulletins.models import Bulletin
from tests import factories as make
from tests.applying import record
from tests.browser import DESKTOP, PHONE
from tests.bulletins.posting import let_run_out
from tests.e2e.steps import Visitor, photo_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCUMENT = "工发〔2026〕9号"
POINTS = ["9", "9.5", "10"]
"""What each of the three reviewers gives each of the six criteria."""


class Plant:
    """A plant with a team that deserves it, and whoever has a part in the honour."""

    def __init__(self):
        self.root = make.make_unit("本厂")
        self.unit = make.make_unit("检修部", self.root)
        self.team = make.make_team(self.unit, "汽机一班")
        self.leader, self.worker = make.make_member(self.team, "leader"), make.make_member(self.team)
        self.union = make.give_role(self.unit, "union")
        self.secretary, self.officer = (make.give_role(self.root, "union") for _ in range(2))
        office = make.make_unit("生技部", self.root)
        self.reviewers = [make.give_role(office, "assessor") for _ in range(3)]
        self.record = record(self.team, self.leader)


@pytest.fixture
def visitor(new_page):
    def come(user, device=DESKTOP):
        return Visitor(new_page(device, user=user), colours=False)

    return come


@pytest.fixture
def encoded(monkeypatch):
    """The addresses that QR codes of certificates were made of."""
    found, qr = [], certificates.qr
    monkeypatch.setattr(certificates, "qr", lambda address: found.append(address) or qr(address))
    return found


def test_six_good_from_the_opening_to_the_certificate(visitor, encoded):
    plant = Plant()
    secretary = visitor(plant.secretary)
    round_ = open_round(secretary, plant)
    home = reverse("assessments:round", args=[round_.pk])
    apply(visitor(plant.leader, PHONE), plant)
    recommend(visitor(plant.union), "推荐到公司工会")
    recommend(secretary, "推荐参评")

    begin_review(secretary, plant, home)
    for reviewer, points in zip(plant.reviewers, POINTS, strict=True):
        review(visitor(reviewer, PHONE), plant, points, set(plant.reviewers) - {reviewer})
    make_list(secretary, plant, home)
    challenge(visitor(plant.worker, PHONE), plant, home)
    dismiss(visitor(plant.officer), plant)

    name(secretary, plant, home)
    worker = visitor(plant.worker, PHONE)
    worker.open("teams:honours", plant.team.pk)
    worker.reads("模范班组", DOCUMENT)
    verify(visitor(None, PHONE), certificate(worker, plant, encoded))
    feedback(visitor(plant.leader, PHONE), plant)


def tap(visitor, text):
    """Go on by the first link in which this text stands."""
    with visitor.arriving():
        visitor.page.locator("main").get_by_role("link").filter(has_text=text).first.click()


def open_round(secretary, plant):
    """The programme that ships is added, and a round of it opened and announced."""
    secretary.open("assessments:programmes")
    secretary.press("加上六好模范班组")
    secretary.open("assessments:programme", Programme.objects.get(unit=plant.root).pk)
    secretary.follow("开一批")
    secretary.page.get_by_label("批次").fill("2026年度")
    secretary.press("保存")
    secretary.follow("2026年度")
    secretary.agree("开始申报", "都看得到")
    secretary.agree("张贴通知", "公告栏")
    secretary.reads("看通知")
    return Round.objects.get(programme__unit=plant.root, state=Round.State.OPEN)


def apply(leader, plant):
    """From the line of today to the application handed in: proofs, six self scores, promises, the story."""
    leader.open("home")
    tap(leader, "评选申报")
    leader.follow("我要申报")
    leader.page.get_by_label(plant.team.name).check()
    leader.press("开始填写")
    edit = leader.page.url
    tap(leader, "挑依据")
    leader.page.get_by_label(plant.record.title).check()
    leader.press("加为依据")
    leader.reads("已有依据", plant.record.title)
    for place in range(1, 6):
        leader.open(f"{edit.removesuffix('edit/')}proofs/{place}/")
        leader.page.locator("input[type=file]").set_input_files(photo_file(f"材料{place}.jpg", (20 * place, 60, 30)))
        leader.press("上传")
    leader.follow("回到申报")
    for field in leader.page.get_by_role("textbox", name="自评").all():
        field.fill("9")
    for promise in leader.page.locator("[name=declared]").all():
        promise.check()
    leader.page.get_by_label("事迹", exact=True).fill("全年 12 次安全活动，缺陷消除率 98%。")
    leader.agree("提交", "送到推荐单位")
    leader.reads("待推荐", "54")


def recommend(officer, button):
    """What waits is found among the applications; the application is opened, and the opinion given on the desk."""
    officer.open("assessments:applications")
    officer.page.locator(".queue a").first.click()
    officer.page.get_by_role("checkbox").first.check()
    officer.page.get_by_label("推荐理由").fill("六个方面都走在前面")
    officer.agree(button, "勾选的申报")
    officer.reads("已经推荐", "1 份")


def begin_review(secretary, plant, home):
    secretary.open(home)
    secretary.agree("提前转入评审", "不再收申报")
    secretary.follow("分派评委")
    secretary.reads("还差 3 位次")
    for reviewer in plant.reviewers:
        secretary.page.get_by_label(reviewer.name).check()
    secretary.agree("抽签", "抽签号和结果留痕")
    secretary.reads("每份申报的评委都够了")
    asked = Review.objects.filter(application__team=plant.team)
    assert set(asked.values_list("reviewer", flat=True)) == {who.pk for who in plant.reviewers}


def review(reviewer, plant, points, others):
    """On the phone, beside the proofs, without a word of the others."""
    reviewer.open("home")
    tap(reviewer, "评审申报")
    reviewer.follow(plant.team.name)
    expect(reviewer.page.locator("h1")).to_have_text(f"评审：{plant.team.name}")
    for other in others:
        expect(reviewer.page.locator("main")).not_to_contain_text(other.name)
    for field in reviewer.page.get_by_role("textbox", name="得分").all():
        field.fill(points)
    reviewer.page.get_by_label("总评").fill("台账实，办法可以推广")
    reviewer.agree("提交", "不能再改")
    reviewer.reads(f"合计 {float(points) * 6:g} 分")


def make_list(secretary, plant, home):
    """The summary, the list by places and quota, and its notice."""
    secretary.open(home)
    secretary.follow("评审汇总表")
    secretary.reads("评委甲", "57.00", "齐了")
    expect(secretary.page.locator("main")).not_to_contain_text(plant.reviewers[0].name)
    secretary.follow("回到批次")
    secretary.follow("定名单")
    secretary.follow("按名次和名额勾选")
    secretary.press("列为拟命名")
    secretary.agree("定名单", "就此定住")
    secretary.agree("公示名单", "5 个工作日")
    secretary.reads("还不能命名")


def challenge(worker, plant, home):
    worker.open(home)
    tap(worker, "提异议")
    worker.page.get_by_label("异议内容").fill("三月的安全活动没有开，记录是后补的。")
    worker.page.get_by_label("用不用真名").select_option("sealed")
    worker.press("提出异议")
    worker.reads("调查中", "要求不公开姓名")


def dismiss(officer, plant):
    """Another officer of the union finds the challenge in the line of today and answers it."""
    officer.open("home")
    tap(officer, "公示异议")
    officer.reads("记录是后补的")
    officer.page.get_by_label("不属实").check()
    officer.page.get_by_label("调查结果").fill("查了签到和录音，活动当天开的。")
    officer.agree("提交调查结果", "答复以后不能改")
    assert Challenge.objects.get(application__team=plant.team).state == Challenge.State.DISMISSED


def name(secretary, plant, home):
    secretary.open(home)
    secretary.follow("命名")
    secretary.reads("还不能命名", "公示")
    let_run_out(Bulletin.objects.get(unit=plant.root, kind=Bulletin.Kind.NOMINATION))
    secretary.open(home)
    secretary.follow("命名")
    secretary.page.get_by_label("文号").fill(DOCUMENT)
    secretary.agree("命名", "1 个一起命名")
    secretary.reads("模范班组", plant.team.name)
    assert Application.objects.get(team=plant.team).state == Application.State.NAMED


def certificate(worker, plant, encoded):
    """The certificate is fetched; returns where its QR code leads."""
    title = Title.objects.get(team=plant.team)
    worker.open("assessments:titles")
    worker.follow(plant.team.name)
    worker.reads(title.serial, DOCUMENT)
    link = worker.page.get_by_role("link", name="证书", exact=True)
    answer = worker.page.request.get(link.get_attribute("href"))
    assert answer.body().startswith(b"%PDF")
    assert encoded[0].endswith(reverse("assessments:title-verified", args=[title.serial]))
    return encoded[0]


def verify(stranger, address):
    """Somebody with a phone and without an account."""
    stranger.open(address)
    stranger.reads("这张证书是真的", "汽机一班", DOCUMENT)


def feedback(leader, plant):
    leader.open("assessments:application", Application.objects.get(team=plant.team).pk)
    leader.reads("评审结果", "57.00", "台账实，办法可以推广")
