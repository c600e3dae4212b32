"""A close costs as many statements for many teams as for one, and tells PostgreSQL about the rows that it has just written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.services import closes
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


def statements(teams):
    """What a whole close of a unit with so many teams sends to the database."""
    close = closes.close_of(make.make_ready_unit(teams=teams), PERIOD)
    with CaptureQueriesContext(connection) as sent:
        closes.request_computation(close, actor=None)
        closes.compute(close.pk)
        close.refresh_from_db()
        closes.confirm(close, actor=None)
        closes.finish(close, actor=None)
    return [query["sql"] for query in sent]


def test_a_close_of_many_teams_sends_as_many_statements_as_one_of_a_single_team():
    assert len(statements(1)) == len(statements(4))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics of the last month")
def test_what_was_written_is_analysed_before_anything_is_joined_to_it():
    sent = statements(2)
    for table in ("assessments_teamscore", "assessments_memberscore"):
        written = max(number for number, sql in enumerate(sent) if sql.startswith(f"INSERT INTO {table}"))
        read = [number for number, sql in enumerate(sent) if f'FROM "{table}"' in sql and number > written]
        analysed = next(number for number, sql in enumerate(sent) if sql.startswith(f"ANALYZE {table} ("))
        assert written < analysed < min([*read, len(sent)])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without statistics of the last month")
def test_statistics_are_taken_again_when_twice_as_many_units_have_scores():
    taken = [any(sql.startswith("ANALYZE") for sql in statements(1)) for _ in range(5)]
    assert taken == [True, True, False, True, False]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no settings of a connection's plans")
@pytest.mark.parametrize(
    ("name", "value"), [("jit", "off"), ("max_parallel_workers_per_gather", "0"), ("random_page_cost", "1.1")]
)
def test_questions_of_few_rows_are_planned_as_such(name, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == (value,)
