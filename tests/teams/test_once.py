"""What a page reads once: one question inside the block, a fresh one outside of it."""

import datetime

import pytest

from teams.access import line_of, subtree_ids
from teams.models import WorkDay
from teams.once import once
from teams.workdays import is_workday
from tests import factories as make

pytestmark = pytest.mark.django_db
SUNDAY = datetime.date(2026, 10, 25)


def test_inside_the_block_the_tree_and_the_calendar_are_read_once(django_assert_num_queries):
    root = make.make_unit()
    below = make.make_unit(parent=root)
    with once(), django_assert_num_queries(2):
        assert [line_of(below), line_of(root)] == [[below.pk, root.pk], [root.pk]]
        assert subtree_ids(root) == {root.pk, below.pk}
        assert not is_workday(SUNDAY)
        assert not is_workday(SUNDAY)


def test_what_was_read_is_forgotten_after_the_block(django_assert_num_queries):
    with once():
        assert not is_workday(SUNDAY)
    WorkDay.objects.create(date=SUNDAY, is_workday=True, note="补班")
    assert is_workday(SUNDAY)
    with once():
        assert is_workday(SUNDAY)
    with django_assert_num_queries(2):
        assert [is_workday(SUNDAY), is_workday(SUNDAY)] == [True, True]


def test_an_error_ends_the_block_too():
    def read_and_fail():
        with once():
            is_workday(SUNDAY)
            raise LookupError

    with pytest.raises(LookupError):
        read_and_fail()
    WorkDay.objects.create(date=SUNDAY, is_workday=True, note="补班")
    assert is_workday(SUNDAY)
