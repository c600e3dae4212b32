"""What is a person's own: said of one application, title or studio and asked of many rows it is the same."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.honours import own
from assessments.honours.application_access import has_to_do_with, of_others
from assessments.models import Application, Recheck, Studio, StudioMember, Title
from assessments.services import studios, titles
from tests import factories as make
from tests.titles import Scene, bare_title, shortlist

pytestmark = pytest.mark.django_db
OWNERS = {
    "team": {"member"},
    "person": {"worker"},
    "studio": {"studio leader", "studio member"},
}
"""Who of the people of a plant the titles are about, by kind of subject."""


@pytest.fixture(params=OWNERS)
def plant(request):
    """(kind of subject, an application and a title of one, {name: person})."""
    scene = Scene()
    people = {name: make.make_user() for name in ("worker", "studio leader", "studio member", "studio member of old")}
    people |= {"member": make.make_member(scene.team), "member of old": make.make_member(scene.team)}
    people["member of old"].memberships.update(ended_on=scene.today)
    founded = {"kind": "technique", "founded_on": scene.today, "actor": scene.union}
    make.give_role(scene.unit, "manager", people["studio leader"])
    studio = studios.establish(scene.unit, people["studio leader"], **founded)
    for name in ("studio member", "studio member of old"):
        StudioMember.objects.create(studio=studio, user=people[name], joined_on=scene.today)
    StudioMember.objects.filter(user=people["studio member of old"]).update(left_on=scene.today)
    columns = {"team": {}, "person": {"user": people["worker"]}, "studio": {"studio": studio}}[request.param]
    application = shortlist(scene.round, scene.team, scene.leader, **columns)
    title = bare_title(scene.programme, scene.team, 1, **columns)
    return request.param, application, title, people | {"filer": scene.leader, "stranger": scene.company}


def test_one_row_and_many_say_the_same(plant):
    kind, application, title, people = plant
    titles.open_recheck(title, timezone.localdate(), "提前复评", actor=people["stranger"])
    team_leader = {"filer"} if kind == "team" else set()
    for name, user in people.items():
        expected = name in OWNERS[kind] | team_leader
        assert own.is_own(user, title) == expected, name
        assert own.is_own(user, application) == expected, name
        assert Application.objects.filter(own.own_rows(user)).exists() == expected, name
        assert Title.objects.filter(own.own_rows(user)).exists() == expected, name
        assert Title.objects.exclude(own.own_rows(user)).exists() != expected, name
        assert Recheck.objects.exclude(own.own_rows(user, "title__")).exists() != expected, name


def test_whoever_filed_it_has_to_do_with_the_application_too(plant):
    kind, application, _, people = plant
    for name, user in people.items():
        expected = name in OWNERS[kind] | {"filer"}
        assert has_to_do_with(user, application) == expected, name
        assert of_others(Application.objects.all(), user).exists() != expected, name


@pytest.mark.parametrize("plant", ["studio"], indirect=True)
def test_a_studio_is_its_leaders_and_present_members(plant):
    _, _, title, people = plant
    for name, user in people.items():
        expected = name in OWNERS["studio"]
        assert own.in_studio(user, title.studio) == expected, name
        assert Studio.objects.filter(own.own_studios(user)).exists() == expected, name


@pytest.mark.parametrize("plant", ["team"], indirect=True)
def test_what_a_rule_allows_is_given_and_the_rest_refused(plant):
    _, _, title, people = plant
    assert own.permitted(own.is_own, people["member"], title) == title
    with pytest.raises(PermissionDenied):
        own.permitted(own.is_own, people["stranger"], title)
