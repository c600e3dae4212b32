"""What many modules begin with is made once: the month of tests/data, and upon it the plant of tests/access.

Each is made in a transaction that is never committed. A module has a copy of what was made and a transaction of its own within;
before a test that must not see any of it, all is rolled back.
"""

import sys
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection, transaction
from django.utils import timezone


class Shared:
    """Things made one upon the other: `made` holds each with its transaction."""

    def __init__(self):
        self.made, self.day = [], None

    @contextmanager
    def lent(self, *makers):
        """A copy of what the last maker made of what the one before it made."""
        self.keep(len(makers) if self.day == timezone.localdate() else 0)
        self.day = timezone.localdate()
        for make in makers[len(self.made) :]:
            self._add(make)
        with transaction.atomic():
            yield deepcopy(self.made[-1][0])
            transaction.set_rollback(True)

    def _add(self, make):
        begun = transaction.atomic()
        begun.__enter__()
        try:
            value = make(*(value for value, _ in self.made[-1:]))
            connection.check_constraints()  # once for all: what is left open would be looked at again after every test
        except BaseException:
            begun.__exit__(*sys.exc_info())
            raise
        self.made.append((value, begun))

    def keep(self, depth):
        """Undo whatever was made upon the first so many."""
        while len(self.made) > depth:
            _, begun = self.made.pop()
            transaction.set_rollback(True)
            begun.__exit__(None, None, None)


SHARED = Shared()


def month():
    """The month of tests/data, imported and sealed."""
    from teamhub.month_import import import_month
    from teams.models import Unit
    from teams.services import trail
    from tests.data import CASE

    report = import_month(CASE, 202610, plant="本厂")
    trail.seal(now=timezone.now() + timedelta(days=1))
    return SimpleNamespace(report=report, root=Unit.objects.get(parent=None), period=202610)
