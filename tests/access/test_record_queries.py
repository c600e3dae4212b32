"""The pages of activities ask the database the same few questions whether they show one record or three of everything."""

import pytest
from django.urls import reverse

from activities.models import Activity, ActivityKind
from teams import periods
from tests import factories as make
from tests.recording import add_many

pytestmark = pytest.mark.django_db

QUERIES = {
    "activities": 18,
    "activity-choose": 8,
    "activity-record": 20,
    "activity": 15,
    "activity-edit": 20,
    "activity-month": 14,
    "kinds": 14,
    "kind": 11,
    "kind-edit": 8,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def crew(request):
    """The leader, who is the plant's administrator, and the team, with that many records of that many people."""
    plant = make.make_unit()
    team = make.make_team(make.make_unit(parent=plant))
    leader = make.make_member(team, "leader")
    for _ in range(request.param - 1):
        make.make_member(team)
    make.give_role(plant, "admin", leader)
    add_many(team, request.param, leader)
    return leader, team


def test_pages_ask_no_more_for_more_records(crew, client, django_assert_num_queries):
    leader, team = crew
    kind, record = ActivityKind.objects.first(), Activity.objects.last()
    args = {name: [kind.pk] for name in ("activity-record", "kind", "kind-edit")}
    args |= {name: [record.pk] for name in ("activity", "activity-edit")}
    args |= {"activity-month": [team.pk, periods.current_period()]}
    client.force_login(leader)
    client.get(reverse("home"))  # the first visit notes the time in the session
    for name, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=name):
            assert client.get(reverse(f"activities:{name}", args=args.get(name, []))).status_code == 200
