"""Emptying the database after a transactional test takes the guards away and puts them back."""

import pytest
from django.db import connection

from teams.triggers import missing

pytestmark = pytest.mark.django_db(transaction=True)


def test_control_the_database_of_this_test_is_flushed_afterwards():
    """The next test finds the guards back after the flush."""


def test_all_guards_are_in_place_after_a_flush():
    assert missing(connection) == []
