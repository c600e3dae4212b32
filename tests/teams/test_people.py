"""The list of people: narrowed by unit, team and account, and the way to the roster."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from teams.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    plant = make.make_unit("本厂")
    unit, other = (make.make_unit(name, parent=plant) for name in ("运行部", "检修部"))
    below = make.make_unit("一分场", parent=unit)
    teams = [make.make_team(place, name) for place, name in ((unit, "一值"), (unit, "二值"), (below, "三值"))]
    people = [make.make_member(team) for team in teams]
    chief, stranger = make.give_role(unit, "finance"), make.make_member(make.make_team(other))
    client.force_login(make.give_role(plant, "admin"))
    return SimpleNamespace(**locals())


def found(client, **query):
    """Numbers of the people that a page shows."""
    page = client.get(reverse("teams:people"), query)
    return {person.pk for person in page.context["page"]}


def test_people_are_found_by_unit_with_all_below_and_by_team(scene, client):
    one, two, three = (person.pk for person in scene.people)
    assert found(client, unit=scene.unit.pk) == {one, two, three, scene.chief.pk}
    assert found(client, unit=scene.unit.pk, team=scene.teams[0].pk) == {one}
    assert found(client, unit=scene.other.pk) == {scene.stranger.pk}
    assert found(client, team=scene.teams[2].pk) == {three}


def test_a_team_of_another_unit_is_forgotten_when_the_unit_is_changed(scene, client):
    assert found(client, unit=scene.other.pk, team=scene.teams[0].pk) == {scene.stranger.pk}


def test_the_teams_to_choose_from_are_those_of_the_unit(scene, client):
    page = client.get(reverse("teams:people"), {"unit": scene.unit.pk}).content.decode()
    assert ("一值</option>" in page, "三值</option>" in page) == (True, False)
    assert "一值</option>" not in client.get(reverse("teams:people")).content.decode()


@pytest.mark.parametrize("value", ["x", "99999999999999999999"])
@pytest.mark.parametrize(("name", "sentence"), [("unit", "没有这个单位"), ("team", "没有这个班组")])
def test_what_is_not_there_is_said(scene, client, name, value, sentence):
    page = client.get(reverse("teams:people"), {name: value})
    assert (list(page.context["page"]), sentence in page.content.decode()) == ([], True)


@pytest.mark.parametrize(("role", "there"), [("admin", True), ("security", False)])
def test_the_roster_is_one_tap_away_for_who_may_import_it(scene, client, role, there):
    client.force_login(make.give_role(scene.plant, role))
    assert (reverse("teams:roster-upload") in client.get(reverse("teams:people")).content.decode()) is there


def test_the_badge_says_the_word_of_the_filter(scene, client):
    one, two, _ = scene.people
    User.objects.update(last_login=timezone.now())
    User.objects.filter(pk=one.pk).update(last_login=None)
    User.objects.filter(pk=two.pk).update(must_change_password=True)
    page = client.get(reverse("teams:people"), {"state": "new"})
    assert {person.pk for person in page.context["page"]} == {one.pk, two.pk}
    table = page.content.decode().split("<tbody>")[1]
    assert (table.count("未激活"), "从未登录" in table) == (2, False)
