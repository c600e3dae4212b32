"""The main navigation: who sees what, in which order, and where it leads."""

from itertools import groupby

import pytest
from django.urls import reverse

from teamhub.navigation import GROUP_OF, PAGES
from teams import periods
from tests import factories as make

pytestmark = pytest.mark.django_db


def places(client, user, address="/"):
    """{label: address} in the order of the navigation."""
    client.force_login(user)
    return {item["label"]: item["url"] for item in client.get(address).context["nav"]}


def test_attendance_comes_before_the_scores_for_those_who_enter_it(client):
    team = make.make_team()
    assert list(places(client, make.make_member(team, "clerk")))[3] == "考勤"
    assert list(places(client, make.make_member(team)))[3] == "得分"


def test_the_first_places_stand_alone_and_the_others_in_groups_each_in_one_piece(client):
    user = make.give_role(make.make_unit(), "manager", make.make_member(make.make_team(), "leader"))
    client.force_login(user)
    groups = [item.get("group") for item in client.get("/").context["nav"]]
    assert groups[:4] == [None] * 4
    assert list(dict.fromkeys(groups[4:])) == [group for group, _ in groupby(groups[4:])]
    assert len(set(groups)) > 5


def test_every_place_has_a_group():
    assert {label for label, *_ in PAGES} == set(GROUP_OF)


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
