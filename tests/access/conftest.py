import pytest

from tests.access.world import build_world, keep_awake
from tests.shared import SHARED, month


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The plant of tests/access/world.py; tests must put back what they change, what a module changes is rolled back."""
    with django_db_blocker.unblock(), SHARED.lent(month, build_world) as found:
        keep_awake(found)
        yield found
