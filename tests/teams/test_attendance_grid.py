"""The month grid as a page: what is open, what is shut, and what a refusal shows."""

import datetime
import re

import pytest
from django.urls import reverse

from teams.attendance_grid import MonthGrid
from teams.errors import TeamError
from teams.models import AttendanceMonth, Membership, Team, User
from teams.selectors import members_during
from teams.services import attendance, corrections
from tests import factories as make
from tests.factories import PERIOD
from tests.teams.months import WHOLE, change, days, save, stored, team_of_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return team_of_two()


def post(client, team, user, **fields):
    client.force_login(user)
    return client.post(reverse("teams:attendance", args=[team.pk, PERIOD]), fields)


def test_a_refused_grid_shows_both_changes_and_saves_as_decided_the_second_time(team, client):
    save(team, no1="√√√")
    leader = User.objects.get(name="张三")
    change(team, no1=(2, "√", "病"))
    change(team, no1=(3, "√", "休"))
    two, three = (f"a-{leader.pk}-{day}" for day in (2, 3))
    page = post(client, team, leader, shown=f"{two} √\n{three} √", **{two: "事", three: "√"})
    grid = page.context["grid"]
    assert [(cell.text, cell.wrong) for cell in grid.rows[0].cells[:3]] == [("√", False), ("事", True), ("休", False)]
    texts = {cell.name: cell.text for cell in grid.rows[0].cells}
    assert post(client, team, leader, shown=grid.shown, **texts).status_code == 302
    assert stored(team)["000001"][0] == "√事休"


def test_a_wrong_cell_is_marked_and_still_counts_as_changed(team, client):
    leader = User.objects.get(name="张三")
    name, hours = f"a-{leader.pk}-2", f"o-{leader.pk}"
    page = post(client, team, leader, shown="", **{name: "X", hours: "8.123"})
    row = page.context["grid"].rows[0]
    assert (row.cells[1].wrong, row.overtime_wrong, row.cells[0].wrong) == (True, True, False)
    assert f"{name} " in page.context["grid"].shown.split("\n")
    assert page.content.decode().count('aria-invalid="true"') == 2
    assert "<li>张三 2 日：不认识的考勤符号“X”，请用下面图例里的符号。</li>" in page.content.decode()


# -- What the grid shows ------------------------------------------------------------------------------------------------


def grid_of(team, period=PERIOD):
    return MonthGrid(team, period, members_during(team, period))


def seen_by_leader(client, team):
    client.force_login(team.memberships.get(role="leader").user)
    return client.get(reverse("teams:attendance", args=[team.pk, PERIOD])).content.decode()


def test_days_outside_the_membership_are_shut_and_those_of_another_team_show_its_code(team):
    other, mover = make.make_team(name="二值"), make.make_user("000003", "王五")
    make.make_member(other, user=mover, ended_on=datetime.date(2026, 10, 2))
    save(other, no3="√夜")
    make.make_member(team, user=mover, started_on=datetime.date(2026, 10, 4))
    cells = grid_of(team).rows[2].cells[:4]
    held = f"记在{other}"
    assert [(cell.text, cell.shut, cell.closed) for cell in cells] == [
        ("√", held, True),
        ("夜", held, True),
        ("", "不在一值", True),
        ("", "", False),
    ]


def test_a_stray_code_stays_open_to_be_wiped_out(team):
    save(team, no2="√√")
    Membership.objects.filter(user__name="李四").update(started_on=datetime.date(2026, 10, 2))
    cells = grid_of(team).rows[1].cells
    assert [(cell.closed, cell.wrong) for cell in cells[:2]] == [(False, True), (False, False)]
    assert change(team, no2=(1, "√", "")) == {"000002": ("√", 150)}


def test_days_to_come_are_shut(team, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 10, 3))
    cells = grid_of(team).rows[0].cells
    assert [cell.shut for cell in cells[1:5]] == ["", "", "还没到", "还没到"]
    assert [cell.day for cell in cells if cell.today] == [3]


def test_who_had_no_day_of_rest_is_named_before_the_month_goes_on(team, client):
    save(team, no1=WHOLE, no2="√" * 30 + "休")
    page = seen_by_leader(client, team)
    assert page.count("1 人全月无休，请核对") == 2
    assert [user.name for user in grid_of(team).without_rest] == ["张三"]


def test_only_a_team_on_day_shift_is_offered_the_blind_fill(team, client):
    assert "空格都填正常出勤" not in seen_by_leader(client, team)
    Team.objects.update(shift_pattern="day")
    assert "空格都填正常出勤" in seen_by_leader(client, team)


def test_empty_cells_of_rotating_shifts_know_their_code_by_every_cycle(team, client):
    turn = "√√夜夜休休休休"
    september = dict.fromkeys(["000001"], (days((turn * 4)[:30]), 0))
    attendance.save_month(team, 202609, september, actor=None)
    save(team, no1="休休√事")
    found, unknown = (row.cells for row in grid_of(team).rows)
    assert "".join(cell.turns[0] for cell in found[4:12]) == "夜夜休休休休√√"
    assert [cell.turns for cell in unknown] == ["." * 12] * 31
    page = seen_by_leader(client, team)
    assert "按轮班顺延" in page
    assert page.count('data-turns="') == 31 * 2 - 4
    Team.objects.update(shift_pattern="day")
    assert "按轮班顺延" not in seen_by_leader(client, team)


def test_a_grid_that_is_only_read_proposes_nothing(team):
    save(team, no1="√夜休" * 6)
    assert grid_of(team).rows[0].cells[18].usual == "√"
    grid = MonthGrid(team, PERIOD, members_during(team, PERIOD), editable=False)
    assert {cell.turns + cell.usual for row in grid.rows for cell in row.cells} == {""}


def waiting(team, period=PERIOD):
    month = attendance.month_of(team, period)
    AttendanceMonth.objects.filter(pk=month.pk).update(state="confirmed")
    return month


def test_after_a_decision_the_manager_goes_on_to_the_next_month_that_waits(team, client):
    twin, stranger = make.make_team(team.unit, "二值"), make.make_team(name="外单位")
    manager = make.give_role(team.unit, "manager")
    waiting(stranger, 202609)
    own = waiting(twin, 202609)
    AttendanceMonth.objects.filter(pk=own.pk).update(confirmed_by=manager)
    waiting(twin)
    waiting(team)
    client.force_login(manager)

    def decide(verb, team, **body):
        page = client.post(reverse(f"teams:attendance-{verb}", args=[team.pk, PERIOD]), body, follow=True)
        return page.context["next_waiting"], page.content.decode()

    following, page = decide("approve", team)
    assert (following.team, following.period) == (twin, PERIOD)
    assert "下一个待审批：二值2026年10月" in page
    following, page = decide("return", twin, reason="5 日谁在")
    assert following is None
    assert "下一个待审批" not in page


def test_who_does_not_approve_is_not_led_on(team, client):
    waiting(make.make_team(team.unit, "二值"))
    assert "下一个待审批" not in seen_by_leader(client, team)


def test_a_month_that_is_not_over_cannot_be_confirmed(team, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 10, 30))
    save(team, no1="√" * 30, no2="√" * 30)
    with pytest.raises(TeamError, match="^10月还没过完，月底再确认。$"):
        attendance.confirm_month(attendance.month_of(team, PERIOD), actor=None)
    page = seen_by_leader(client, team)
    assert "还没过完，月底再确认" in page
    assert "确认全月考勤" not in page


def test_a_month_to_come_offers_nothing_to_fill_in(team, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 9, 30))
    page = seen_by_leader(client, team)
    assert "10月还没到，到时候再填" in page
    assert 'id="grid-form" data-guard' not in page
    assert "从考勤表导入" not in page


def test_a_month_says_that_corrections_of_earlier_ones_count_in_it(team, client):
    assert "条更正计入" not in seen_by_leader(client, team)
    september = PERIOD - 1
    make.make_attendance(team, september)
    make.approve_attendance(team, september)
    leader, worker = User.objects.get(name="张三"), User.objects.get(name="李四")
    facts = {"new_code": "病", "hours": 0, "reason": "补假条", "actor": leader}
    found = corrections.propose(team, worker, datetime.date(2026, 9, 3), **facts)
    corrections.approve(found, actor=make.give_role(team.unit, "manager"))
    assert "以前月份的 1 条更正计入2026年10月" in seen_by_leader(client, team)


def test_the_page_tells_whose_hands_the_month_went_through(team, client):
    save(team, no1=WHOLE, no2=WHOLE)
    month, leader, manager = (
        attendance.month_of(team, PERIOD),
        User.objects.get(name="张三"),
        make.make_user(name="钱厂长"),
    )
    attendance.confirm_month(month, actor=leader)
    attendance.return_month(month, "17 日漏填", actor=manager)
    page = seen_by_leader(client, team)
    assert "已退回" in page
    assert "退回意见：17 日漏填" in page
    attendance.confirm_month(month, actor=leader)
    attendance.approve_month(month, actor=manager)
    assert re.search(
        r"张三 2\d{3}-\d\d-\d\d \d\d:\d\d 确认，钱厂长 2\d{3}-\d\d-\d\d \d\d:\d\d 审批", seen_by_leader(client, team)
    )


def test_a_month_taken_over_from_paper_says_so(team, client):
    make.approve_attendance(team)
    page = seen_by_leader(client, team)
    assert "已审批（补录）" in page


def test_a_month_is_not_sent_back_without_a_reason_by_the_browser_already(team, client):
    save(team, no1=WHOLE, no2=WHOLE)
    attendance.confirm_month(attendance.month_of(team, PERIOD), actor=User.objects.get(name="张三"))
    client.force_login(make.give_role(team.unit, "manager"))
    page = client.get(reverse("teams:attendance", args=[team.pk, PERIOD])).content.decode()
    assert re.search(r'<input[^>]* name="reason"[^>]* required', page)
