"""What every test gets: random cases, and an emptied database in spite of the append-only tables."""

import gc
from fnmatch import fnmatch

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from tests.emptying import empty_database
from tests.shared import SHARED, month

pytest_plugins = ["tests.browser"]

# A change is judged on the same cases everywhere; the nightly run looks for new ones.
slow_is_fine = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("default", max_examples=100, derandomize=True, **slow_is_fine)
settings.register_profile("nightly", max_examples=20_000, print_blob=True, **slow_is_fine)
settings.load_profile("default")


HONOURS = ("application", "programme", "round", "bars", "recommend", "studio", "honour")
HONOURS += ("review", "title", "name_list", "challenge", "naming")
BY_DAY = {
    "*_pages.py": "sqlite_by_day",
    "*_machine.py": "sqlite_by_day",
    "tests/access/test_bad_input.py": "sqlite_by_day",
    "tests/access/test_blind.py": "postgres_by_day",
    **{f"tests/access/test_{crawl}.py": "sqlite_by_day" for crawl in ("confidential", "leaks")},
    "tests/access/test_headers.py": "sqlite_by_day",
    "tests/access/test_sessions.py": "sqlite_by_day",
    "tests/activities/*": "sqlite_by_day",
    "tests/access/*": "postgres_by_day",
    "tests/bulletins/*": "postgres_by_day",
    "tests/incentives/*": "sqlite_by_day",
    **{f"tests/assessments/test_{subject}*.py": "sqlite_by_day" for subject in HONOURS},
    "tests/assessments/test_analysis.py": "postgres_by_day",
    "tests/assessments/test_appraisal*.py": "postgres_by_day",
    "tests/assessments/test_rectifications.py": "postgres_by_day",
    "tests/assessments/test_standard*.py": "postgres_by_day",
    "tests/teamhub/test_demo.py": "sqlite_by_day",
    "tests/teams/*": "sqlite_by_day",
    "tests/teamhub/test_home.py": "sqlite_by_day",
    "tests/teamhub/test_import_month.py": "sqlite_by_day",
}
"""What does not depend on the database is gone through once by day: permissions on one, pages, people and long ways on the other."""
ON_BOTH = (
    "*_races.py",
    "*_words.py",
    "*/test_units.py",
    "*/test_attendance.py",
    "tests/teams/test_trail.py",
    "*/test_imports.py",
    "*/test_kill.py",
    "*/test_ledger*.py",
    "*/test_distributions.py",
    "*_guards.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Whatever asks for the database by a fixture is marked like what says so itself, for `-m django_db`."""
    for item in items:
        if {"db", "transactional_db"} & set(item.fixturenames) and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(transaction="transactional_db" in item.fixturenames))
        if item.get_closest_marker("django_db"):
            _mark_day(item)
    _group(items)


DEPTH = pytest.StashKey[int]()


def _group(items):
    """Tests that share something follow each other, so that it is made once; who commits comes last (pytest-django)."""
    for item in items:
        item.stash[DEPTH] = _depth(item)
    items.sort(key=lambda item: item.stash[DEPTH])


def _depth(item):
    """How much of what modules share lies below a test: nothing, the month, or the plant upon the month."""
    marker = item.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        return 0
    fixtures = set(item.fixturenames) - set(item.callspec.params if hasattr(item, "callspec") else ())
    return 2 if "world" in fixtures else int("case" in fixtures)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """The next test finds nothing of what it does not share."""
    with item.config.stash[blocking_manager_key].unblock():
        SHARED.keep(nextitem.stash[DEPTH] if nextitem else 0)


def _mark_day(item):
    """Mark a test of one database for the one on which it runs by day (see BY_DAY)."""
    place = item.path.relative_to(item.config.rootpath).as_posix()
    marks = [mark for pattern, mark in BY_DAY.items() if fnmatch(place, pattern)]
    if marks and not any(fnmatch(place, pattern) for pattern in ON_BOTH):
        item.add_marker(marks[0])


def pytest_collection_finish():
    """What is there for the whole run is not searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_are_emptied():
    """After a transactional test; Django's own way the guards would refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_database())
        yield


@pytest.fixture(autouse=True)
def ledger_holds(request):
    """After every test that posted something the whole ledger is proved; a test marked `broken_ledger` breaks it on purpose."""
    if request.node.get_closest_marker("django_db") is None or request.node.get_closest_marker("broken_ledger"):
        yield
        return
    request.getfixturevalue("db")
    from incentives.ledger_check import verify
    from incentives.models import Transaction

    posted = Transaction.objects.order_by("-id").values_list("id", flat=True)
    before = posted.first()
    yield
    if not connection.needs_rollback and posted.first() != before:
        assert [problem for outcome in verify() for problem in outcome.problems] == []


@pytest.fixture(scope="module")
def case(django_db_setup, django_db_blocker):
    """The month of tests/data; each test's own changes are rolled back, then those of the module."""
    with django_db_blocker.unblock(), SHARED.lent(month) as found:
        yield found
