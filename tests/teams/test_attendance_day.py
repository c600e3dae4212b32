"""One day of a team on the leader's phone: what is proposed, what is stored, and what two people make of it."""

import datetime

import pytest
from django.urls import reverse

from teams.attendance_day import BIG, DaySheet, codes, filled_today, members_on
from teams.models import Attendance, AttendanceMonth, AuditEntry, Team, User, WorkDay
from teams.services import attendance
from tests import factories as make
from tests.factories import PERIOD
from tests.teams.months import WHOLE, change, days, save, stored, team_of_two

pytestmark = pytest.mark.django_db
MONDAY, SUNDAY = datetime.date(2026, 10, 19), datetime.date(2026, 10, 25)
TURN = "√√夜夜休休休休"


@pytest.fixture
def team():
    return team_of_two()


@pytest.fixture
def day_team(team):
    Team.objects.update(shift_pattern="day")
    team.refresh_from_db()
    return team


def sheet(team, date):
    return DaySheet(team, date, members_on(team, date), editable=True)


def choices(team, date):
    return [(row.user.name, row.choice) for row in sheet(team, date).rows]


def visit(client, team, date, user=None, **body):
    client.force_login(user or team.memberships.get(role="leader").user)
    address = reverse("teams:attendance-day", args=[team.pk, date])
    return client.post(address, body) if body else client.get(address)


def name_of(person, date=MONDAY):
    return f"a-{User.objects.get(name=person).pk}-{date.day}"


# -- What is proposed ---------------------------------------------------------------------------------------------------


def test_a_team_on_day_shift_is_there_on_working_days_and_rests_on_others(day_team):
    assert choices(day_team, MONDAY) == [("张三", "√"), ("李四", "√")]
    assert choices(day_team, SUNDAY) == [("张三", "休"), ("李四", "休")]


def test_rotating_shifts_go_on_from_each_persons_own_days_across_the_end_of_a_month(team):
    september = {"000001": (days((TURN * 4)[:30]), 0), "000002": (days((TURN[3:] + TURN * 4)[:30]), 0)}
    attendance.save_month(team, 202609, september, actor=None)
    assert choices(team, datetime.date(2026, 10, 1)) == [("张三", "休"), ("李四", TURN[1])]


def test_without_a_cycle_nothing_is_marked_and_the_page_offers_to_mark_all(team, client):
    assert choices(team, MONDAY) == [("张三", ""), ("李四", "")]
    assert "看不出 2 人轮到什么班" in visit(client, team, MONDAY).content.decode()


def test_what_is_stored_is_shown_and_only_the_rest_is_proposed(day_team, client):
    change(day_team, no1=(MONDAY.day, "", "病"))
    assert choices(day_team, MONDAY) == [("张三", "病"), ("李四", "√")]
    assert "还有 1 人没保存" in visit(client, day_team, MONDAY).content.decode()


def test_only_members_of_that_day_are_listed_and_who_is_written_elsewhere_is_shut(day_team):
    make.make_member(day_team, user=make.make_user("000003", "王五"), started_on=SUNDAY)
    other, mover = make.make_team(name="二值"), make.make_user("000004", "赵六")
    make.make_member(other, user=mover, ended_on=MONDAY)
    save(other, no4="." * 18 + "夜")
    make.make_member(day_team, user=mover, started_on=MONDAY)
    assert [person for person, _ in choices(day_team, MONDAY)] == ["张三", "李四", "赵六"]
    assert [row.user.name for row in sheet(day_team, MONDAY).open_rows] == ["张三", "李四"]
    assert [person for person, _ in choices(day_team, SUNDAY)] == ["张三", "李四", "王五", "赵六"]


def test_every_code_has_its_button():
    big, others = codes()
    assert "".join(code for code, _ in big) == BIG
    assert sorted(big + others) == sorted(Attendance.Code.choices)


# -- Saving -------------------------------------------------------------------------------------------------------------


def test_a_day_is_saved_with_its_exceptions_and_leaves_one_row(day_team, client):
    assert "回到今日" not in visit(client, day_team, MONDAY).content.decode()
    page = visit(client, day_team, MONDAY, **{"shown": "", name_of("张三"): "√", name_of("李四"): "病"})
    assert (page.status_code, page.url) == (302, reverse("teams:attendance-day", args=[day_team.pk, MONDAY]))
    told = visit(client, day_team, MONDAY).content.decode()
    assert "10月19日考勤已保存。" in told
    assert "回到今日" in told
    assert {number: text for number, (text, _) in stored(day_team).items()} == {"000001": "√", "000002": "病"}
    assert AuditEntry.objects.filter(verb="attendance.saved").count() == 1


def test_the_rest_of_the_month_stays_as_it_is(day_team, client):
    save(day_team, no1="√" * 18 + "." + "夜" * 3, no2="休")
    shown = sheet(day_team, MONDAY).month.shown
    visit(client, day_team, MONDAY, **{"shown": shown, name_of("张三"): "事", name_of("李四"): "√"})
    assert stored(day_team) == {"000001": ("√" * 18 + "事" + "夜" * 3, 150), "000002": ("休√", 150)}


def test_who_saves_what_another_changed_meanwhile_is_asked(day_team, client):
    change(day_team, no2=(MONDAY.day, "", "病"))
    body = {"shown": "", name_of("张三"): "√", name_of("李四"): "√"}
    page = visit(client, day_team, MONDAY, **body)
    assert "李四 19 日已改成“病”" in page.content.decode()
    assert [(row.choice, row.cell.wrong) for row in page.context["sheet"].rows] == [("√", False), ("√", True)]
    assert {number: text for number, (text, _) in stored(day_team).items()} == {"000002": "病"}
    body["shown"] = page.context["sheet"].month.shown
    assert visit(client, day_team, MONDAY, **body).status_code == 302
    assert {number: text for number, (text, _) in stored(day_team).items()} == {"000001": "√", "000002": "√"}


def test_a_wiped_day_stays_empty_when_something_else_is_refused(day_team, client):
    save(day_team, no1="." * 18 + "√")
    shown = sheet(day_team, MONDAY).month.shown
    page = visit(client, day_team, MONDAY, **{"shown": shown, name_of("张三"): "", name_of("李四"): "X"})
    assert "李四 19 日：不认识的考勤符号“X”" in page.content.decode()
    assert page.context["sheet"].rows[0].choice == ""


@pytest.mark.parametrize("foreign", ["a-999999-19", "a--19", "a-x-19", "o-7"])
def test_fields_of_others_are_refused(day_team, client, foreign):
    page = visit(client, day_team, MONDAY, **{"shown": "", foreign: "√"})
    assert "班组成员刚刚有变动" in page.content.decode()
    assert stored(day_team) == {}


def test_a_day_to_come_and_no_date_are_not_found(day_team, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: MONDAY)
    assert visit(client, day_team, MONDAY).status_code == 200
    assert visit(client, day_team, MONDAY + datetime.timedelta(days=1)).status_code == 404
    assert client.get(f"/attendance/{day_team.pk}/2026-02-30/").status_code == 404


def test_today_leads_back_and_a_day_before_leads_on(day_team, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: MONDAY)
    assert sheet(day_team, MONDAY).later is None
    page = visit(client, day_team, MONDAY - datetime.timedelta(days=1)).content.decode()
    assert 'rel="prev"' in page
    assert reverse("teams:attendance-day", args=[day_team.pk, MONDAY]) in page


@pytest.mark.parametrize(("state", "sentence"), [("confirmed", "已交负责人审批，这里只能看"), ("approved", "考勤更正")])
def test_a_month_that_is_no_draft_is_only_read(day_team, client, state, sentence):
    save(day_team, no1=WHOLE, no2=WHOLE)
    month = attendance.month_of(day_team, PERIOD)
    attendance.confirm_month(month, actor=make.make_user())
    if state == "approved":
        attendance.approve_month(month, actor=make.make_user())
    page = visit(client, day_team, MONDAY).content.decode()
    assert sentence in page
    assert 'type="radio"' not in page
    refused = visit(client, day_team, MONDAY, **{"shown": "", name_of("张三"): "病"})
    assert "不能再改" in refused.content.decode()
    assert AttendanceMonth.objects.get().state == state
    assert stored(day_team)["000001"][0] == WHOLE


def test_a_member_without_the_right_only_reads(day_team, client):
    worker = User.objects.get(name="李四")
    assert 'type="radio"' not in visit(client, day_team, MONDAY, worker).content.decode()
    assert visit(client, day_team, MONDAY, worker, shown="").status_code == 403


# -- Whether today is done ----------------------------------------------------------------------------------------------


def today_is(monkeypatch, date):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date)


def test_today_is_done_when_everybody_of_today_is_written_down(day_team, monkeypatch):
    today_is(monkeypatch, MONDAY)
    assert filled_today(Team.objects.all()) == {day_team: False}
    change(day_team, no1=(MONDAY.day, "", "√"))
    assert filled_today(Team.objects.all()) == {day_team: False}
    change(day_team, no2=(MONDAY.day, "", "病"))
    assert filled_today(Team.objects.all()) == {day_team: True}


def test_a_day_off_asks_a_team_on_rotating_shifts_only(day_team, monkeypatch):
    today_is(monkeypatch, SUNDAY)
    rotating = make.make_team(name="二值")
    make.make_member(rotating)
    assert filled_today(Team.objects.all()) == {rotating: False}
    WorkDay.objects.create(date=SUNDAY, is_workday=True)
    assert filled_today(Team.objects.all()) == {day_team: False, rotating: False}


def test_a_team_without_people_is_not_asked(monkeypatch):
    today_is(monkeypatch, MONDAY)
    make.make_team()
    assert filled_today(Team.objects.all()) == {}
