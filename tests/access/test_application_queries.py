"""The pages of applications ask the database the same few questions whether they show one row or three of everything."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.access.applications import add_many

pytestmark = pytest.mark.django_db

QUERIES = {
    "applications": 20,
    "application-start": 12,
    "application": 7,
    "application-edit": 7,
    "application-prove": 10,
    "application-desk": 12,
    "application-meter": 12,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def crew(request):
    """A leader, somebody of the union, and the rows of tests/access/applications.py with that many of each."""
    plant = make.make_unit()
    team = make.make_team(make.make_unit(parent=plant))
    leader, union = make.make_member(team, "leader"), make.give_role(team.unit, "union")
    return leader, union, team, add_many(team, request.param, leader)


def test_pages_ask_no_more_for_more_rows(crew, client, django_assert_num_queries):
    leader, union, team, rows = crew
    desk = [rows["handed_in_round"].pk, 0, team.unit_id]
    args = {
        "application-start": [rows["bare_round"].pk],
        "application": [rows["application"].pk],
        "application-edit": [rows["draft_application"].pk],
        "application-prove": [rows["draft_application"].pk, 0],
        "application-desk": desk,
        "application-meter": desk,
    }
    for name, queries in QUERIES.items():
        client.force_login(union if args.get(name) == desk else leader)
        client.get(reverse("home"))  # the first visit notes the time in the session
        with django_assert_num_queries(queries, info=name):
            assert client.get(reverse(f"assessments:{name}", args=args.get(name, []))).status_code == 200
