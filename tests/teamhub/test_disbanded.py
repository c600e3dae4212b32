"""A team that was disbanded: its months are finished by whoever led it to its end, and stay on the pages of those months."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from teamhub import home
from teams import periods
from teams.access import Access, access_of
from teams.models import Membership, Team
from teams.services import attendance, units
from tests import factories as make

pytestmark = pytest.mark.django_db

PERIOD = periods.shift(periods.current_period(), -1)


@pytest.fixture
def team():
    """A team whose month is filled in; on the first of this month everybody moved on, and it was disbanded."""
    unit = make.make_unit()
    make.make_standard(unit)
    team, other = make.make_team(unit, "一值"), make.make_team(unit, "二值")
    moved_on = periods.first_day(periods.current_period())
    for role, ended_on in (("leader", datetime.date(2026, 5, 31)), ("leader", None), ("deputy", None)):
        make.make_member(team, role, ended_on=ended_on)
    make.make_attendance(team, PERIOD, codes="√" * periods.last_day(PERIOD).day)
    for membership in Membership.objects.open().filter(team=team):
        membership.ended_on = moved_on - datetime.timedelta(days=1)
        membership.save()
        make.make_member(other, user=membership.user, started_on=moved_on)
    units.disband_team(team, actor=None)
    return Team.objects.get(pk=team.pk)


def of(team, role, back=0):
    """Who held this duty in the team, the last one or one before."""
    return Membership.objects.filter(team=team, role=role).order_by("-ended_on")[back].user


def asked(user, title):
    return [item["detail"] for item in home.page_of(user)["queue"] if item["title"] == title]


def test_who_led_it_to_its_end_finishes_its_month(team, client):
    leader = of(team, "leader")
    assert asked(leader, "确认考勤") == [f"一值{periods.label(PERIOD)}考勤还没有确认"]
    client.force_login(leader)
    assert client.get(reverse("teams:attendance", args=[team.pk, PERIOD])).status_code == 200
    client.post(reverse("teams:attendance-confirm", args=[team.pk, PERIOD]))
    manager = make.give_role(team.unit, "manager")
    assert asked(manager, "审批考勤") == [f"一值{periods.label(PERIOD)}"]
    attendance.approve_month(attendance.month_of(team, PERIOD), actor=manager)
    assert asked(leader, "确认考勤") == []


def test_the_bonus_of_its_last_month_can_be_divided(team):
    access = access_of(of(team, "leader"))
    assert (access.on_team("bonus.draft", team), access.on_team("attendance.confirm", team)) == (True, True)
    assert team in access.teams("bonus.view", PERIOD)
    assert team not in access.teams("bonus.view")


@pytest.mark.parametrize(("role", "back"), [("leader", 1), ("deputy", 0)])
def test_nobody_else_who_was_there_can(team, role, back):
    access = Access(of(team, role, back))
    assert not access.on_team("attendance.confirm", team)
    assert not access.on_team("team.view", team)


def test_nothing_but_finishing_is_left_to_do(team):
    access = access_of(of(team, "leader"))
    assert not access.on_team("team.present", team)
    assert not access.on_team("phone.reveal", team)
    assert access.has("attendance.confirm") is False


def test_a_leader_whose_team_goes_on_has_no_more_to_do_with_it():
    team = make.make_team()
    leader = make.make_member(team, "leader", ended_on=timezone.localdate())
    assert not Access(leader).on_team("team.view", team)


def test_the_pages_of_its_months_still_show_it(team, client):
    client.force_login(make.give_role(team.unit, "manager"))
    for name in ("teams:attendance-list", "incentives:month"):
        assert "一值" in client.get(reverse(name, args=[PERIOD])).content.decode()
        assert "一值" not in client.get(reverse(name, args=[periods.shift(PERIOD, 2)])).content.decode()
