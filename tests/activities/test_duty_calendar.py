"""The month as a calendar: each duty on the day it is due, of a unit who left what undone; months go on and on."""

import datetime

import pytest
from django.utils import timezone

from activities.duties import DAY, SPOT_CHECK, Occasion
from activities.duty_calendar import days_of_team, days_of_unit, weeks_of
from activities.models import Duty
from activities.services import duties
from teams import periods
from teams.access import access_of
from teams.once import once
from tests import factories as make
from tests.team_life import make_kind

pytestmark = pytest.mark.django_db
FRIDAY = datetime.date(2026, 10, 9)
OCTOBER = 202610


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: FRIDAY)


@pytest.fixture
def team():
    team = make.make_team(make.make_unit("运行部"), "一值")
    team.leader = make.make_member(team, "leader")
    team.kind = make_kind(team.unit, name="安全活动日", cadence="weekly", is_asked=True, privacy="confidential")
    for day in (FRIDAY - DAY, FRIDAY):
        duties.raise_due(day)
        duties.raise_records(day)
    return team


def shown(team, user=None):
    """{day of the month: [(name, word, address)]} of the days on which something is due."""
    days = days_of_team(team, OCTOBER, access_of(user or team.leader), FRIDAY)
    return {day.date.day: [(e.name, e.word, e.address) for e in day.entries] for day in days if day.entries}


def test_each_duty_stands_on_the_day_it_is_due_and_leads_to_where_it_is_done(team):
    check, form = f"/checks/{team.pk}/", f"/activities/new/{team.kind.pk}/?for=team-{team.pk}"
    found = shown(team)
    assert [(name, word) for day in (8, 9, 11) for name, word, _ in found[day]] == [
        ("班前自查", "逾期"),
        ("班前自查", "待办"),
        ("安全活动日", "待办"),
    ]
    assert found[11][0][2] == form
    assert found[9][0][2].startswith(check)


def test_who_only_belongs_to_the_team_sees_it_without_the_way_to_do_it(team):
    assert {address for rows in shown(team, make.make_member(team)).values() for _, _, address in rows} == {""}


def test_several_of_a_kind_on_a_day_that_stand_alike_are_one_line(team):
    for number, state in enumerate(("open", "open", "waived")):
        facts = {"opens_on": FRIDAY, "due_on": FRIDAY, "grace_until": FRIDAY, "period": OCTOBER, "title": "班前会"}
        Duty.objects.create(
            kind=f"activity:{team.kind.pk}",
            unit=team.unit,
            team=team,
            source=f"x:{number}",
            state=state,
            reason="停",
            **facts,
        )
    day = days_of_team(team, OCTOBER, access_of(team.leader), FRIDAY)[8]
    assert [(e.name, e.word, e.times) for e in day.entries if e.name == "安全活动日"] == [
        ("安全活动日", "待办", 2),
        ("安全活动日", "免办", 1),
    ]


def test_a_spot_check_to_come_is_not_betrayed(team):
    duties.raise_once(SPOT_CHECK, [Occasion(team, 5, "10月10日抽查", FRIDAY + DAY)])
    assert Duty.objects.filter(kind="spot_check").count() == 1
    assert 10 not in shown(team)
    assert days_of_unit(team.unit, OCTOBER, FRIDAY)[9].asked == 0


def test_a_unit_is_told_how_much_was_done_each_day_and_who_left_what(team):
    other = make.make_team(team.unit, "二值")
    duties.raise_due(FRIDAY - DAY)
    Duty.objects.filter(team=other, kind="self_check").update(state="done", done_at=timezone.now())
    Duty.objects.filter(team=team, due_on=FRIDAY - DAY).update(state="missed")
    days = {day.date.day: day for day in days_of_unit(team.unit, OCTOBER, FRIDAY)}
    assert (days[8].done, days[8].asked) == (1, 2)
    assert [(row.team, row.colour, row.word) for row in days[8].entries] == [(team, "bad", "没有办 1")]
    assert (days[9].done, days[9].asked, days[9].entries) == (0, 1, [])
    duties.waive(Duty.objects.get(team=team, due_on=FRIDAY), "停机", actor=None)
    assert days_of_unit(team.unit, OCTOBER, FRIDAY)[8].asked == 0


def test_weeks_begin_on_monday_and_hold_every_day_once(team):
    days = days_of_team(team, OCTOBER, access_of(team.leader), FRIDAY)
    weeks = weeks_of(days)
    assert {len(week) for week in weeks} == {7}
    assert [day for week in weeks for day in week if day] == days
    assert [week[0].date.weekday() for week in weeks if week[0]] == [0] * 4


def test_the_page_of_a_team_and_of_a_unit(client, team):
    client.force_login(team.leader)
    page = client.get(f"/duties/calendar/teams/{team.pk}/2026-10/").content.decode()
    assert page.count("<td") == 35
    assert "安全活动日" in page
    assert f"/duties/calendar/teams/{team.pk}/2026-11/" in page
    client.force_login(make.give_role(team.unit, "manager"))
    page = client.get(f"/duties/calendar/units/{team.unit_id}/2026-10/").content.decode()
    assert f"/duties/calendar/teams/{team.pk}/2026-10/" in page
    assert "一值" in page


@pytest.mark.parametrize(("month", "links"), [("2000-01", ["after"]), ("2099-12", ["before"])])
def test_the_first_and_the_last_month_have_one_neighbour(client, team, month, links):
    client.force_login(team.leader)
    context = client.get(f"/duties/calendar/teams/{team.pk}/{month}/").context
    assert list(context["links"]) == links
    assert context["is_empty"]


def test_an_empty_month_says_what_will_be_here(client, team):
    client.force_login(team.leader)
    assert "这个月没有到期要办的事" in client.get(f"/duties/calendar/teams/{team.pk}/2026-08/").content.decode()


def test_the_way_in_leads_to_the_own_team_or_the_first_unit(client, team):
    month = periods.dashed(periods.current_period())
    client.force_login(team.leader)
    assert client.get("/duties/calendar/").headers["Location"] == f"/duties/calendar/teams/{team.pk}/{month}/"
    client.force_login(make.give_role(team.unit, "manager"))
    assert client.get("/duties/calendar/").headers["Location"] == f"/duties/calendar/units/{team.unit_id}/{month}/"
    client.force_login(make.make_user())
    assert client.get("/duties/calendar/").status_code == 403


def test_the_calendars_ask_no_more_for_more_duties(team, django_assert_num_queries):
    access_of(team.leader)
    with once():
        days_of_team(team, OCTOBER, access_of(team.leader), FRIDAY)
        with django_assert_num_queries(1):
            days_of_team(team, OCTOBER, access_of(team.leader), FRIDAY)
        for number in range(1, 12):
            duties.raise_records(FRIDAY - number * 7 * DAY)
            duties.raise_due(FRIDAY - number * DAY)
        with django_assert_num_queries(1):
            days_of_team(team, OCTOBER, access_of(team.leader), FRIDAY)
        days_of_unit(team.unit, OCTOBER, FRIDAY)
        with django_assert_num_queries(1):
            days_of_unit(team.unit, OCTOBER, FRIDAY)
