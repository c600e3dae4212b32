"""The pages of reviews ask the database the same few questions whether they show one row or three of everything."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.access.reviews import rows_of

pytestmark = pytest.mark.django_db

QUERIES = {
    "reviews": 8,
    "review": 9,
    "review-desk": 20,
    "review-summary": 12,
    "review-application": 19,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def crew(request):
    """Somebody who reviews, somebody of the union, and the rows of tests/access/reviews.py with that many of each."""
    unit = make.make_unit(parent=make.make_unit())
    union, reviewer = make.give_role(unit, "union"), make.give_role(unit, "assessor")
    return union, reviewer, rows_of(make.make_team(unit), union=union, reviewer=reviewer, many=request.param)


def test_pages_ask_no_more_for_more_rows(crew, client, django_assert_num_queries):
    union, reviewer, rows = crew
    args = {"reviews": [], "review": [rows["review"].pk], "review-application": [rows["judged"].pk]}
    for name, queries in QUERIES.items():
        client.force_login(reviewer if name in ("reviews", "review") else union)
        client.get(reverse("home"))  # the first visit notes the time in the session
        address = reverse(f"assessments:{name}", args=args.get(name, [rows["review_round"].pk]))
        with django_assert_num_queries(queries, info=name):
            assert client.get(address).status_code == 200
