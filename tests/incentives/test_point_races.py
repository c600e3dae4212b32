"""A month of points is closed while somebody enters another deed: it comes in before the close, or counts in the next month."""

import threading
from functools import partial

import pytest
from django.db import connection, connections, transaction

from incentives.models import PointEntry, PointMonth
from incentives.points import selectors
from incentives.services import points
from teams import periods
from tests.points import PERIOD, confirmed, make_branch, propose
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


@pytest.fixture
def branch():
    branch = make_branch()
    confirmed(branch.scheme, branch.one, branch.leader, branch.secretary)
    return branch


def strays():
    """Entries that wait in a month that is closed: nobody can decide on them any more, and no table counts them."""
    closed = PointMonth.objects.values_list("period", flat=True)
    return PointEntry.objects.filter(period__in=closed, state="proposed").count()


def race(branch):
    """Close the month beside people who enter one deed each; what everybody was told."""
    enter = [partial(propose, branch.scheme, branch.one, branch.leader, what=f"抢修{turn}") for turn in range(WRITERS)]
    return at_once(partial(points.close, branch.scheme, PERIOD, actor=branch.secretary), *enter)


def test_no_entry_is_left_in_a_closed_month(branch):
    told = race(branch)
    assert all(word == "done" or "没有确认" in word for word in told), told
    entered = PointEntry.objects.filter(state="proposed")
    assert (strays(), entered.count()) == (0, WRITERS)
    if PointMonth.objects.exists():
        assert set(entered.values_list("period", flat=True)) == {periods.shift(PERIOD, 1)}


def entered_during_the_close(branch, monkeypatch):
    """Somebody enters a deed once the close has found that nothing waits, and commits after it; the month it counts in."""
    looked, entered, closed, told = threading.Event(), threading.Event(), threading.Event(), []
    rows_of = selectors.computed_rows

    def slowly(*args):
        looked.set()
        entered.wait(0.5)
        return rows_of(*args)

    def enter():
        try:
            looked.wait(20)
            with transaction.atomic():
                told.append(propose(branch.scheme, branch.one, branch.leader, what="抢修皮带").period)
                entered.set()
                closed.wait(20)
        except Exception as error:
            told.append(repr(error))
        finally:
            connections.close_all()

    monkeypatch.setattr(selectors, "computed_rows", slowly)
    other = threading.Thread(target=enter)
    other.start()
    points.close(branch.scheme, PERIOD, actor=branch.secretary)
    closed.set()
    other.join(30)
    return told


def test_whoever_comes_during_the_close_counts_in_the_next_month(branch, monkeypatch):
    assert entered_during_the_close(branch, monkeypatch) == [periods.shift(PERIOD, 1)]
    assert strays() == 0


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the write lock lets one transaction in at a time"
)
def test_control_without_the_lock_an_entry_is_left_in_a_closed_month(branch, monkeypatch):
    monkeypatch.setattr(points, "_locked", lambda scheme: scheme)
    assert entered_during_the_close(branch, monkeypatch) == [PERIOD]
    assert strays() == 1
