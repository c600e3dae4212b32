"""The main navigation: who sees what, in which order, and where it leads."""

import pytest
from django.urls import reverse

from teams import periods
from tests import factories as make

pytestmark = pytest.mark.django_db


def places(client, user, address="/"):
    """{label: address} in the order of the navigation."""
    client.force_login(user)
    return {item["label"]: item["url"] for item in client.get(address).context["nav"]}


def test_attendance_comes_before_the_scores_for_those_who_enter_it(client):
    team = make.make_team()
    assert list(places(client, make.make_member(team, "clerk")))[3:5] == ["考勤", "得分"]
    assert list(places(client, make.make_member(team)))[3:5] == ["得分", "考勤"]


def test_who_reaches_one_team_goes_straight_to_its_month(client):
    team, current = make.make_team(), periods.current_period()
    nav = places(client, make.make_member(team, "leader"))
    assert nav["考勤"] == reverse("teams:attendance", args=[team.pk, current])
    assert nav["奖金"] == reverse("incentives:distribution", args=[team.pk, periods.shift(current, -1)])
    assert client.get(nav["考勤"]).status_code == client.get(nav["奖金"]).status_code == 200


def test_a_member_finds_the_own_payslips(client):
    assert places(client, make.make_member(make.make_team()))["奖金"] == reverse("incentives:payslips")


def test_who_reaches_a_unit_chooses_from_the_list(client):
    team = make.make_team()
    nav = places(client, make.give_role(team.unit, "manager", make.make_member(team, "leader")))
    assert (nav["考勤"], nav["奖金"]) == ("/attendance/", "/bonus/")


def test_accounts_are_for_those_who_get_or_watch_money(client):
    team = make.make_team()
    assert "账户" in places(client, make.make_member(team))
    for role, shown in {"finance": True, "manager": True, "union": True, "assessor": False, "party": False}.items():
        assert ("账户" in places(client, make.give_role(team.unit, role))) == shown


def test_more_is_marked_when_its_page_is_open(client):
    team = make.make_team()
    client.force_login(make.make_member(team))
    marked = '<button type="button" class="active" data-bs-toggle="offcanvas"'
    assert marked in client.get("/standards/").content.decode()
    assert marked not in client.get("/boards/").content.decode()
