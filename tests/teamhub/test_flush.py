"""After a transactional test no row is left, in guarded tables neither, and the guards are back."""

import pytest
from django.db import connection

from teams.audit import record
from teams.triggers import missing
from tests import factories as make
from tests.emptying import tables_with_rows

pytestmark = pytest.mark.django_db(transaction=True)


def test_control_this_test_leaves_people_and_a_trail():
    member = make.make_member(make.make_team())
    record("account.created", member, actor=None)
    assert {"teams_user", "teams_membership", "teams_auditentry"} <= set(tables_with_rows())


def test_the_next_one_finds_no_row_and_all_guards():
    assert (tables_with_rows(), missing(connection)) == ([], [])
