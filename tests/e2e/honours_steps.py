"""Steps on the way of an honour in the browser, the same for whatever it is given to."""

from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Application, Programme, Review, Round
from bulletins.models import Bulletin
from tests import factories as make
from tests.browser import DESKTOP
from tests.bulletins.posting import let_run_out
from tests.e2e.steps import Visitor, photo_file

DOCUMENT = "工发〔2026〕9号"


class Jury:
    """Who runs the honour of a plant and who reviews it: two of the company's union, three of an office."""

    def __init__(self, root):
        self.secretary, self.officer = (make.give_role(root, "union") for _ in range(2))
        office = make.make_unit("生技部", root)
        self.reviewers = [make.give_role(office, "assessor") for _ in range(3)]


def visitors(new_page):
    """Lets people come: ``come(user, PHONE)`` is the Visitor; None has no account."""
    seen = set()

    def come(user, device=DESKTOP):
        return Visitor(new_page(device, user=user), seen=seen)

    return come


def tap(visitor, text):
    """Go on by the first link in which this text stands."""
    with visitor.arriving():
        visitor.page.locator("main").get_by_role("link").filter(has_text=text).first.click()


def open_round(secretary, name):
    """The programme of this name that ships is added, and a round of it opened; returns the Round."""
    secretary.open("assessments:programmes")
    secretary.press(f"加上{name}")
    secretary.open("assessments:programme", Programme.objects.get(name=name).pk)
    secretary.follow("开一批")
    secretary.page.get_by_label("批次").fill("2026年度")
    secretary.press("保存")
    secretary.follow("2026年度")
    secretary.agree("开始申报", "都看得到")
    return Round.objects.get(programme__name=name, state=Round.State.OPEN)


def begin(leader, holder):
    """From the line of today to the draft."""
    leader.open("home")
    tap(leader, "评选申报")
    leader.follow("我要申报")
    leader.page.get_by_label(holder).check()
    leader.press("开始填写")


def pick(leader, label):
    """Let a record stand for the criterion whose proofs are open."""
    leader.page.get_by_label(label).first.check()
    leader.press("加为依据")
    leader.reads("已有依据", label)


def open_proofs(leader, place):
    """The proofs of the criterion or material at this place."""
    leader.open("assessments:application-prove", Application.objects.get().pk, place)


def upload(leader, *places):
    """A photo of its own for each of these criteria and materials; then back to the draft."""
    for place in places:
        open_proofs(leader, place)
        leader.page.locator("input[type=file]").set_input_files(photo_file(f"材料{place}.jpg", (20 * place, 60, 30)))
        leader.press("上传")
    leader.follow("回到申报")


def hand_in(leader, story):
    for promise in leader.page.locator("[name=declared]").all():
        promise.check()
    leader.page.get_by_label("事迹", exact=True).fill(story)
    leader.agree("提交", "送到推荐单位")


def recommend(officer, button, reason):
    """What waits is found among the applications; the application is opened, and the opinion given on the desk."""
    officer.open("assessments:applications")
    officer.page.locator(".queue a").first.click()
    officer.page.get_by_role("checkbox").first.check()
    officer.page.get_by_label("推荐理由").fill(reason)
    officer.agree(button, "勾选的：")
    officer.reads("已经推荐", "1 份")


def begin_review(secretary, round_, reviewers):
    """Nobody can apply any more; reviewers are drawn by lot."""
    secretary.open("assessments:round", round_.pk)
    secretary.agree("提前转入评审", "不再收申报")
    secretary.follow("分派评委")
    secretary.reads(f"还差 {len(reviewers)} 位次")
    for reviewer in reviewers:
        secretary.page.get_by_label(reviewer.name).check()
    secretary.agree("抽签", "抽签号和结果留痕")
    secretary.reads("每份申报的评委都够了")
    asked = Review.objects.filter(application__round=round_)
    assert set(asked.values_list("reviewer", flat=True)) == {who.pk for who in reviewers}


def begin_marks(reviewer, holder):
    """From the list of what waits to the application with its proofs."""
    reviewer.follow(holder)
    expect(reviewer.page.locator("h1")).to_have_text(f"评审：{holder}")


def give_marks(reviewer, whole, total):
    reviewer.page.get_by_label("总评").fill(whole)
    reviewer.agree("提交", "不能再改")
    reviewer.reads(f"合计 {total:g} 分")


def post_list(secretary):
    """From the round in review: the list by places and quota, and its notice."""
    secretary.follow("定名单")
    secretary.follow("按名次和名额勾选")
    secretary.press("列为拟命名")
    secretary.agree("定名单", "就此定住")
    secretary.agree("公示名单", "5 个工作日")
    secretary.reads("还不能命名")


def let_notice_end():
    let_run_out(Bulletin.objects.get(kind=Bulletin.Kind.NOMINATION))


def name(secretary, round_):
    """Once the notice is over."""
    secretary.open("assessments:round", round_.pk)
    secretary.follow("命名")
    secretary.page.get_by_label("文号").fill(DOCUMENT)
    secretary.agree("命名", "1 个一起命名")
    assert Application.objects.get(round=round_).state == Application.State.NAMED


def verified_at(title):
    """Where the QR code of a certificate leads."""
    return reverse("assessments:title-verified", args=[title.serial])
