"""Who may do what, and where: duties reach one team, roles reach a unit and everything below, strangers see nothing."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from teams.access import GRANTS, MEMBERS, UNIT_ROLES, Access, line_of, require, subtree_ids, team_for, unit_for
from teams.models import Membership, UnitRole
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    """A root with two departments and a team in each; one more team in another plant."""
    root = make.make_unit("本厂")
    running, repair, other = make.make_unit("运行部", root), make.make_unit("检修部", root), make.make_unit("外厂")
    names = {"root": root, "running": running, "repair": repair, "other": other}
    names |= {"first": make.make_team(running), "second": make.make_team(repair), "foreign": make.make_team(other)}
    return type("Plant", (), names)


def answers(function, user, pk, capability):
    try:
        return function(user, pk, capability)
    except Http404:
        return 404
    except PermissionDenied:
        return 403


@pytest.mark.parametrize("role", sorted(MEMBERS))
@pytest.mark.parametrize("capability", sorted(GRANTS))
def test_a_duty_reaches_the_own_team_and_no_other(role, capability, plant):
    user = make.make_member(plant.first, role)
    own = plant.first if role in GRANTS[capability] else 403
    assert [answers(team_for, user, team.pk, capability) for team in (plant.first, plant.second, plant.foreign)] == [
        own,
        404,
        404,
    ]
    assert answers(unit_for, user, plant.running.pk, capability) == 404


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
@pytest.mark.parametrize("capability", sorted(GRANTS))
def test_a_role_reaches_its_unit_and_everything_below(role, capability, plant):
    allowed = role in GRANTS[capability]
    manager, director = make.give_role(plant.running, role), make.give_role(plant.root, role)
    for user, reached in ((manager, [plant.first]), (director, [plant.first, plant.second])):
        for team in (plant.first, plant.second, plant.foreign):
            expected = (team if allowed else 403) if team in reached else 404
            assert answers(team_for, user, team.pk, capability) == expected
    for user, reached in ((manager, [plant.running]), (director, [plant.root, plant.running, plant.repair])):
        for unit in (plant.root, plant.running, plant.repair, plant.other):
            expected = (unit if allowed else 403) if unit in reached else 404
            assert answers(unit_for, user, unit.pk, capability) == expected


def test_only_roles_that_exist_are_granted_anything():
    assert set().union(*GRANTS.values()) <= MEMBERS | UNIT_ROLES
    assert not MEMBERS & UNIT_ROLES
    assert (set(Membership.Role.values), set(UnitRole.Role.values)) == (MEMBERS, UNIT_ROLES)


def test_nobody_holds_both_halves_of_a_deed_that_needs_two():
    for one, other in (
        ("attendance.confirm", "attendance.approve"),
        ("bonus.draft", "bonus.approve"),
        ("bonus.pool", "bonus.approve"),
        ("bonus.approve", "bonus.post"),
        ("check.self", "check.inspect"),
    ):
        assert not GRANTS[one] & GRANTS[other], (one, other)


def test_the_three_administrators_are_kept_apart():
    granted = {
        role: {name for name, roles in GRANTS.items() if role in roles} for role in ("admin", "security", "auditor")
    }
    assert granted["auditor"] == {"team.view", "trail.read", "people.view", "security.view", "application.view"}
    assert not (granted["admin"] | granted["security"]) & {"trail.read"}


def test_a_stranger_reaches_nothing(plant):
    access = Access(make.make_user())
    assert not any(access.has(capability) for capability in GRANTS)
    assert list(access.teams("team.view")) == list(access.units("team.view")) == []
    with pytest.raises(PermissionDenied):
        require(make.make_user(), "team.view")


def test_what_has_ended_gives_nothing(plant):
    user = make.make_member(plant.first, "leader", ended_on=datetime.date(2026, 9, 30))
    make.give_role(plant.running, "manager", user)
    UnitRole.objects.update(ended_on=datetime.date(2026, 9, 30))
    assert Access(user).roles == set()


def test_an_id_that_does_not_exist_looks_like_a_strangers(plant):
    director = make.give_role(plant.root, "manager")
    assert answers(team_for, director, 10**9, "team.view") == answers(unit_for, director, 10**9, "team.view") == 404


def test_lists_hold_what_the_single_look_allows(plant):
    user = make.make_member(plant.first, "leader")
    make.give_role(plant.repair, "manager", user)
    access = Access(user)
    for capability in GRANTS:
        listed = set(access.teams(capability))
        assert listed == {
            team for team in (plant.first, plant.second, plant.foreign) if access.on_team(capability, team)
        }
    assert list(access.units("attendance.approve")) == [plant.repair]


def test_a_tree_of_units_is_walked_in_both_directions(plant):
    deep = make.make_unit("一车间", plant.running)
    assert line_of(deep) == [deep.pk, plant.running.pk, plant.root.pk]
    assert subtree_ids(plant.running) == {plant.running.pk, deep.pk}
    assert subtree_ids(plant.root) == {plant.root.pk, plant.running.pk, plant.repair.pk, deep.pk}
    assert subtree_ids(plant.other) == {plant.other.pk}
