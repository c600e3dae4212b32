"""The work calendar: what the page shows of a year, and how the plant's own days come and go."""

import datetime

import pytest

from teams import work_calendar
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, WorkDay
from teams.services import calendar
from tests import factories as make

pytestmark = pytest.mark.django_db


def on(month, day, year=2026):
    return datetime.date(year, month, day)


def register(first, last, is_workday=False, note="停产检修"):
    calendar.set_days(first, last, is_workday=is_workday, note=note, unit=None, actor=None)


def shown(date):
    months = dict(work_calendar.months_of(date.year))
    (day,) = [day for week in months[date.month] for day in week if day and day.date == date]
    return day.works, day.reason, day.mark, day.own


@pytest.mark.parametrize(
    ("date", "day"),
    [
        (on(10, 1), (False, "国庆节", "休", False)),
        (on(10, 4), (False, "国庆节", "", False)),  # a Sunday is off anyway
        (on(10, 10), (True, "国庆节调休上班", "班", False)),
        (on(10, 8), (True, "", "", False)),
        (on(10, 17), (False, "", "", False)),
        (on(10, 1, 2027), (True, "", "", False)),
    ],
)
def test_holidays_and_made_up_days_have_their_names(date, day):
    assert shown(date) == day


def test_own_days_win_and_are_marked():
    register(on(10, 8), on(10, 9))
    register(on(10, 10), on(10, 10), note="")
    register(on(10, 1, 2027), on(10, 1, 2027), note="国庆节")
    assert shown(on(10, 8)) == (False, "停产检修", "休", True)
    assert shown(on(10, 10)) == (False, "休息", "休", True)
    assert shown(on(10, 1, 2027)) == (False, "国庆节", "休", True)


def test_every_day_of_a_year_stands_there_once():
    days = [day.date for _, weeks in work_calendar.months_of(2028) for week in weeks for day in week if day]
    assert days == [on(1, 1, 2028) + datetime.timedelta(days=number) for number in range(366)]
    assert {len(week) for _, weeks in work_calendar.months_of(2028) for week in weeks} == {7}


def test_days_in_a_row_are_told_as_one():
    register(on(10, 8), on(10, 10))
    register(on(10, 11), on(10, 11), note="大修")
    register(on(10, 13), on(10, 13), is_workday=True)
    runs = [(run.first.date.day, run.last.date.day, run.days) for run in work_calendar.runs_of(2026)]
    assert runs == [(8, 10, 3), (11, 11, 1), (13, 13, 1)]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(on(10, 9), on(10, 8), "^截止日期早于起始日期"), (on(10, 1), on(11, 30), "^一次最多登记 60 天")],
)
def test_a_range_that_is_reversed_or_too_long_is_refused(first, last, sentence):
    with pytest.raises(TeamError, match=sentence):
        register(first, last)
    assert not WorkDay.objects.exists()


def test_sixty_days_are_not_too_long():
    register(on(10, 1), on(11, 29))
    assert WorkDay.objects.count() == 60


def test_the_trail_tells_each_day_before_and_after_in_one_row():
    register(on(10, 8), on(10, 9))
    register(on(10, 9), on(10, 10), is_workday=True, note="")
    with pytest.raises(TeamError, match="已经是这样登记的"):
        register(on(10, 9), on(10, 10), is_workday=True, note="")
    first, second = AuditEntry.objects.filter(verb="calendar.set").order_by("id")
    assert (first.before, first.after) == ({}, {"2026-10-08": "休息（停产检修）", "2026-10-09": "休息（停产检修）"})
    assert second.before == {"2026-10-09": "休息（停产检修）"}
    assert second.after == {"2026-10-09": "上班", "2026-10-10": "上班"}


def test_removed_days_follow_the_public_calendar_again():
    register(on(10, 8), on(10, 10))
    calendar.remove_days(on(10, 8), on(10, 9), unit=None, actor=None)
    assert [row.date.day for row in WorkDay.objects.all()] == [10]
    with pytest.raises(StaleState):
        calendar.remove_days(on(10, 8), on(10, 9), unit=None, actor=None)
    assert len(AuditEntry.objects.get(verb="calendar.removed").before) == 2


# -- The page ----------------------------------------------------------------------------------------------------------


def test_a_year_without_announcement_says_so_and_what_to_do(client):
    admin = make.give_role(make.make_unit(), "admin")
    client.force_login(admin)
    sentence = "2027 年的放假安排还没有公布，按周一至周五上班算，公布后请在这里登记。"
    assert sentence in client.get("/calendar/2027/").content.decode()
    assert "还没有公布" not in client.get("/calendar/2026/").content.decode()


def test_everybody_reads_and_only_the_administrator_sees_the_form(client):
    unit = make.make_unit()
    for user, form in ((make.make_user(), False), (make.give_role(unit, "admin"), True)):
        client.force_login(user)
        assert ("登记上班或休息" in client.get("/calendar/").content.decode()) == form


@pytest.mark.parametrize("year", [0, 1999, 2100, 99999, 10**30])
def test_a_year_beyond_the_calendar_is_not_found(client, year):
    client.force_login(make.make_user())
    assert client.get(f"/calendar/{year}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first": "2026-10-09"}, "早于起始日期"),
        ({"first": "明天"}, "日期无效"),
        ({"last": "9999-12-31"}, "日期无效"),
        ({"last": ""}, "请选择日期"),
        ({"is_workday": "maybe"}, "请选择上班还是休息"),
        ({"note": "字" * 101}, "最多 100 个字"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(client, fields, sentence):
    client.force_login(make.give_role(make.make_unit(), "admin"))
    body = {"first": "2026-10-08", "last": "2026-10-08", "is_workday": "no", "note": ""} | fields
    assert sentence in client.post("/calendar/2026/", body).content.decode()
    assert not WorkDay.objects.exists()


def test_registering_leads_to_the_year_of_the_days(client):
    client.force_login(make.give_role(make.make_unit(), "admin"))
    body = {"first": "2027-10-01", "last": "2027-10-07", "is_workday": "no", "note": "国庆节"}
    assert client.post("/calendar/2026/", body).headers["Location"] == "/calendar/2027/"
    assert WorkDay.objects.filter(date__year=2027, is_workday=False).count() == 7


def test_the_administrator_of_a_workshop_does_not_change_the_calendar_of_the_plant(client):
    plant = make.make_unit()
    posted = {"first": "2026-10-08", "last": "2026-10-08", "is_workday": "no", "note": "停产"}
    for unit, status in ((make.make_unit(parent=plant), 403), (plant, 302)):
        client.force_login(make.give_role(unit, "admin"))
        assert client.post("/calendar/2026/", posted).status_code == status
    assert WorkDay.objects.count() == 1
