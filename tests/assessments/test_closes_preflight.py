"""What a month lacks before its close: musts and shoulds, by team, and no more questions for more teams."""

import datetime

import pytest
from django.urls import reverse

from activities.models import Duty
from activities.services import duties
from activities.services.rules import set_rules
from assessments import company_close, preflight, tasks
from assessments.models import Check, Rectification
from assessments.services import checks
from teams import periods
from teams.models import Attendance, WorkDay
from teams.services import attendance
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db
AFTER = datetime.date(2026, 11, 5)


def lacks(unit, today=AFTER):
    must, should = preflight.musts([unit], PERIOD), preflight.shoulds([unit], PERIOD, today)
    return {lack.title: lack for lack in must[unit.pk] + should[unit.pk]}


def day_team(name="甲班", unit=None):
    """A team that works on working days; one who belongs to it."""
    team = make.make_team(unit, name)
    team.shift_pattern = "day"
    team.save()
    make.make_member(team, "leader")
    return team


def self_check(team, day):
    date = periods.first_day(PERIOD).replace(day=day)
    return checks.file_check(team, kind="self", date=date, deviations=[], key=f"{team.pk}-{day}", actor=None)


def missing(team, today=AFTER):
    found = lacks(team.unit, today).get("没有自查的日子")
    return found.places[0].detail if found else ""


def test_musts_and_shoulds_are_told_apart_and_lead_to_the_place():
    unit = make.make_ready_unit(teams=1)
    team = unit.teams.get()
    found = lacks(unit)
    assert {title: lack.is_must for title, lack in found.items()} == {"未闭环的整改": False, "没有自查的日子": False}
    (place,) = found["未闭环的整改"].places
    assert (place.label, place.detail) == (team.name, "1 条，最早 10月5日查出")
    assert place.url == f"{reverse('assessments:rectifications')}?tab=units&team={team.pk}"
    assert found["没有自查的日子"].places[0].url == reverse("assessments:checks", args=[team.pk, PERIOD])


def test_attendance_says_of_each_team_who_has_to_act():
    unit = make.make_unit()
    make.make_standard(unit)
    for name in ("甲班", "乙班", "丙班"):
        make.make_member(make.make_team(unit, name))
    make.approve_attendance(unit.teams.get(name="丙班"))
    month = attendance.month_of(unit.teams.get(name="乙班"), PERIOD)
    type(month).objects.filter(pk=month.pk).update(state="confirmed")
    lack = lacks(unit)["考勤"]
    assert lack.is_must
    assert [(place.label, place.detail) for place in lack.places] == [
        ("甲班", "等班组长确认"),
        ("乙班", "等负责人审批"),
    ]


def test_attendance_of_a_month_that_is_not_over_waits_for_its_end(monkeypatch):
    unit = make.make_unit()
    make.make_standard(unit)
    make.make_member(make.make_team(unit, "甲班"))
    monkeypatch.setattr(preflight, "too_early_to_confirm", lambda period: "10月还没过完，月底再确认")
    lack = lacks(unit)["考勤"]
    assert [place.detail for place in lack.places] == ["月底再确认"]
    assert lack.sentence.endswith("甲班。10月还没过完，月底再确认、单位负责人审批后再计算。")


def test_a_rectification_that_is_closed_or_of_another_month_or_voided_counts_for_nothing():
    unit = make.make_ready_unit(teams=1)
    team = unit.teams.get()
    late, done, void = (make.file_findings(team, ("1.1", -50, None)) for _ in range(3))
    make.file_findings(team, ("1.1", -50, None), period=202609)
    Rectification.objects.filter(finding__on_sheet=done).update(
        state="closed", assignee=team.memberships.first().user, reported_at="2026-10-06T00:00Z"
    )
    checks.void_check(void, "记错了", actor=None)
    assert late.team == team
    assert lacks(unit)["未闭环的整改"].places[0].detail.startswith("2 条")


def test_days_without_a_self_check_are_working_days_for_a_day_team():
    team = day_team()
    make.make_standard(team.unit)
    # The holiday of October 2026 lasts until the 7th and Saturday the 10th is worked in its stead.
    assert missing(team, datetime.date(2026, 10, 11)) == "3 天：10月8日、10月9日、10月10日"
    self_check(team, 8)
    assert missing(team, datetime.date(2026, 10, 11)) == "2 天：10月9日、10月10日"
    WorkDay.objects.create(date=datetime.date(2026, 10, 9), is_workday=False, note="停产")
    assert missing(team, datetime.date(2026, 10, 11)) == "1 天：10月10日"


def test_days_without_a_self_check_are_all_days_for_a_team_in_shifts_but_not_those_of_rest():
    team = make.make_team()
    make.make_standard(team.unit)
    user = make.make_member(team)
    assert missing(team, datetime.date(2026, 10, 4)) == "3 天：10月1日、10月2日、10月3日"
    Attendance.objects.create(user=user, team=team, period=PERIOD, date=datetime.date(2026, 10, 2), code="休")
    Attendance.objects.create(user=user, team=team, period=PERIOD, date=datetime.date(2026, 10, 3), code="夜")
    assert missing(team, datetime.date(2026, 10, 4)) == "2 天：10月1日、10月3日"
    assert missing(team).startswith("30 天：10月1日、10月3日、10月4日、10月5日、10月6日等")


def test_waived_days_and_units_that_ask_for_none_are_not_missed():
    team = make.make_team()
    make.make_standard(team.unit)
    duties.raise_due(datetime.date(2026, 10, 1))
    duties.waive(Duty.objects.get(team=team), "停机", actor=make.make_user())
    assert missing(team, datetime.date(2026, 10, 3)) == "1 天：10月2日"
    set_rules(team.unit, {"self_check": (False, 0)}, actor=make.make_user())
    assert missing(team, datetime.date(2026, 10, 3)) == ""


def test_a_team_is_not_asked_for_days_before_it_was_formed():
    team = make.make_team(formed_on=datetime.date(2026, 10, 30))
    make.make_standard(team.unit)
    assert missing(team) == "2 天：10月30日、10月31日"


def test_missed_duties_are_counted_besides_self_checks_and_rectifications():
    team = make.make_team()
    make.make_standard(team.unit)
    duties.raise_due(datetime.date(2026, 10, 31))
    assert "没有办的待办" not in lacks(team.unit, datetime.date(2026, 11, 1))
    found = lacks(team.unit, datetime.date(2026, 12, 1))["没有办的待办"]
    assert [place.detail for place in found.places] == ["1 件"]


def test_the_link_shows_the_duties_that_were_counted(client):
    team = make.make_team()
    make.make_standard(team.unit)
    duties.raise_due(datetime.date(2026, 10, 31))
    (place,) = lacks(team.unit, datetime.date(2026, 12, 1))["没有办的待办"].places
    assert Duty.objects.filter(team=team).count() > 1
    client.force_login(make.give_role(team.unit, "assessor"))
    shown = client.get(place.url)
    assert [duty.kind for duty in shown.context["page"]] == ["attendance_confirm"]
    assert [(shown.context["form"]["state"].value(), shown.context["form"]["kind"].value())] == [("undone", "other")]


def test_a_month_without_a_standard_is_not_to_be_closed_and_nothing_was_missed_in_it(client):
    team = make.make_team()
    rows = company_close.rows_of([team.unit], PERIOD)
    assert [lack.title for lack in rows[0].lacks] == ["考核标准", "考勤"]
    assert (rows[0].since, rows[0].days) == (None, None)
    client.force_login(make.give_role(team.unit, "assessor"))
    page = client.get(reverse("assessments:close-list", args=[PERIOD])).content.decode()
    assert "还没有执行标准" in page
    assert "没有自查的日子" not in page


@pytest.mark.parametrize("teams", [1, 4])
def test_more_teams_and_units_need_no_more_questions(teams, django_assert_num_queries):
    units = [make.make_ready_unit(teams=teams) for _ in range(teams)]
    with django_assert_num_queries(4):
        preflight.musts(units, PERIOD)
    with django_assert_num_queries(9):
        assert all(preflight.shoulds(units, PERIOD, AFTER).values())


def test_the_page_shows_each_lack_with_its_word_and_links(client):
    unit = make.make_ready_unit(teams=1)
    team = make.make_team(unit, "还没审批的班")
    client.force_login(make.give_role(unit, "assessor"))
    page = client.get(reverse("assessments:close", args=[unit.pk, PERIOD])).content.decode()
    assert "还不能计算" in page
    assert "必须先办" in page
    assert "提醒" in page
    assert reverse("teams:attendance", args=[team.pk, PERIOD]) in page
    assert 'type="submit" disabled>开始计算' in page
    make.approve_attendance(team)
    page = client.get(reverse("assessments:close", args=[unit.pk, PERIOD])).content.decode()
    assert "可以计算，有提醒" in page
    assert "必须先办" not in page
    assert "disabled" not in page


def test_a_check_of_another_kind_is_no_self_check():
    team = make.make_team()
    make.make_standard(team.unit)
    make.file_findings(team, ("1.1", -50, None), day=1, kind=Check.Kind.SPOT)
    assert missing(team, datetime.date(2026, 10, 2)) == "1 天：10月1日"


def test_a_month_to_come_lacks_nothing_but_time(client):
    team = make.make_team()
    make.make_member(team)
    client.force_login(make.give_role(team.unit, "assessor"))
    coming = periods.shift(periods.current_period(), 1)
    assert [lack.title for lack in preflight.musts([team.unit], coming)[team.unit_id]] == ["还没到这个月"]
    page = client.get(reverse("assessments:close", args=[team.unit_id, coming])).content.decode()
    assert f"还没到{periods.label(coming)}，到了月底再算。" in page


def test_what_stood_in_the_way_of_the_night_is_told_as_past_once_it_is_done(client, monkeypatch):
    team = make.make_team()
    make.make_standard(team.unit)
    make.make_member(team)
    monkeypatch.setattr("teams.periods.current_period", lambda: 202611)
    tasks.request_past_month()
    client.force_login(make.give_role(team.unit, "assessor"))
    page, settled = reverse("assessments:close", args=[team.unit_id, PERIOD]), "当时缺的现在齐了，可以计算。"
    shown = client.get(page).content.decode()
    assert ("自动计算没有开始" in shown, settled in shown) == (True, False)
    make.approve_attendance(team)
    assert settled in client.get(page).content.decode()
