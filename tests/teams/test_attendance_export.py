"""Attendance as a workbook: what goes out comes in again, and whoever takes it is in the trail."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from teams.attendance_export import sheet_name, sheet_names
from teams.attendance_sheet import check_members, read_attendance
from teams.models import Attendance, AuditEntry, Overtime, User
from teams.workbooks import read_workbook
from tests import factories as make
from tests.factories import PERIOD
from tests.teams.months import WHOLE, save, stored, team_of_two

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return team_of_two()


def export(client, user, name, *args):
    client.force_login(user)
    return client.post(reverse(name, args=args))


def team_file(client, team):
    answer = export(client, User.objects.get(name="张三"), "teams:attendance-export", team.pk, PERIOD)
    assert answer.status_code == 200
    return answer.content


def test_the_sheet_is_laid_out_as_people_know_it(team, client):
    save(team, no1="√夜休", no2="病")
    (name, rows), *others = read_workbook(io.BytesIO(team_file(client, team))).items()
    assert (name, others) == ("一值", [])
    assert rows[0][0] == "一值2026年10月考勤"
    assert rows[2][:5] == ["姓名", "工号", "1", "2", "3"]
    assert rows[2][-3:] == ["31", "出勤天数", "加班小时"]
    assert rows[3][:5] == ["张三", "000001", "√", "夜", "休"]
    assert rows[3][-2:] == [2, 1.5]
    assert "√ 出勤，夜 夜班" in rows[-1][1]


def test_what_goes_out_comes_in_again(team, client):
    before = save(team, no1="√夜休" + WHOLE[3:], no2="病.√")
    content = team_file(client, team)
    months, problems = read_attendance(read_workbook(io.BytesIO(content)), PERIOD)
    assert problems + check_members("一值", months["一值"], team, PERIOD) == []
    Attendance.objects.all().delete()
    Overtime.objects.all().delete()
    file = SimpleUploadedFile("考勤.xlsx", content)
    client.post(reverse("teams:attendance-import", args=[team.pk, PERIOD]), {"file": file})
    assert stored(team) == before


def test_all_teams_in_reach_are_sheets_of_one_workbook_that_each_team_can_read(team, client):
    twin, stranger = make.make_team(make.make_unit("检修部", team.unit), "一值"), make.make_team(name="外单位")
    for other, number in ((twin, "000003"), (stranger, "000004")):
        make.make_member(other, "leader", user=make.make_user(number, f"员工{number}"))
    make.make_team(team.unit, "没有人")
    save(team, no1="√", no2="夜")
    before = save(twin, no3="√夜")
    answer = export(client, make.give_role(team.unit, "manager"), "teams:attendance-export-all", PERIOD)
    assert list(read_workbook(io.BytesIO(answer.content))) == ["一值", "检修部一值"]
    Attendance.objects.filter(team=twin).delete()
    Overtime.objects.filter(team=twin).delete()
    client.force_login(User.objects.get(employee_no="000003"))
    file = SimpleUploadedFile("考勤.xlsx", answer.content)
    client.post(reverse("teams:attendance-import", args=[twin.pk, PERIOD]), {"file": file})
    assert stored(twin) == before


def test_each_export_leaves_one_row_that_names_month_and_teams(team, client):
    team_file(client, team)
    manager = make.give_role(team.unit, "manager")
    export(client, manager, "teams:attendance-export-all", PERIOD)
    rows = AuditEntry.objects.filter(verb="attendance.exported").order_by("id")
    facts = {"period": PERIOD, "teams": ["一值"]}
    assert [(row.actor.name, row.unit, row.after) for row in rows] == [
        ("张三", team.unit, facts),
        (manager.name, team.unit, facts),
    ]


def test_a_month_without_members_is_no_file(team, client):
    answer = export(client, make.give_role(team.unit, "manager"), "teams:attendance-export-all", 202401)
    assert (answer.status_code, answer.url) == (302, reverse("teams:attendance-list", args=[202401]))
    page = client.get(answer.url).content.decode()
    assert "2024年1月没有成员，没有可以导出的考勤。" in page
    assert not AuditEntry.objects.filter(verb="attendance.exported").exists()


def test_a_name_that_table_programs_refuse_still_names_a_sheet():
    assert sheet_name("甲/乙[丙]:*?'班") == "甲乙丙班"
    assert sheet_name("[]") == "考勤"
    assert len(sheet_name("很" * 60)) == 31


def test_no_two_sheets_have_one_name():
    unit = make.make_unit("厂")
    teams = [make.make_team(unit, name) for name in ("a班", "A班", "a/班", "a:班")]
    names = list(sheet_names(teams).values())
    assert names[:2] == ["a班", "厂A班"]
    assert len({name.casefold() for name in names}) == len(teams)
