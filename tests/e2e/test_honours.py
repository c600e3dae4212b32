"""六好 in the browser, with eight people: opened, applied for, recommended, reviewed blind, doubted, named, and verified by its QR code."""

import pytest
from playwright.sync_api import expect

from assessments.honours import certificates
from assessments.models import Application, Challenge, Title
from tests import factories as make
from tests.applying import record
from tests.browser import PHONE
from tests.e2e import honours_steps as steps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

POINTS = ["9", "9.5", "10"]
"""What each of the three reviewers gives each of the six criteria."""


class Plant(steps.Jury):
    """A plant with a team that deserves it, and whoever has a part in the honour."""

    def __init__(self):
        root = make.make_unit("本厂")
        super().__init__(root)
        self.unit = make.make_unit("检修部", root)
        self.team = make.make_team(self.unit, "汽机一班")
        self.leader, self.worker = make.make_member(self.team, "leader"), make.make_member(self.team)
        self.union = make.give_role(self.unit, "union")
        self.record = record(self.team, self.leader)


@pytest.fixture
def encoded(monkeypatch):
    """The addresses that QR codes of certificates were made of."""
    found, qr = [], certificates.qr
    monkeypatch.setattr(certificates, "qr", lambda address: found.append(address) or qr(address))
    return found


def test_six_good_from_the_opening_to_the_certificate(new_page, encoded):
    come, plant = steps.visitors(new_page), Plant()
    secretary, leader, worker = come(plant.secretary), come(plant.leader, PHONE), come(plant.worker, PHONE)
    round_ = steps.open_round(secretary, "六好模范班组")
    announce(secretary)
    apply(leader, plant)
    steps.recommend(come(plant.union), "推荐到公司工会", "六个方面都走在前面")
    steps.recommend(secretary, "推荐参评", "六个方面都走在前面")

    steps.begin_review(secretary, round_, plant.reviewers)
    for reviewer, points in zip(plant.reviewers, POINTS, strict=True):
        review(come(reviewer, PHONE), plant, points, set(plant.reviewers) - {reviewer})
    sum_up(secretary, plant, round_)
    steps.post_list(secretary)
    challenge(worker, round_)
    dismiss(come(plant.officer), plant)

    require_notice(secretary)
    steps.name(secretary, round_)
    secretary.reads("模范班组", plant.team.name)
    worker.open("teams:honours", plant.team.pk)
    worker.reads("模范班组", steps.DOCUMENT)
    verify(come(None, PHONE), certificate(worker, plant, encoded))
    feedback(leader, plant)


def announce(secretary):
    secretary.agree("张贴通知", "公告栏")
    secretary.reads("看通知")


def apply(leader, plant):
    """Proofs, six self scores, promises, the story."""
    steps.begin(leader, plant.team.name)
    steps.tap(leader, "挑依据")
    steps.pick(leader, plant.record.title)
    steps.upload(leader, 1, 2)
    for field in leader.page.get_by_role("textbox", name="自评").all():
        field.fill("9")
    steps.hand_in(leader, "全年 12 次安全活动，缺陷消除率 98%。")
    leader.reads("待推荐", "54")


def review(reviewer, plant, points, others):
    """On the phone, beside the proofs, without a word of the others."""
    reviewer.open("home")
    steps.tap(reviewer, "评审申报")
    steps.begin_marks(reviewer, plant.team.name)
    for other in others:
        expect(reviewer.page.locator("main")).not_to_contain_text(other.name)
    for field in reviewer.page.get_by_role("textbox", name="得分").all():
        field.fill(points)
    steps.give_marks(reviewer, "台账实，办法可以推广", float(points) * 6)


def sum_up(secretary, plant, round_):
    """The summary tells the mean, and nobody's name."""
    secretary.open("assessments:round", round_.pk)
    secretary.follow("评审汇总表")
    secretary.reads("评委甲", "57.00", "齐了")
    expect(secretary.page.locator("main")).not_to_contain_text(plant.reviewers[0].name)
    secretary.follow("回到批次")


def challenge(worker, round_):
    worker.open("assessments:round", round_.pk)
    steps.tap(worker, "提异议")
    worker.page.get_by_label("异议内容").fill("三月的安全活动没有开，记录是后补的。")
    worker.page.get_by_label("用不用真名").select_option("sealed")
    worker.press("提出异议")
    worker.reads("调查中", "要求不公开姓名")


def dismiss(officer, plant):
    """Another officer of the union finds the challenge in the line of today and answers it."""
    officer.open("home")
    steps.tap(officer, "公示异议")
    officer.reads("记录是后补的")
    officer.page.get_by_label("不属实").check()
    officer.page.get_by_label("调查结果").fill("查了签到和录音，活动当天开的。")
    officer.agree("提交调查结果", "答复以后不能改")
    assert Challenge.objects.get(application__team=plant.team).state == Challenge.State.DISMISSED


def require_notice(secretary):
    """Nothing is named before the notice is over."""
    steps.tap(secretary, "回到批次")
    secretary.follow("命名")
    secretary.reads("还不能命名", "公示")
    steps.let_notice_end()


def certificate(worker, plant, encoded):
    """The certificate is fetched; returns where its QR code leads."""
    title = Title.objects.get(team=plant.team)
    worker.open("assessments:titles")
    worker.follow(plant.team.name)
    worker.reads(title.serial, steps.DOCUMENT)
    link = worker.page.get_by_role("link", name="证书", exact=True)
    answer = worker.page.request.get(link.get_attribute("href"))
    assert answer.body().startswith(b"%PDF")
    assert encoded[0].endswith(steps.verified_at(title))
    return encoded[0]


def verify(stranger, address):
    """Somebody with a phone and without an account."""
    stranger.open(address)
    stranger.reads("这张证书是真的", "汽机一班", steps.DOCUMENT)


def feedback(leader, plant):
    leader.open("assessments:application", Application.objects.get(team=plant.team).pk)
    leader.reads("评审结果", "57.00", "台账实，办法可以推广")
