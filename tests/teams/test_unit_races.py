"""Two administrators move two units below each other at the same moment: the tree stays a tree."""

from functools import partial

import pytest
from django.db import connection

from teams.models import Unit
from teams.services import units
from tests import factories as make
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def move_below_each_other():
    """Ten pairs of moves at once; how many pairs both went through, each of which is a loop."""
    root, loops = make.make_unit("电厂"), 0
    for number in range(10):
        one, two = (Unit.objects.create(parent=root, name=f"车间{number}{side}") for side in "甲乙")
        outcomes = at_once(*(partial(_move, *_copies(*pair)) for pair in ((one, two), (two, one))))
        assert len(outcomes) == 2
        loops += outcomes.count("done") == 2
    return loops


def _copies(*units_now):
    return [Unit.objects.get(pk=unit.pk) for unit in units_now]


def _move(unit, below):
    units.change_unit(unit, name=unit.name, parent=below, actor=None)


def test_two_moves_at_once_never_make_a_loop():
    assert move_below_each_other() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_control_without_holding_the_tree_a_loop_is_made(monkeypatch):
    monkeypatch.setattr(units, "_hold_tree", lambda: None)
    monkeypatch.setattr(units, "_require_open", lambda unit: None)
    assert move_below_each_other() > 0
