"""Two administrators move two units below each other at the same moment: the tree stays a tree."""

import threading

import pytest
from django.db import connection

from teams.errors import TeamError
from teams.models import Unit
from teams.services import units
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def move_below_each_other():
    """Ten pairs of moves at once; how many pairs both went through, each of which is a loop."""
    root, loops = make.make_unit("电厂"), 0
    for number in range(10):
        one, two = (Unit.objects.create(parent=root, name=f"车间{number}{side}") for side in "甲乙")
        outcomes, barrier = [], threading.Barrier(2)
        pairs = ((one, two), (two, one))
        threads = [threading.Thread(target=_move, args=(*pair, barrier, outcomes)) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(outcomes) == 2
        loops += outcomes.count("done") == 2
    return loops


def _move(unit, below, barrier, outcomes):
    unit, below = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=below.pk)
    barrier.wait(10)
    try:
        units.change_unit(unit, name=unit.name, parent=below, actor=None)
        outcomes.append("done")
    except TeamError as error:
        outcomes.append(str(error))
    finally:
        connection.close()


def test_two_moves_at_once_never_make_a_loop():
    assert move_below_each_other() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time anyway")
def test_control_without_holding_the_tree_a_loop_is_made(monkeypatch):
    monkeypatch.setattr(units, "_hold_tree", lambda: None)
    monkeypatch.setattr(units, "_require_open", lambda unit: None)
    assert move_below_each_other() > 0
