import pytest
from django.db import transaction

from tests.access.world import build_world


@pytest.fixture(scope="module")
def world(case, django_db_blocker):
    """The plant of tests/access/world.py, built once for a module; tests must put back what they change."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world(case)
        transaction.set_rollback(True)
