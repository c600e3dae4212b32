"""今日 lists what waits for a person, for every month that is not finished, and nothing that waits for somebody else."""

import datetime

import pytest
from django.utils import timezone

from assessments.models import Check, Rectification
from assessments.services import appraisals, rectifications
from incentives.models import BonusRuleVersion, Distribution
from incentives.services import approvals, distributions, pools, publishing, rules, sign_offs
from teamhub import home
from teams import periods
from teams.figures import yuan_text
from teams.models import AttendanceMonth, Certificate, Team, WorkDay
from teams.services import attendance, coefficients, papers
from tests import factories as make
from tests.appraisals import end, give_votes, make_round, scores
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
BEFORE = periods.shift(PERIOD, -1)


@pytest.fixture(autouse=True)
def november(monkeypatch):
    monkeypatch.setattr(periods, "current_period", lambda: periods.shift(PERIOD, 1))


def queue(user, title):
    """The details of the items with this title, as the person sees them now."""
    vars(user).pop("_access", None)
    return [item["detail"] for item in home.page_of(user)["queue"] if item["title"] == title]


def leader_of(team):
    return team.memberships.get(role="leader").user


# -- Attendance and closes ----------------------------------------------------------------------------------------------


def test_every_unfinished_month_of_the_last_three_reaches_the_leader():
    team = make.make_ready_unit(teams=1).teams.get()
    name = team.name
    assert queue(leader_of(team), "确认考勤") == [f"{name}2026年{number}月考勤还没有确认" for number in (9, 8)]


def test_a_month_before_the_team_or_the_standard_asks_for_nothing():
    unit = make.make_unit()
    make.make_standard(unit, BEFORE)
    old, new = make.make_team(unit), make.make_team(unit, formed_on=periods.last_day(PERIOD))
    assessor = make.give_role(unit, "assessor")
    assert queue(make.make_member(old, "leader"), "确认考勤") == [
        f"{old.name}2026年10月考勤还没有确认",
        f"{old.name}2026年9月考勤还没有确认",
    ]
    assert queue(make.make_member(new, "leader"), "确认考勤") == [f"{new.name}2026年10月考勤还没有确认"]
    assert queue(assessor, "月结") == [f"{unit.name}2026年{number}月还没有关账" for number in (10, 9)]


@pytest.mark.parametrize("month", [202603, periods.shift(PERIOD, 1)])
def test_attendance_returned_in_any_month_reaches_the_leader(month):
    team = make.make_ready_unit(teams=1).teams.get()
    row = attendance.month_of(team, month)
    AttendanceMonth.objects.filter(pk=row.pk).update(question="5 日谁在")
    assert f"{team.name}{periods.label(month)}考勤被退回：5 日谁在" in queue(leader_of(team), "确认考勤")


def test_a_closed_month_waits_for_nobody():
    unit = make.make_ready_unit(teams=1)
    assessor = make.give_role(unit, "assessor")
    assert len(queue(assessor, "月结")) == 3
    make.close_month(unit)
    assert queue(assessor, "月结") == [f"{unit.name}2026年{number}月还没有关账" for number in (9, 8)]


# -- The bonus ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def plant():
    """A closed unit of two teams with the people who handle its bonus."""
    unit = make.make_ready_unit()
    make.close_month(unit)
    return unit, *unit.teams.all(), make.give_role(unit, "finance"), make.give_role(unit, "manager")


def test_finance_is_told_once_per_unit_which_teams_have_no_pool(plant):
    unit, first, second, finance, manager = plant
    assert queue(finance, "下达奖金总额") == [f"{unit.name}2026年10月还没有下达：{first.name}、{second.name}"]
    pools.set_pool(first, PERIOD, 1000, actor=None)
    assert queue(finance, "下达奖金总额") == [f"{unit.name}2026年10月还没有下达：{second.name}"]
    assert queue(manager, "下达奖金总额") == []


def test_a_bonus_waits_for_one_after_the_other(plant):
    _, team, _, finance, manager = plant
    people = {
        "拟定奖金分配": leader_of(team),
        "提交奖金分配": leader_of(team),
        "批准奖金分配": manager,
        "奖金入账": finance,
        "张榜公布": manager,
        "奖金发放": finance,
    }

    def waiting():
        return {title: details for title, user in people.items() if (details := queue(user, title))}

    october = f"{team.name}2026年10月"
    pools.set_pool(team, PERIOD, 1000, actor=None)
    assert waiting() == {"拟定奖金分配": [october]}
    draft = distributions.draft(team, PERIOD, actor=None)
    assert waiting() == {"提交奖金分配": [october]}
    approvals.propose(draft, actor=None)
    assert waiting() == {"批准奖金分配": [october]}
    approvals.return_draft(draft, "工时不对", actor=None)
    assert waiting() == {"拟定奖金分配": [f"{october}被退回：工时不对"]}
    draft = distributions.draft(team, PERIOD, actor=None)
    approvals.propose(draft, actor=None)
    approvals.approve(draft, actor=None)
    assert waiting() == {"奖金入账": [october]}
    approvals.post(draft, actor=None)
    paid = {"奖金发放": [f"{team.unit.name}2026年10月已入账，发放后登记：{team.name}"]}
    assert waiting() == {"张榜公布": [october]} | paid
    publishing.publish_month(team, PERIOD, actor=None)
    assert waiting() == paid
    approvals.settle(draft, paid_on=timezone.localdate(), actor=None)
    assert waiting() == {}


def test_members_are_told_what_waits_for_their_signature_and_the_manager_only_afterwards(plant):
    unit, team, _, _finance, manager = plant
    version = rules.install_preset("rule_attendance_work", unit, actor=None)
    BonusRuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | {"consent": 6667})
    rules.put_in_force(version, PERIOD, actor=None)
    bonus = make.propose_bonus(team, amount=30000)
    members = [line.user for line in bonus.lines.select_related("user")]
    own = bonus.lines.get(user=members[1])
    assert queue(members[1], "奖金会签") == [f"{team.name}2026年10月奖金分配，您的应得 {yuan_text(own.payable)} 元"]
    assert queue(manager, "批准奖金分配") == []
    sign_offs.sign(bonus, agrees=False, reason="少算了", actor=members[0])
    for user in members[1:]:
        sign_offs.sign(bonus, agrees=True, actor=user)
    assert [queue(user, "奖金会签") for user in members] == [[], [], []]
    assert queue(manager, "批准奖金分配") == [f"{team.name}2026年10月，1 人不同意"]


def test_a_pool_of_an_open_month_waits_for_the_close_and_not_for_the_leader():
    team = make.make_ready_unit(teams=1).teams.get()
    pools.set_pool(team, PERIOD, 1000, actor=None)
    assert queue(leader_of(team), "拟定奖金分配") == []


def test_an_older_month_is_not_forgotten(plant, monkeypatch):
    _, team, _, _finance, manager = plant
    make.propose_bonus(team)
    monkeypatch.setattr(periods, "current_period", lambda: periods.shift(PERIOD, 3))
    assert queue(manager, "批准奖金分配") == [f"{team.name}2026年10月"]
    monkeypatch.setattr(periods, "current_period", lambda: periods.shift(PERIOD, 4))
    assert queue(manager, "批准奖金分配") == []
    assert Distribution.objects.get().state == "proposed"


# -- Coefficients -------------------------------------------------------------------------------------------------------


def test_a_proposed_coefficient_waits_for_another_manager_only():
    team = make.make_team(make.make_unit(), "一值")
    member = make.make_member(team, user=make.make_user(name="张三"))
    leader, manager = make.make_member(team, "leader"), make.give_role(team.unit, "manager")
    day = periods.first_day(periods.shift(PERIOD, 1))
    propose = {"effective_on": day, "reason": "取得技师证"}
    coefficients.propose(member.memberships.get(), 110, actor=leader, **propose)
    coefficients.propose(leader.memberships.get(), 130, actor=manager, **propose)
    assert queue(manager, "审批岗位系数") == ["一值张三 1.0 → 1.1"]
    assert queue(leader, "审批岗位系数") == []


# -- Certificates ------------------------------------------------------------------------------------------------------


def test_certificates_to_renew_reach_the_holder_the_leader_and_the_manager_in_one_line_a_team():
    team = make.make_team(name="一值")
    leader, clerk, worker = (make.make_member(team, role) for role in ("leader", "clerk", "worker"))
    today = timezone.localdate()
    for number, (holder, days) in enumerate([(worker, 10), (worker, 60), (worker, 61), (clerk, -1)]):
        facts = {"name": "焊工证", "number": str(number), "issued_on": None}
        papers.add(Certificate, holder, actor=leader, expires_on=today + datetime.timedelta(days=days), **facts)
    whole_team = ["一值：2 本证书 60 天内到期，1 本已过期"]
    assert queue(worker, "换发证书") == ["我的证书：2 本证书 60 天内到期"]
    assert queue(clerk, "换发证书") == ["我的证书：1 本证书已过期"]
    assert queue(leader, "换发证书") == queue(make.give_role(team.unit, "manager"), "换发证书") == whole_team
    for role in ("admin", "finance", "auditor"):
        assert queue(make.give_role(team.unit, role), "换发证书") == []


def test_certificates_of_many_teams_are_one_line():
    unit = make.make_unit()
    for number in range(4):
        worker = make.make_member(make.make_team(unit=unit, name=f"{number}值"))
        facts = {"name": "焊工证", "number": str(number), "issued_on": None, "expires_on": timezone.localdate()}
        papers.add(Certificate, worker, actor=worker, **facts)
    assert queue(make.give_role(unit, "manager"), "换发证书") == ["4 个班组：4 本证书 60 天内到期"]


# -- Today's attendance -------------------------------------------------------------------------------------------------


def test_todays_attendance_waits_for_its_keepers_until_it_is_saved(monkeypatch):
    monday = datetime.date(2026, 11, 2)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: monday)
    team = make.make_team(name="一值")
    leader, worker = make.make_member(team, "leader"), make.make_member(team)
    manager = make.give_role(team.unit, "manager")
    assert [queue(user, "今天的考勤") for user in (leader, worker, manager)] == [["一值今天还有人没记考勤"], [], []]
    changes = {(user.employee_no, monday.day): ("", "√") for user in (leader, worker)}
    attendance.change_month(team, periods.period_of(monday), changes, actor=leader)
    assert queue(leader, "今天的考勤") == ["一值今天的考勤已填好"]


def test_a_team_on_day_shift_is_left_alone_on_a_day_off(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 11, 1))
    team = make.make_team(name="一值")
    leader = make.make_member(team, "leader")
    assert queue(leader, "今天的考勤") == ["一值今天还有人没记考勤"]
    Team.objects.update(shift_pattern="day")
    assert queue(leader, "今天的考勤") == []


# -- Findings and rectifications ----------------------------------------------------------------------------------------


@pytest.fixture
def found():
    """A team with a rectification that names its worker, in a unit of a plant."""
    plant = make.make_unit("本厂")
    make.make_standard(plant)
    team = make.make_team(make.make_unit("运行部", parent=plant), "一值")
    make.make_member(team, "leader")
    today = timezone.localdate()
    sheet = make.file_findings(
        team, ("1.2", -100, make.make_member(team)), day=today.day, period=periods.period_of(today)
    )
    return Rectification.objects.get(finding__on_sheet=sheet)


def lateness(row, days):
    """Let the due date have passed that many working days ago; every day is worked."""
    today = timezone.localdate()
    WorkDay.objects.bulk_create(WorkDay(date=today - datetime.timedelta(days=n), is_workday=True) for n in range(days))
    Rectification.objects.filter(pk=row.pk).update(due_on=today - datetime.timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "told"), [(0, ""), (1, "L"), (2, "L"), (3, "LM"), (6, "LM"), (7, "LMRA"), (20, "LMRA")]
)
def test_the_later_the_higher_it_is_told(found, days, told):
    unit = found.team.unit
    people = {"L": leader_of(found.team), "M": make.give_role(unit, "manager")}
    people |= {"R": make.give_role(unit.parent, "manager"), "A": make.give_role(unit.parent, "assessor")}
    outside = make.make_unit(parent=unit.parent)
    people |= {"x": make.give_role(outside, "manager"), "y": make.make_member(make.make_team(outside), "leader")}
    lateness(found, days)
    assert "".join(key for key, user in people.items() if queue(user, "整改逾期")) == told


@pytest.mark.parametrize("place", ["unit", "plant"])
def test_the_page_it_leads_to_lists_as_many_as_it_says(found, place, client):
    unit = found.team.unit
    manager = make.give_role(unit if place == "unit" else unit.parent, "manager")
    lateness(found, 7)
    today = timezone.localdate()
    day, period = today.day, periods.period_of(today)
    sheet = make.file_findings(found.team, ("1.2", -100, None), ("1.2", -50, None), day=day, period=period)
    later = Rectification.objects.filter(finding__on_sheet=sheet)
    later.update(due_on=today - datetime.timedelta(days=1))
    (line,) = [line for line in home.page_of(manager)["queue"] if line["title"] == "整改逾期"]
    assert "有 1 条" in line["detail"]
    client.force_login(manager)
    assert [row.pk for row in client.get(line["url"]).context["rows"]] == [found.pk]
    assert len(client.get(line["url"].replace("told", "on")).context["rows"]) == 3


def test_each_is_told_of_the_own_turn(found):
    leader, worker, today = leader_of(found.team), found.finding.person, timezone.localdate()
    assessor = make.give_role(found.team.unit, "assessor")
    turns = {"分配整改": leader, "整改": worker, "复核整改": assessor}

    def told():
        return {title: bool(queue(user, title)) for title, user in turns.items()}

    assert told() == {"分配整改": True, "整改": False, "复核整改": False}
    rectifications.assign(found, worker, due_on=today, note="", actor=leader)
    assert told() == {"分配整改": False, "整改": True, "复核整改": False}
    rectifications.report(found, "改了", photos=[], actor=worker)
    assert told() == {"分配整改": False, "整改": False, "复核整改": True}
    rectifications.close(found, actor=assessor)
    assert told() == dict.fromkeys(turns, False)


def test_many_of_one_kind_are_one_line(found):
    team, today = found.team, timezone.localdate()
    for code in ("1.1", "2.1", "2.2"):
        make.file_findings(team, (code, -50, None), day=today.day, period=periods.period_of(today))
    (line,) = queue(leader_of(team), "分配整改")
    assert line.startswith("有 4 条待分配，最早 ")


def test_the_person_named_is_told_for_seven_days_or_until_the_statement(found):
    title, person = "有一条检查记录点到您", found.finding.person
    assert len(queue(person, title)) == 1
    assert queue(leader_of(found.team), title) == []
    filed = timezone.now() - datetime.timedelta(days=7, minutes=1)
    Check.objects.update(submitted_at=filed)
    assert queue(person, title) == []
    Check.objects.update(submitted_at=filed + datetime.timedelta(minutes=2))
    assert len(queue(person, title)) == 1
    rectifications.add_statement(found.finding, "在抢修", actor=person)
    assert queue(person, title) == []


# -- Leader appraisals ---------------------------------------------------------------------------------------------------


def test_an_open_appraisal_asks_each_side_until_it_has_answered():
    team = make.make_team()
    leader, member = make.make_member(team, "leader"), make.make_member(team)
    manager = make.give_role(team.unit, "manager")
    about = make_round(team.unit, title="三季度测评").leaders.get()
    until = f"三季度测评，{about.appraisal.ends_on:%Y-%m-%d} 截止"
    assert queue(leader, "班组长自评") == [until]
    assert queue(member, "民主测评") == [f"给{leader}测评（不记名）：{until}"]
    assert queue(manager, "评价班组长") == ["三季度测评：还有 1 名班组长没有上级评价"]
    appraisals.rate_oneself(about, scores(about), "", actor=leader)
    appraisals.rate_as_superior(about, scores(about), "", actor=manager)
    give_votes(about, [member])
    titles = ("班组长自评", "民主测评", "评价班组长", "结束测评")
    assert [queue(who, title) for who in (leader, member, manager) for title in titles] == [[]] * 12


def test_an_appraisal_past_its_last_day_asks_the_manager_to_close_it_and_nobody_else():
    team = make.make_team()
    leader, member = make.make_member(team, "leader"), make.make_member(team)
    manager = make.give_role(team.unit, "manager")
    today = timezone.localdate()
    days = {"opens_on": today - datetime.timedelta(days=3), "ends_on": today - datetime.timedelta(days=1)}
    make_round(team.unit, title="三季度测评", **days)
    assert queue(leader, "班组长自评") == queue(member, "民主测评") == []
    ended = f"三季度测评 {days['ends_on']:%Y-%m-%d} 已截止，可以结束并公布结果"
    assert queue(manager, "结束测评") == [ended]


def test_the_leader_is_told_of_the_own_result_for_a_week(monkeypatch):
    team = make.make_team()
    leader, member = make.make_member(team, "leader"), make.make_member(team)
    found = make_round(team.unit, title="三季度测评")
    assert queue(leader, "测评结果") == []
    end(found)
    assert queue(leader, "测评结果") == ["三季度测评已公布，看看我的得分和大家的意见"]
    assert queue(member, "测评结果") == []
    later = timezone.now() + datetime.timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert queue(leader, "测评结果") == []


def test_an_appraisal_that_has_not_begun_asks_nobody():
    team = make.make_team()
    leader, manager = make.make_member(team, "leader"), make.give_role(team.unit, "manager")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    make_round(team.unit, opens_on=tomorrow, ends_on=tomorrow)
    assert queue(leader, "班组长自评") == queue(manager, "评价班组长") == []
