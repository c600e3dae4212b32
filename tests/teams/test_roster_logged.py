"""Nobody is moved or let go from a day on that another team has logged already: those days would count nowhere."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from teams import periods, selectors
from teams.errors import TeamError
from teams.models import Attendance, Membership, Team, User
from teams.services import attendance
from teams.services.roster import apply_roster, stage_roster, staged_plan
from tests import factories as make
from tests.workbooks import roster

pytestmark = pytest.mark.django_db
PERIOD = 202610
FIRST, LATER = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)
NOW = [
    ["700001", "张三", "运行部", "一值", "班长"],
    ["700002", "李四", "运行部", "一值"],
    ["700003", "王五", "运行部", "二值"],
]
MOVED = ["700002", "李四", "运行部", "二值"]
SENTENCE = (
    "李四 2026-10-01 到 2026-10-20 共 20 天的考勤已经记在一值。请把生效日期改成 2026-10-21 或以后再办，"
    "或请一值先把李四这些天的考勤清空，否则这些天在哪个班组都不算"
)


@pytest.fixture
def plant():
    """Three people in two teams since September, 李四 logged by 一值 up to the 20th of October."""
    root = make.make_unit("本厂")
    apply_roster(stage(root, *NOW, on=FIRST), actor=None)
    log("700002", "一值", range(1, 21))
    return root


def stage(root, *people, on=LATER):
    return stage_roster(roster(*people), root=root, effective_on=on, actor=None)


def log(number, team, days):
    codes = dict.fromkeys(days, "√")
    attendance.save_month(Team.objects.get(name=team), PERIOD, {number: (codes, 0)}, actor=None)


def told(plan):
    return [(problem.reason, problem.detail) for row in plan.bad for problem in row.problems]


def places():
    return dict(Membership.objects.open().values_list("user__employee_no", "team__name"))


@pytest.mark.parametrize("day", [1, 20])
def test_a_move_from_a_day_that_is_logged_already_is_a_wrong_row(plant, day):
    on = LATER.replace(day=day)
    plan = staged_plan(stage(plant, MOVED, on=on))
    ((reason, detail),) = told(plan)
    assert (reason, plan.changed) == ("这些天的考勤已经记了", [])
    assert detail == (SENTENCE if day == 1 else SENTENCE.replace("2026-10-01 到 2026-10-20 共 20", "2026-10-20 共 1"))
    with pytest.raises(TeamError, match="^还有 1 行有错"):
        apply_roster(stage(plant, MOVED, on=on), actor=None)
    assert places()["700002"] == "一值"
    assert Attendance.objects.count() == 20


def test_the_day_after_the_last_one_logged_is_free_and_no_day_gets_lost(plant):
    apply_roster(stage(plant, MOVED, on=LATER.replace(day=21)), actor=None)
    old, new = (Team.objects.get(name=name) for name in ("一值", "二值"))
    days = {
        team.name: {row.user.name: row.days for row in selectors.members_during(team, PERIOD)} for team in (old, new)
    }
    assert (days["一值"]["李四"], days["二值"]["李四"]) == (set(range(1, 21)), set(range(21, 32)))


def test_once_the_old_team_has_cleared_the_days_the_person_moves(plant):
    log("700002", "一值", [])
    apply_roster(stage(plant, MOVED), actor=None)
    assert places()["700002"] == "二值"


def test_another_duty_or_coefficient_in_the_same_team_loses_no_day(plant):
    plan = staged_plan(stage(plant, ["700002", "李四", "运行部", "一值", "副班长", "1.2"]))
    assert (plan.bad, len(plan.changed)) == ([], 1)


def test_a_coefficient_from_before_a_move_would_take_the_days_of_the_team_before(plant):
    apply_roster(stage(plant, MOVED, on=LATER.replace(day=21)), actor=None)
    back = [*MOVED, "", "1.2"]
    assert [reason for reason, _ in told(staged_plan(stage(plant, back)))] == ["这些天的考勤已经记了"]
    assert staged_plan(stage(plant, back, on=LATER.replace(day=21))).bad == []


def test_names_and_phones_change_from_any_day(plant):
    plan = staged_plan(stage(plant, ["700002", "李肆", "运行部", "一值"]))
    assert (plan.bad, len(plan.changed)) == ([], 1)


def test_a_leader_who_cannot_move_makes_no_room_for_another(plant):
    log("700001", "一值", [1])
    plan = staged_plan(stage(plant, ["700001", "张三", "运行部", "二值"], ["700002", "李四", "运行部", "一值", "班长"]))
    assert [reason for reason, _ in told(plan)] == ["这些天的考勤已经记了", "班组已有班长"]


def test_nobody_leaves_before_the_last_day_that_is_logged(plant, client):
    batch = stage(plant, NOW[0], NOW[2])
    plan = staged_plan(batch)
    assert ([member.user.name for member in plan.absent], plan.may_let_go) == (["李四"], False)
    with pytest.raises(
        TeamError, match="^李四 2026-10-01 到 2026-10-20 共 20 天的考勤已经记在一值。.*一行也没有导入。$"
    ):
        apply_roster(batch, actor=None, absent=plan.absent_mark)
    assert User.objects.get(employee_no="700002").is_active
    client.force_login(make.give_role(plant, "admin"))
    address = reverse("teams:roster-preview", args=[batch.pk])
    page = client.get(f"{address}?group=absent&leave=1").content.decode()
    assert (f"现在不能办理离开：{SENTENCE}" in page, 'name="absent"' in page) == (True, False)
    later = stage(plant, NOW[0], NOW[2], on=LATER.replace(day=21))
    apply_roster(later, actor=None, absent=staged_plan(later).absent_mark)
    assert User.objects.get(employee_no="700002").memberships.get().ended_on == LATER.replace(day=20)


def test_the_preview_names_days_team_and_the_way_out(plant, client):
    client.force_login(make.give_role(plant, "admin"))
    page = client.get(reverse("teams:roster-preview", args=[stage(plant, MOVED).pk])).content.decode()
    assert ("这些天的考勤已经记了" in page, SENTENCE in page) == (True, True)


@pytest.mark.parametrize("many", [2, 12])
def test_however_many_move_it_takes_one_query_more(plant, many, django_assert_num_queries):
    people = [[f"70010{n}", f"员工{n}", "运行部", "一值"] for n in range(many)]
    apply_roster(stage(plant, *people, on=FIRST), actor=None)
    for number, *_ in people:
        log(number, "一值", range(1, 4))
    batch = stage(plant, *([number, name, "检修部", "三班"] for number, name, *_ in people))
    with django_assert_num_queries(9):
        assert len(staged_plan(batch).bad) == many


def test_the_day_that_is_proposed_is_today_once_anybody_is_in_a_team(client):
    root = make.make_unit("新厂")
    client.force_login(make.give_role(root, "admin"))

    def proposed():
        return client.get(reverse("teams:roster-upload")).context["form"].initial["effective_on"]

    assert proposed() == periods.first_day(periods.current_period())
    make.make_member(make.make_team(make.make_unit("别的厂")))
    assert proposed() == periods.first_day(periods.current_period())
    make.make_member(make.make_team(make.make_unit("运行部", parent=root)))
    assert proposed() == timezone.localdate()
