"""The pages of titles ask the database the same few questions whether they show one row or three of everything."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.honours import title_news
from tests import factories as make
from tests.access.titles import add_many

pytestmark = pytest.mark.django_db

QUERIES = {
    "titles": 12,
    "title-rechecks": 8,
    "title": 13,
    "title-recheck": 14,
    "round-name": 17,
}
NEWS = 7


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def crew(request):
    """The union of a plant and the rows of tests/access/titles.py with that many of each."""
    plant = make.make_unit()
    team = make.make_team(make.make_unit(parent=plant))
    make.make_member(team, "leader")
    union = make.give_role(team.unit, "union")
    return union, add_many(team, request.param, union)


def queries_of(read):
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def test_pages_ask_no_more_for_more_rows(crew, client):
    union, rows = crew
    args = {
        "title": [rows["title"].pk],
        "title-recheck": [rows["title_recheck"].pk],
        "round-name": [rows["round_to_name"].pk],
    }
    client.force_login(union)
    client.get(reverse("home"))  # the first visit notes the time in the session
    addresses = {name: reverse(f"assessments:{name}", args=args.get(name, [])) for name in QUERIES}
    assert {name: queries_of(partial(client.get, addresses[name])) for name in QUERIES} == QUERIES
    assert {client.get(address).status_code for address in addresses.values()} == {200}


def test_news_ask_no_more_for_more_rows(crew):
    union, _ = crew
    lines = []
    assert queries_of(lambda: lines.extend(title_news.waiting_for(union))) == NEWS
    assert len(lines) >= 2
