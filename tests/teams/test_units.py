"""Keeping the unit tree: names, moves and ends, and what stands in their way."""

import datetime

import pytest
from django.urls import reverse

from teams import selectors
from teams.errors import StaleState, TeamError
from teams.models import AuditEntry, Team, Unit
from teams.services import units
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make.make_unit("电厂")


def below(root, name):
    return units.add_unit(root, name, actor=None)


def team_in(unit, name="一值"):
    day = datetime.date(2026, 1, 1)
    return units.add_team(unit, name=name, shift_pattern="day", trade="", formed_on=day, actor=None)


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", "label"))


def test_a_unit_is_added_renamed_moved_and_closed_and_the_trail_tells_it(root):
    workshop, office = below(root, "车间"), below(root, "办公室")
    units.change_unit(workshop, name="运行车间", parent=office, actor=None)
    units.close_unit(workshop, actor=None)
    stored = Unit.objects.get(pk=workshop.pk)
    assert (stored.name, stored.parent, stored.closed_on is not None) == ("运行车间", office, True)
    assert verbs() == [
        ("unit.added", "车间"),
        ("unit.added", "办公室"),
        ("unit.changed", "运行车间"),
        ("unit.closed", "运行车间"),
    ]


def test_nothing_changed_leaves_no_trail(root):
    workshop = below(root, "车间")
    units.change_unit(workshop, name="车间", parent=root, actor=None)
    assert verbs() == [("unit.added", "车间")]


def test_a_sibling_cannot_have_the_same_name_until_the_other_is_closed(root):
    first = below(root, "车间")
    with pytest.raises(TeamError, match="^电厂下面已有“车间”。$"):
        below(root, "车间")
    units.close_unit(first, actor=None)
    assert below(root, "车间") != first


@pytest.mark.parametrize("target", ["itself", "its child"])
def test_a_unit_cannot_move_below_itself(root, target):
    workshop = below(root, "车间")
    child = below(workshop, "工段")
    parent = {"itself": workshop, "its child": child}[target]
    with pytest.raises(TeamError, match="不能移到那里"):
        units.change_unit(workshop, name="车间", parent=parent, actor=None)
    assert Unit.objects.get(pk=workshop.pk).parent == root


def test_a_unit_with_anything_below_it_is_not_closed(root):
    workshop = below(root, "车间")
    team = team_in(workshop)
    for unit, sentence in ((root, "电厂下面还有车间，"), (workshop, "车间下面还有一值，")):
        with pytest.raises(TeamError, match=sentence):
            units.close_unit(unit, actor=None)
    units.disband_team(team, actor=None)
    units.close_unit(workshop, actor=None)
    with pytest.raises(StaleState):
        units.close_unit(workshop, actor=None)
    with pytest.raises(TeamError, match="^车间已经撤销，不能再往下加。$"):
        below(Unit.objects.get(pk=workshop.pk), "工段")


def test_a_team_changes_only_what_is_given_and_keeps_old_and_new_in_the_trail(root):
    team = team_in(root)
    units.change_team(team, actor=None, name="运行一值", slogan="平平安安上班来")
    units.change_team(team, actor=None, name="运行一值")
    stored = Team.objects.get(pk=team.pk)
    assert (stored.name, stored.slogan, stored.shift_pattern) == ("运行一值", "平平安安上班来", "day")
    entry = AuditEntry.objects.get(verb="team.changed")
    assert (entry.before, entry.after) == (
        {"name": "一值", "slogan": ""},
        {"name": "运行一值", "slogan": "平平安安上班来"},
    )


def test_two_teams_of_a_unit_cannot_share_a_name(root):
    team_in(root, "一值")
    second = team_in(root, "二值")
    with pytest.raises(TeamError, match="已有名为“一值”的班组"):
        units.change_team(second, actor=None, name="一值")
    assert Team.objects.get(pk=second.pk).name == "二值"


def test_a_team_with_members_is_not_disbanded(root):
    team = team_in(root)
    make.make_member(team)
    with pytest.raises(TeamError, match="^一值还有 1 名成员，"):
        units.disband_team(team, actor=None)
    assert Team.objects.get(pk=team.pk).disbanded_on is None


def test_a_unit_counts_the_teams_and_people_of_everything_below_it(root):
    workshop, empty = below(root, "车间"), below(root, "办公室")
    for name in ("一值", "二值"):
        make.make_member(team_in(below(workshop, f"{name}工段"), name))
    make.make_member(team_in(workshop, "三值"))
    counted = {
        unit.name: (depth, unit.team_count, unit.heads) for depth, unit in selectors.unit_tree(Unit.objects.all())
    }
    assert counted == {
        "电厂": (0, 3, 3),
        "车间": (1, 3, 3),
        "一值工段": (2, 1, 1),
        "二值工段": (2, 1, 1),
        empty.name: (1, 0, 0),
    }


def test_a_new_team_keeps_everything_that_was_filled_in(client, root):
    admin = make.make_user()
    make.give_role(root, "admin", admin)
    client.force_login(admin)
    facts = {"name": "一值", "unit": root.pk, "shift_pattern": "day", "trade": "锅炉", "formed_on": "2026-01-01"}
    page = client.post(reverse("teams:team-add", args=[root.pk]), facts | {"slogan": "平安", "vision": "人人成才"})
    assert page.status_code == 302
    team = Team.objects.get()
    assert (team.trade, team.slogan, team.vision) == ("锅炉", "平安", "人人成才")


def test_nothing_is_put_below_a_unit_that_was_closed_while_the_page_was_open(root):
    workshop = below(root, "车间")
    units.close_unit(Unit.objects.get(pk=workshop.pk), actor=None)
    for add in (below, team_in):
        with pytest.raises(TeamError, match="^车间已经撤销，不能再往下加。$"):
            add(workshop, "一值")
    assert not Team.objects.exists()


def test_what_is_closed_or_disbanded_is_not_renamed(root):
    workshop = units.add_unit(root, "车间", actor=None)
    team = team_in(workshop)
    units.disband_team(team, actor=None)
    units.close_unit(workshop, actor=None)
    with pytest.raises(TeamError, match="车间已经撤销，不能再改"):
        units.change_unit(workshop, name="新车间", parent=root, actor=None)
    with pytest.raises(TeamError, match="一值已经撤销，不能再改"):
        units.change_team(team, name="新一值", actor=None)
    assert Unit.objects.get(pk=workshop.pk).name == "车间"
