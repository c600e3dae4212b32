"""Pages of lists and challenges ask the database the same few questions for one row and for three of everything."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Challenge
from tests.access.name_lists import add_many
from tests.factories import give_role, make_member, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db

QUERIES = {
    ("assessments:name-list", "judged_round"): 16,
    ("assessments:name-list", "listed_round"): 20,
    ("assessments:name-list", "posted_round"): 23,
    ("assessments:name-list-meter", "judged_round"): 14,
    ("assessments:round", "posted_round"): 24,
    ("assessments:challenges", None): 8,
    ("assessments:challenge", "challenge"): 8,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def place(request):
    """Who runs the rounds, and those with that many names and challenges."""
    team = make_team(make_unit(parent=make_unit()))
    make_member(team)
    chief = give_role(team.unit, "union", make_user())
    rows = add_many(team, request.param, chief)
    assert Challenge.objects.count() == request.param
    return chief, rows


def test_pages_of_lists_ask_no_more_for_more_rows(place, client):
    chief, rows = place
    client.force_login(chief)
    client.get(reverse("home"))  # the first visit notes the time in the session
    counted = {}
    for name, about in QUERIES:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name, args=[rows[about].pk] if about else [])).status_code == 200
        counted[name, about] = len(asked)
    assert counted == QUERIES
