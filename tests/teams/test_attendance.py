"""A team's attendance: written as a whole, confirmed by one person, approved by another, then out of reach."""

import datetime
import re
import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from teams.attendance_sheet import MemberMonth, SheetProblem, check_members, read_attendance
from teams.errors import StaleState, TeamError
from teams.models import Attendance, AttendanceMonth, AuditEntry, Membership
from teams.services import attendance
from teams.workbooks import WorkbookRefused, read_workbook
from tests import factories as make
from tests.factories import PERIOD
from tests.hostile import ODD, without_results
from tests.teams.months import WHOLE, change, save, stored, team_of_two
from tests.workbooks import attendance as attendance_file
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return team_of_two()


def test_a_month_is_stored_as_it_was_handed_in(team):
    assert save(team, no1="√夜⊙", no2="病休") == {"000001": ("√夜⊙", 150), "000002": ("病休", 150)}
    assert set(Attendance.objects.values_list("period", flat=True)) == {PERIOD}
    assert Attendance.objects.earliest("date").date == datetime.date(2026, 10, 1)


def test_saving_again_replaces_the_listed_and_leaves_the_others(team):
    save(team, no1="√√√", no2="夜夜")
    assert save(team, no2="√") == {"000001": ("√√√", 150), "000002": ("√", 150)}


def test_nobody_is_in_two_teams_on_one_day(team):
    other, mover = make.make_team(name="二值"), make.make_user("000003", "王五")
    make.make_member(team, user=mover, ended_on=datetime.date(2026, 10, 2))
    save(team, no3="√√")
    make.make_member(other, user=mover, started_on=datetime.date(2026, 10, 2))
    with pytest.raises(TeamError, match="^王五 2 日的考勤已经记在一值，一个人一天只能记一次。$"):
        save(other, no3=".√√")
    save(other, no3="..√")
    assert (stored(team)["000003"], stored(other)["000003"]) == (("√√", 150), ("√", 150))


def test_days_outside_the_membership_are_refused_with_person_and_days(team):
    make.make_member(team, user=make.make_user("000003", "王五"), started_on=datetime.date(2026, 10, 15))
    with pytest.raises(TeamError, match="^王五 1–14 日不是一值的人，这些日子请空着，不能在这里记考勤。$"):
        save(team, no3="√" * 20)
    assert save(team, no3="." * 14 + "√√") == {"000003": ("√√", 150)}


def test_a_month_that_holds_days_outside_the_membership_is_not_confirmed(team):
    save(team, no1=WHOLE, no2=WHOLE)
    Membership.objects.filter(user__name="李四").update(ended_on=datetime.date(2026, 10, 20))
    with pytest.raises(TeamError, match="^李四 21–31 日不是一值的人"):
        attendance.confirm_month(attendance.month_of(team, PERIOD), actor=None)


def test_the_trail_tells_codes_and_overtime_before_and_after(team):
    save(team, no1="√√")
    attendance.save_month(team, PERIOD, {"000001": ({1: "√", 2: "√"}, 400)}, actor=None)
    attendance.save_month(team, PERIOD, {"000001": ({1: "√", 2: "√"}, 400)}, actor=None)
    assert list(AuditEntry.objects.order_by("id").values_list("before", "after")) == [
        ({}, {"000001": ["√√" + "." * 29, 150], "source": "grid"}),
        ({"000001": ["√√" + "." * 29, 150]}, {"000001": ["√√" + "." * 29, 400], "source": "grid"}),
    ]


def test_a_day_to_come_cannot_be_filled_in(team, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 10, 1))
    with pytest.raises(TeamError, match="^2026年10月 2 日还没有到，不能提前填考勤。$"):
        save(team, no1="√√")


# -- One grid, two writers ----------------------------------------------------------------------------------------------


def test_two_people_fill_one_month_without_losing_what_the_other_wrote(team):
    save(team, no1="√√√", no2="夜夜")
    change(team, no1=(2, "√", "病"))
    assert change(team, no1=(3, "√", ""), no2=(attendance.OVERTIME, 150, 250)) == {
        "000001": ("√病", 150),
        "000002": ("夜夜", 250),
    }


def test_the_same_cell_with_another_value_is_a_conflict_that_names_person_time_and_cell(team):
    save(team, no1="√√√")
    clerk, leader = make.make_user(name="赵核算"), make.make_user()
    change(team, clerk, no1=(2, "√", "病"))
    assert change(team, leader, no1=(2, "√", "病"))["000001"] == ("√病√", 150)
    with pytest.raises(attendance.ChangedMeanwhile) as refused:
        change(team, leader, no1=(2, "√", "事"), no2=(1, "", "√"))
    assert re.match(r"赵核算 \d\d:\d\d 刚保存过这个月的考勤，和您改的不一样：张三 2 日已改成“病”。", str(refused.value))
    assert refused.value.cells == [("000001", 2)]
    assert stored(team) == {"000001": ("√病√", 150)}


# -- Two people ---------------------------------------------------------------------------------------------------------


def test_a_month_with_gaps_is_not_confirmed_and_the_gaps_are_named(team):
    save(team, no1="√" * 29, no2=WHOLE)
    make.make_member(team, user=make.make_user("000003", "王五"), started_on=datetime.date(2026, 10, 20))
    with pytest.raises(TeamError) as refused:
        attendance.confirm_month(attendance.month_of(team, PERIOD), actor=None)
    assert str(refused.value) == "还有没填的日子：张三 30–31 日；王五 20–31 日。补全后再确认，休息也要填“休”。"


def test_gaps_of_a_whole_team_are_one_word(team):
    month = attendance.month_of(team, PERIOD)
    save(team, no1="√" * 21, no2="√" * 21)
    with pytest.raises(TeamError, match="^还有没填的日子：全班 22–31 日。补全后再确认"):
        attendance.confirm_month(month, actor=None)
    for number in range(3, 9):
        make.make_member(team, user=make.make_user(name=f"员工{number}"), started_on=datetime.date(2026, 10, number))
    with pytest.raises(TeamError, match="^还有没填的日子：张三 22–31 日；李四 22–31 日；员工3 3–31 日等 8 人。"):
        attendance.confirm_month(month, actor=None)


def test_who_confirmed_cannot_approve(team):
    save(team, no1=WHOLE, no2=WHOLE)
    leader, manager = make.make_user(), make.make_user()
    month = attendance.month_of(team, PERIOD)
    attendance.confirm_month(month, actor=leader)
    with pytest.raises(TeamError, match="^考勤是您自己确认的，要由另一个人审批。$"):
        attendance.approve_month(month, actor=leader)
    month.refresh_from_db()
    assert month.state == "confirmed"
    attendance.approve_month(month, actor=manager)
    assert (month.state, month.confirmed_by, month.approved_by) == ("approved", leader, manager)


def test_the_database_knows_the_rule_of_two_people_too(team):
    save(team, no1=WHOLE, no2=WHOLE)
    leader = make.make_user()
    attendance.confirm_month(attendance.month_of(team, PERIOD), actor=leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceMonth.objects.update(approved_by=leader)


def confirm_while_a_cell_is_wiped_out(team, confirm):
    """Confirm a whole month in the moment in which somebody is wiping out its first day; what the confirmer was told."""
    save(team, no1=WHOLE, no2=WHOLE)
    month, wiped = attendance.month_of(team, PERIOD), threading.Event()

    def wipe():
        with transaction.atomic():
            change(team, no1=(1, "√", ""))
            wiped.set()
            time.sleep(0.5)
        connection.close()

    other = threading.Thread(target=wipe)
    other.start()
    try:
        wiped.wait(10)
        confirm(month)
    except TeamError as error:
        return str(error)
    finally:
        other.join()
    return "done"


@pytest.mark.django_db(transaction=True)
def test_what_is_wiped_out_meanwhile_is_missed(team):
    told = confirm_while_a_cell_is_wiped_out(team, lambda month: attendance.confirm_month(month, actor=None))
    assert told.startswith("还有没填的日子：")
    assert AttendanceMonth.objects.get().state == "draft"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets only one transaction at a time begin")
@pytest.mark.django_db(transaction=True)
def test_control_checked_before_it_is_moved_a_gap_gets_confirmed(team):
    @transaction.atomic
    def naive(month):
        attendance._refuse_gaps(month)
        AttendanceMonth.objects.filter(pk=month.pk, state="draft").update(state="confirmed")

    assert confirm_while_a_cell_is_wiped_out(team, naive) == "done"
    assert not Attendance.objects.filter(user__employee_no="000001", date__day=1).exists()


VERBS = {
    "save": lambda month: save(month.team, no1="夜" * 31),
    "confirm": lambda month: attendance.confirm_month(month, actor=None),
    "approve": lambda month: attendance.approve_month(month, actor=None),
    "return": lambda month: attendance.return_month(month, "17 日漏填", actor=None),
    "take over": lambda month: attendance.accept_past_month(month, actor=None),
}
MOVES = {
    ("draft", "save"): "draft",
    ("draft", "confirm"): "confirmed",
    ("draft", "take over"): "approved",
    ("confirmed", "approve"): "approved",
    ("confirmed", "return"): "draft",
}


@pytest.mark.parametrize("state", ["draft", "confirmed", "approved"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_month_moves_only_along_its_way(state, verb, team):
    save(team, no1=WHOLE, no2=WHOLE)
    month = attendance.month_of(team, PERIOD)
    if state != "draft":
        attendance.confirm_month(month, actor=None)
    if state == "approved":
        attendance.approve_month(month, actor=None)
    before = list(AttendanceMonth.objects.values()), stored(team), AuditEntry.objects.count()
    if (state, verb) in MOVES:
        VERBS[verb](month)
        assert AttendanceMonth.objects.get().state == MOVES[state, verb]
        assert AuditEntry.objects.count() == before[2] + 1
    else:
        with pytest.raises((TeamError, StaleState)):
            VERBS[verb](month)
        assert (list(AttendanceMonth.objects.values()), stored(team), AuditEntry.objects.count()) == before


def test_a_returned_month_says_why_until_it_is_confirmed_again(team):
    save(team, no1=WHOLE, no2=WHOLE)
    month = attendance.month_of(team, PERIOD)
    attendance.confirm_month(month, actor=None)
    attendance.return_month(month, "17 日漏填", actor=None)
    assert (month.question, month.confirmed_at) == ("17 日漏填", None)
    attendance.confirm_month(month, actor=None)
    assert month.question == ""


# -- The sheet ----------------------------------------------------------------------------------------------------------

HEADER = ["工号", "姓名", *range(1, 32), "出勤天数", "加班小时"]


def line(number, name, codes, overtime=""):
    return [number, name, *codes, *[""] * (31 - len(codes)), 99, overtime]


def read(*lines, period=PERIOD, header=None):
    book = workbook({"一值": [["一值考勤表"], header or HEADER, *lines], "说明": [["√ 出勤"]]})
    return read_attendance(read_workbook(book), period)


def test_a_sheet_is_read_by_code_and_its_own_total_is_not_believed():
    months, problems = read(
        line(1, "张\u3000三", "√√夜休", 2.5), line("000002", "李四", "病"), ["", "", "√ 出勤 休 轮休"]
    )
    assert problems == []
    assert months == {
        "一值": [
            MemberMonth("000001", {1: "√", 2: "√", 3: "夜", 4: "休"}, 250),
            MemberMonth("000002", {1: "病"}, 0),
        ]
    }


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (line(1, "张三", "√★"), "D", "不认识的考勤符号“★”"),
        (line("", "张三", "√"), "A", "缺工号"),
        (line(1, "张三", "√", "两小时"), "AI", "加班小时“两小时”不是数字"),
        (line(1, "张三", "√", 401), "AI", "加班小时应在 0 到 400 之间"),
        (line(1, "张三", "√", -1), "AI", "加班小时应在 0 到 400 之间"),
        (line(1, "张三", "√", "1.234"), "AI", "加班小时“1.234”最多只能有两位小数"),
    ],
)
def test_a_wrong_cell_is_named(row, column, reason):
    assert read(row)[1] == [SheetProblem("一值", 3, column, reason)]


def test_a_day_that_the_month_does_not_have_is_wrong():
    assert read(line(1, "张三", "√" * 31), period=202611)[1] == [SheetProblem("一值", 3, "AG", "2026年11月没有 31 日")]


@pytest.mark.parametrize("title", ["一值2026年9月考勤", "2026年09月 考勤表"])
def test_the_workbook_of_another_month_is_refused(title):
    rows = [[title], HEADER, line(1, "张三", "√")]
    with pytest.raises(WorkbookRefused, match="^工作表“一值”的标题写的是2026年9月，这里是2026年10月。"):
        read_attendance({"一值": rows}, PERIOD)
    assert read_attendance({"一值": rows}, 202609)[1] == []


def test_a_workbook_without_attendance_is_refused():
    with pytest.raises(WorkbookRefused, match="^没有找到考勤表："):
        read(header=["工号", "姓名"])


@pytest.mark.parametrize("name", ODD)
def test_a_sheet_that_looks_strange_is_read(name):
    file = ODD[name](["工号", "姓名", "1", "2", "3"], ["000001", "张三", "√", "夜", "休"])
    months, problems = read_attendance(read_workbook(file), PERIOD)
    assert (months, problems) == ({"运行一值": [MemberMonth("000001", {1: "√", 2: "夜", 3: "休"}, 0)]}, [])


def test_formulas_without_a_result_are_named_and_not_taken_for_empty_days():
    file = without_results(attendance_file(["000001", "张三", "√", "夜"]), "A2", "D2")
    _, problems = read_attendance(read_workbook(file), PERIOD)
    assert [(problem.row, problem.column, problem.reason[:16]) for problem in problems] == [
        (2, "A", "这一格是没有算出结果的公式，请在"),
        (2, "D", "这一格是没有算出结果的公式，请在"),
    ]


@pytest.mark.parametrize("twice", ["工号", "17", "加班小时"])
def test_a_needed_column_that_is_there_twice_is_refused_with_both_letters(twice):
    header = ["工号", "姓名", *map(str, range(1, 32)), "加班小时", twice]
    with pytest.raises(WorkbookRefused, match=f"有 2 列都叫“{twice}”（[A-Z]+、AI 列）"):
        read_attendance(read_workbook(attendance_file(header=header)), PERIOD)


def test_a_sheet_is_compared_with_the_people_of_the_team(team):
    members = [MemberMonth("000001", {}, 0), MemberMonth("000001", {}, 0), MemberMonth("000009", {}, 0)]
    assert [problem.reason for problem in check_members("一值", members, team, PERIOD)] == [
        "工号 000001 出现了两次",
        "工号 000009 这个月不是一值的成员",
        "缺少李四（000002）的考勤",
    ]


def test_who_left_during_the_month_still_belongs_on_its_sheet(team):
    make.make_member(team, user=make.make_user("000003", "王五"), ended_on=datetime.date(2026, 10, 1))
    make.make_member(team, user=make.make_user("000004", "赵六"), ended_on=datetime.date(2026, 9, 30))
    assert [problem.reason for problem in check_members("一值", [], team, PERIOD)] == [
        "缺少张三（000001）的考勤",
        "缺少李四（000002）的考勤",
        "缺少王五（000003）的考勤",
    ]
