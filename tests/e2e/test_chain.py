"""The whole chain in a browser: from the roster to one's own amount on the board, and back to the photo behind it."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from assessments.services import standards
from incentives.explain import explain
from incentives.models import DistributionLine
from teamhub.month_folder import read_folder
from teams.figures import signed_yuan_text, yuan_text
from teams.models import Team, User
from teams.services import attendance
from tests import factories as make
from tests.data import CASE, EXPECTED
from tests.e2e.steps import ON_THE_PHONE, Sheet, Visitor, photo_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PERIOD = 202610
LEADER, WORKER = ("009694", "周燕敏"), ("023762", "宋明远")
OTHERS = ["运行二值", "化学运行班"]
OWN_PASSWORD = "Own-password-7"


@pytest.fixture(autouse=True)
def whenever_the_tests_run(monkeypatch):
    """The month of the case is near today for as long as there are tests."""
    monkeypatch.setattr(standards, "FARTHEST", 1200)


@pytest.fixture
def staff():
    """The plant on its first day: a root unit, and four people with a role in it."""
    root = make.make_unit("示例电厂")
    admin = make.make_user("900001", "高管员", OWN_PASSWORD)
    return SimpleNamespace(
        root=root,
        admin=make.give_role(root, "admin", admin),
        assessor=make.give_role(root, "assessor", make.make_user("900002", "孙考评")),
        manager=make.give_role(root, "manager", make.make_user("900003", "何主任")),
        finance=make.give_role(root, "finance", make.make_user("900004", "钱会计")),
    )


@ON_THE_PHONE
def test_from_the_roster_to_the_photo_behind_an_amount(device, staff, new_page):
    seen = set()

    def visitor(user=None):
        return Visitor(new_page(device, user=user), seen=seen)

    admin = visitor()
    admin.sign_in(staff.admin.employee_no, OWN_PASSWORD)
    import_the_roster(admin)
    passwords = issue_passwords(admin)

    assessor, manager, finance = visitor(staff.assessor), visitor(staff.manager), visitor(staff.finance)
    put_the_standard_in_force(assessor)

    leader, team = visitor(), Team.objects.get(name="运行一值")
    leader.sign_in_for_the_first_time(LEADER[0], passwords[LEADER[1]], OWN_PASSWORD)
    hand_in_attendance(leader, team)
    file_a_self_check(leader, team)
    inspect(assessor, team)

    hand_in_attendance_of_the_others()
    for name in [team.name, *OTHERS]:
        approve_attendance(manager, name)
    close_the_month(assessor)

    set_pools_and_rule(finance)
    draft_the_bonus(leader)
    approve_the_bonus(manager)
    post_the_bonus(finance)
    publish(manager)

    worker = visitor()
    worker.sign_in_for_the_first_time(WORKER[0], passwords[WORKER[1]], OWN_PASSWORD)
    board = find_the_own_row(worker)
    follow_the_amount_to_the_photo(worker)
    look_without_signing_in(visitor(), board)


# -- The administrator --------------------------------------------------------------------------------------------------


def import_the_roster(admin):
    admin.open("teams:team-list")
    admin.page.get_by_role("link", name="导入花名册").first.click()
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("导入花名册")
    admin.look()
    since = admin.page.get_by_label("变动从哪天起生效")
    expect(since).to_have_value(re.compile(r"20\d\d-\d\d-01"))
    since.fill("2026-10-01")
    admin.page.get_by_label("工作簿").set_input_files(CASE / "roster.xlsx")
    admin.press("上传并核对")

    admin.reads("新进68 人", "有错5 行")
    for bad in EXPECTED["roster_errors"]:
        expect(admin.row(f"第 {bad['row']} 行")).to_contain_text(bad["reason"])
    admin.agree("跳过有错的行，导入其余", "将新增 68 人、变动 0 人，跳过 5 行有错的")
    admin.reads("花名册已导入", "新进68 人")


def issue_passwords(admin):
    """The one-time passwords of 运行一值, as the page shows them once: {name: password}."""
    admin.follow("看班组")
    admin.follow("运行一值")
    admin.agree("发放首次密码", "只显示这一次")
    rows = admin.page.locator("tbody tr")
    expect(rows).to_have_count(11)
    return {row.locator("th").inner_text(): row.locator("td").last.inner_text() for row in rows.all()}


# -- The assessor -------------------------------------------------------------------------------------------------------


def put_the_standard_in_force(assessor):
    assessor.open("assessments:standards")
    assessor.press("把“班组日常考核标准（5 大项 44 小项）”装为草案")
    assessor.reads("标准已装为草案", "44 条", "违章")
    assessor.page.get_by_label("从哪个月起执行").fill("2026-10")
    assessor.agree("开始执行", "从 2026-10 起，示例电厂及下属班组都按“班组日常考核标准")
    assessor.reads("从2026年10月起执行")


def inspect(assessor, team):
    assessor.open("assessments:inspect", team.pk)
    assessor.page.get_by_label("日期").fill("2026-10-20")
    assessor.page.get_by_label("检查类型").select_option(label="抽查")
    sheet = Sheet(assessor.page)
    sheet.deviate("生产运行", "3.4", points="1.5", note="交接班记录漏签字")
    sheet.deviate("加分", "＋", points="1", note="及时发现给水泵异响")
    assessor.look()
    assessor.agree("提交检查", "1 条有问题，共扣 1.5 分；加 1 分")
    assessor.reads("已提交：2 条记录", "−1.5 分", "+1 分", "整个班组")


def close_the_month(assessor):
    assessor.open("assessments:close-list", PERIOD)
    assessor.follow("运行部")
    assessor.press("开始计算")
    assessor.reads("运行一值", "运行二值", "化学运行班", "输入指纹")
    assessor.agree("确认得分", "不能再登记检查")
    assessor.agree("关账", "谁也不能再改")
    assessor.reads("已关账")


# -- The leader ---------------------------------------------------------------------------------------------------------


def hand_in_attendance(leader, team):
    leader.open("teams:attendance", team.pk, PERIOD)
    leader.choose_file(leader.page.get_by_text("选择文件"), CASE / "attendance.xlsx")
    leader.reads("attendance.xlsx（")
    leader.press("导入")
    leader.reads("已读入 11 人的2026年10月考勤")
    leader.press("保存")
    leader.reads("2026年10月考勤已保存")
    leader.agree("确认全月考勤", "交单位负责人审批")
    leader.reads("考勤已确认，等待单位负责人审批。")


def file_a_self_check(leader, team):
    leader.open("assessments:self-check", team.pk)
    leader.page.get_by_label("日期").fill("2026-10-12")
    Sheet(leader.page).deviate(
        "安全环保", "2.4", points="2", person=WORKER[1], note="高处作业未系安全带", photo=photo_file()
    )
    leader.look()
    leader.agree("提交（1 条有问题，其余正常）", "1 条有问题，共扣 2 分")
    leader.reads("已提交：1 条记录", "2.4 违章", WORKER[1], "−2 分")


def hand_in_attendance_of_the_others():
    months = read_folder(CASE, PERIOD).attendance
    for team in Team.objects.filter(name__in=OTHERS):
        members = {member.employee_no: (member.codes, member.overtime) for member in months[team.name]}
        month = attendance.save_month(team, PERIOD, members, actor=None)
        attendance.confirm_month(month, actor=None)


def draft_the_bonus(leader):
    leader.open("incentives:month", PERIOD)
    leader.follow("运行一值")
    leader.press("拟定分配")
    leader.reads("分配已拟好。看过各人的金额，再提交。")
    leader.agree("提交", "运行一值 11 人看得到全班的金额")
    leader.reads("分配已提交，组员看得到了。要会签的先会签，再由单位负责人批准。")


# -- The manager --------------------------------------------------------------------------------------------------------


def approve_attendance(manager, name):
    manager.open("home")
    with manager.arriving():
        manager.page.get_by_role("link", name=re.compile(f"审批考勤.*{name}")).click()
    manager.agree("审批通过", f"{name}2026年10月的考勤就用于得分和奖金")
    manager.reads("考勤已审批，可以用于考核和奖金。")


def approve_the_bonus(manager):
    manager.open("incentives:month", PERIOD)
    manager.follow("运行一值")
    manager.agree("批准", "运行一值的分配定下来，不能再改：11 人分 21,504.10 元。")
    manager.reads("分配已批准。")


def publish(manager):
    manager.open("incentives:month", PERIOD)
    manager.follow("运行一值")
    manager.agree("张榜公布", "个人数据按张榜规定只给登录的人看")
    manager.reads("已张榜公布", "已张榜")


# -- Finance ------------------------------------------------------------------------------------------------------------


def set_pools_and_rule(finance):
    finance.open("incentives:rules")
    finance.press("把“出勤三成、工作七成”装为草案")
    finance.page.get_by_label("会议日期").fill("2026-10-01")
    finance.page.get_by_label("同意（人）", exact=True).fill("9")
    finance.press("登记通过")
    finance.page.get_by_label("从哪个月起执行").fill("2026-10")
    finance.agree("开始执行", "从 2026-10 起，示例电厂及下属班组的奖金都按")
    finance.reads("从2026年10月起执行")
    finance.open("incentives:month", PERIOD)
    finance.follow("下达运行部奖金")
    finance.page.get_by_label("运行一值").fill("21504.10")
    finance.page.get_by_label("化学运行班").fill("23173.43")
    finance.agree("下达", "运行部2026年10月：共 2 个班组有奖金，合计 44,677.53 元。")
    finance.reads("已下达 2 个班组，无变化 1 个", "44,677.53")


def post_the_bonus(finance):
    finance.open("incentives:month", PERIOD)
    finance.follow("运行一值")
    finance.agree("入账", "入账后写入总账")
    finance.reads("奖金已入账。")


# -- The worker, and a stranger -----------------------------------------------------------------------------------------


def find_the_own_row(worker):
    """From the navigation to the bonus board; returns its address."""
    worker.follow("公告栏")
    with worker.arriving():
        worker.page.get_by_role("link", name=re.compile(r"运行一值2026年10月\s*绩效奖金表")).click()
    own = worker.page.locator("tr.own-row")
    expect(own).to_have_count(1)
    expect(own).to_contain_text(f"{WORKER[1]} （我）")
    expect(worker.page.locator("tbody tr")).to_have_count(11)
    colours = "row => getComputedStyle(row).backgroundColor + getComputedStyle(row.cells[1]).backgroundColor"
    assert own.evaluate(colours) != worker.row(LEADER[1]).evaluate(colours)
    return worker.page.url


def follow_the_amount_to_the_photo(worker):
    line = DistributionLine.objects.get(user__employee_no=WORKER[0])
    (row,) = explain(line).findings
    assert (line.days, line.score) == (22, 9800)
    assert row.effect < 0

    worker.follow("这个数怎么来的")
    worker.reads(yuan_text(line.amount), "岗位系数1.0", "出勤22 天", "工时176 时", "个人得分98.00 分")
    worker.reads("第 2.4 条 违章", "−2 分", "2026-10-12 自查，检查人 周燕敏：高处作业未系安全带", "第 1 版")
    found = worker.page.get_by_role("listitem").filter(has_text="第 2.4 条")
    expect(found.locator(".num")).to_have_text(f"{signed_yuan_text(row.effect)} 元")

    worker.follow("第 2.4 条 违章")
    photo = worker.page.get_by_role("img", name="第 1 张照片")
    photo.scroll_into_view_if_needed()
    worker.page.wait_for_function("() => document.querySelector('.photo-strip img').naturalWidth === 320")


def look_without_signing_in(stranger, board):
    names = User.objects.values_list("name", flat=True)
    stranger.open(board)
    stranger.reads(
        "奖金总额21,504.10 元", "参加分配11 人", "个人数据只给运行一值的人和管理这个班组的人看", "与发布时一致"
    )
    pages = [stranger.page.content()]
    for link in ["考核得分榜", "考勤表"]:
        stranger.follow(link)
        pages.append(stranger.page.content())
    stranger.open("bulletins:wall")
    pages.append(stranger.page.content())
    assert [name for name in names for html in pages if name in html] == []
