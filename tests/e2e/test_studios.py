"""A studio in the browser: founded, filled and verified until it is ripe; then applied for, visited, named, rechecked, revoked."""

import pytest
from playwright.sync_api import expect

from assessments import tasks
from assessments.models import Studio, StudioRule, Title
from assessments.services import studios
from teams.photos import store_photo
from tests.browser import PHONE
from tests.e2e import honours_steps as steps
from tests.e2e.steps import photo_file
from tests.recording import picture
from tests.studios import DAY, Scene, idle, log_kind, now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAYS = 310
"""So long after the naming the yearly check is near enough to be opened."""


def open_folded(page, name):
    page.locator("summary", has_text=name).first.click()


# -- Until it is ripe --------------------------------------------------------------------------------------------------


def test_a_studio_from_its_founding_until_it_is_ripe(new_page):
    come, scene = steps.visitors(new_page), Scene()
    log_kind(scene.root, scene.union)
    union, leader = come(scene.union), come(scene.leader, PHONE)
    studio = found(union, scene)
    describe(leader, studio)
    fill(leader, scene, studio)
    enter_result(leader, studio)
    grant(union, studio)
    verify(come(scene.finance), studio)
    ripen(union, scene, studio)


def found(union, scene):
    union.open("assessments:studios")
    union.follow("建工作室")
    union.page.get_by_label("领军人工号").fill(scene.leader.employee_no)
    union.page.get_by_label("成立日期").fill(f"{scene.founded_on}")
    union.press("建工作室")
    union.reads("工作室已登记", f"{scene.leader.name}创新工作室")
    return Studio.objects.get()


def describe(leader, studio):
    """Sign and place."""
    leader.open("assessments:studio", studio.pk)
    leader.reads("没有挂牌照片", "还差 2 名成员", "七项制度还差 7 项")
    leader.follow("缺标识")
    leader.page.get_by_label("场所").fill("检修楼 305")
    leader.page.get_by_label("设备清单").fill("工作台、红外热像仪")
    leader.page.get_by_label("挂牌照片").set_input_files(photo_file())
    leader.press("保存")


def fill(leader, scene, studio):
    """Members, and a rule; the other rules are the same again."""
    for person in (scene.mate, scene.third):
        open_folded(leader.page, "加成员")
        leader.page.get_by_label("工号").fill(person.employee_no)
        leader.page.get_by_label("加入日期").fill(f"{scene.founded_on}")
        leader.press("加成员")
    leader.open("assessments:studio-rule", studio.pk, "organisation")
    leader.page.get_by_label("内容").fill("领军人负总责。")
    leader.press("保存")
    leader.reads("制度已更新", "领军人负总责。")
    for kind in StudioRule.Kind.values[1:]:
        studios.set_rule(studio, kind, text="按章办", set_on=scene.today, actor=scene.leader)


def enter_result(leader, studio):
    leader.open("assessments:studio-result-new", studio.pk)
    leader.page.get_by_label("成果").fill("阀门研磨机")
    leader.page.get_by_label("说明").fill("一人半天研好一只")
    leader.page.get_by_label("申报年效益（元）").fill("85000")
    leader.page.get_by_label("证明材料").set_input_files(photo_file())
    leader.press("登记成果")
    leader.reads("等财务或单位负责人核实")


def grant(union, studio):
    union.open("assessments:studio-money", studio.pk)
    union.page.get_by_label("科目").select_option(label="工会拨款")
    union.page.get_by_label("金额（元）").fill("10000")
    union.page.get_by_label("用途").fill("启动经费")
    union.page.get_by_label("凭证或文号").fill("工字 1 号")
    union.press("记账")
    union.reads("10,000.00")


def verify(finance, studio):
    finance.open("assessments:studio-result", studio.results.get().pk)
    finance.page.get_by_label("核实年效益（元）").fill("80000")
    finance.page.get_by_label("核实意见").fill("少算一个月")
    finance.press("核实")
    finance.reads("成果已核实", "80,000.00")


def ripen(union, scene, studio):
    """Not without a log of three months; then all seven are lit."""
    find_ripe(union, studio)
    union.reads("七有还没有齐", "台账")
    first = scene.today.replace(day=1)
    for _ in range(3):
        first = (first - DAY).replace(day=1)
        scene.log(studio, max(first, scene.today - 92 * DAY))
    union.open("assessments:studio-board")
    expect(union.page.locator(".lamp.is-lit")).to_have_count(7)
    find_ripe(union, studio)
    union.reads("已认定成熟")


def find_ripe(union, studio):
    union.open("assessments:studio", studio.pk)
    open_folded(union.page, "认定成熟")
    union.page.locator("#reason-mature").fill("七有齐全")
    union.press("认定成熟")


# -- From its application to its end -----------------------------------------------------------------------------------


class Plant(steps.Jury, Scene):
    """A plant with a ripe studio, and whoever has a part in its honour."""

    def __init__(self):
        Scene.__init__(self)
        steps.Jury.__init__(self, self.root)
        self.studio = self.mature()
        plaque, proof = (store_photo(picture(), team=None, actor=self.leader) for _ in range(2))
        studios.describe(self.studio, plaque=plaque, actor=self.leader)
        self.studio.results.get().files.set([proof])


def test_seven_have_from_the_application_to_the_revocation(new_page):
    come, plant = steps.visitors(new_page), Plant()
    secretary, union, leader = come(plant.secretary), come(plant.union), come(plant.leader, PHONE)
    round_ = steps.open_round(secretary, "七有创新工作室")
    apply(leader, plant.studio)
    steps.recommend(union, "推荐到公司工会", "七有齐全，成果在用")
    steps.recommend(secretary, "推荐参评", "七有齐全，成果在用")

    steps.begin_review(secretary, round_, plant.reviewers)
    for reviewer in plant.reviewers:
        review(come(reviewer), plant.studio)
    visit(secretary, plant.studio, round_)
    steps.post_list(secretary)
    steps.let_notice_end()
    steps.name(secretary, round_)

    title = Title.objects.get(studio=plant.studio)
    read_title(leader, plant.studio)
    idle(plant.studio)
    let_pass(title)
    ask_to_mend(secretary, plant)
    leader.open("home")
    steps.tap(leader, "称号整改")
    leader.reads("到期由工会验收")
    revoke(secretary, plant.studio)
    require_over(union, come(None, PHONE), title)


def apply(leader, studio):
    """Files for what the system does not know, records and results for what it does; yes to each of the seven."""
    steps.begin(leader, studio.name)
    for place, label in ((0, "挂牌照片"), (5, "研磨机试验"), (6, "阀门研磨机")):
        steps.open_proofs(leader, place)
        steps.pick(leader, label)
    steps.upload(leader, 1, 2, 3, 4, 7, 9)
    for field in leader.page.get_by_label("自评").all():
        field.select_option(label="有")
    steps.hand_in(leader, "三年攻关 12 项，年效益 8 万元。")
    leader.reads("待推荐")


def review(reviewer, studio):
    """At the desk, in the open: who else reviews, and what they gave, is told."""
    reviewer.open("assessments:reviews")
    steps.begin_marks(reviewer, studio.name)
    for field in reviewer.page.get_by_label("评定").all():
        field.select_option(label="有")
    steps.give_marks(reviewer, "到现场看过照片，七有齐全", 7)


def visit(secretary, studio, round_):
    """Without the visit the list cannot be made; what was found there is kept."""
    secretary.open("assessments:round", round_.pk)
    secretary.follow("评审汇总表")
    secretary.reads("7.00", "还没有现场考察记录")
    secretary.follow(studio.name)
    open_folded(secretary.page, "记一次")
    secretary.page.get_by_label("形式").select_option(label="现场考察")
    secretary.page.get_by_label("参加人").fill("评委三人、工会一人")
    secretary.page.get_by_label("记录").fill("场所、设备、台账都对得上。")
    secretary.press("记下")
    secretary.reads("已记下", "台账都对得上")
    secretary.follow("评审汇总表")
    secretary.reads("齐了")
    secretary.follow("回到批次")


def read_title(leader, studio):
    """The studio's own page tells of its title."""
    leader.open("assessments:studio", studio.pk)
    leader.reads("已命名", steps.DOCUMENT)
    steps.tap(leader, "创新工作室")
    leader.reads("有效", "证书")


def let_pass(title):
    """Ten months go by; every night the studios and titles are looked at."""
    Title.objects.filter(pk=title.pk).update(
        valid_from=title.valid_from - DAYS * DAY, valid_to=title.valid_to - DAYS * DAY
    )
    tasks.check_studios()
    tasks.check_titles()


def ask_to_mend(secretary, plant):
    """The yearly check, filled in beforehand: without a result of the year nothing is kept."""
    secretary.open("home")
    steps.tap(secretary, "称号复评")
    secretary.reads("成果：十二个月里没有核实过的成果", "没有记录")
    secretary.page.get_by_label("保留称号").check()
    secretary.agree("写下结果", "大家都看得到")
    secretary.reads("12 个月里没有核实过的成果，只能限期整改或撤销")
    secretary.page.get_by_label("限期整改").check()
    secretary.page.get_by_label("说明").fill("十二个月没有成果")
    secretary.agree("写下结果", "大家都看得到")
    secretary.reads("已要求整改", "到期由工会验收")
    assert now(plant.studio).state == Studio.State.RECTIFYING


def revoke(secretary, studio):
    """What was wrong is not mended: the title and the studio end."""
    secretary.open("home")
    steps.tap(secretary, "验收称号整改")
    secretary.page.get_by_label("整改不合格，撤销").check()
    secretary.page.get_by_label("撤销方式").select_option(label="责令撤销")
    secretary.page.get_by_label("说明").fill("整改没有起色")
    secretary.agree("验收", "马上撤销")
    secretary.reads("已撤销", "整改没有起色")
    assert now(studio).state == Studio.State.REVOKED
    assert not studio.members.filter(left_on__isnull=True).exists()


def require_over(union, stranger, title):
    """The gallery no longer shows the studio, its page says why, and the certificate is told to be worth nothing."""
    union.open("assessments:studios")
    expect(union.page.get_by_text(title.studio.name)).to_have_count(0)
    union.open("assessments:studio", title.studio_id)
    union.reads("撤销", "整改没有起色")
    stranger.open(steps.verified_at(title))
    stranger.reads("称号已撤销", "现在不再有效")
