"""Pages of studios ask the database the same few questions whether they show one row or three of everything."""

import pytest
from django.urls import reverse

from assessments.models import Studio, StudioResult
from tests.access.studios import add_many
from tests.factories import give_role, make_member, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db

QUERIES = {
    "assessments:studios": 9,
    "assessments:studio-board": 15,
    "assessments:studio-figures": 9,
    "assessments:studio": 25,
    "assessments:studio-rule": 7,
    "assessments:studio-result": 8,
    "assessments:studio-money": 9,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def chief(request):
    """Who keeps that many studios, one of which has that many members and results."""
    team = make_team(make_unit(parent=make_unit()))
    make_member(team)
    chief = make_user()
    for role in ("union", "manager", "finance"):
        give_role(team.unit.parent, role, chief)
    add_many(team, request.param, chief)
    return chief


def address(name):
    studio = Studio.objects.earliest("id")
    args = {"assessments:studio-rule": [studio.pk, "study"], "assessments:studio-result": [_claimed(studio).pk]}
    args |= {"assessments:studio": [studio.pk], "assessments:studio-money": [studio.pk]}
    return reverse(name, args=args.get(name, []))


def _claimed(studio):
    return StudioResult.objects.filter(studio=studio, state="claimed").earliest("id")


def test_pages_of_studios_ask_no_more_for_more_rows(chief, client, django_assert_num_queries):
    client.force_login(chief)
    client.get(reverse("home"))  # the first visit notes the time in the session
    for name, queries in QUERIES.items():
        page = address(name)
        with django_assert_num_queries(queries, info=name):
            assert client.get(page).status_code == 200
