"""Questions whose SQL is put together once in a process: for pages asked for so often that composing it costs more than answering."""

from functools import cache

from django.db import connection
from django.db.models import Expression


class Given(Expression):
    """A value of a question that is named when it is asked: an integer or a text."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """A question: `make` returns a queryset in which a Given stands for each value that differs from time to time.

    What `make` joins or prefetches for its models is not read with them.
    """

    def __init__(self, make):
        self._composed = cache(lambda: _composed(make()))

    def models(self, **given):
        """The models that answer; a field that the queryset defers is read when it is wanted."""
        model, *asked = self._asked(given)
        return list(model.objects.raw(*asked))

    def rows(self, **given):
        """The rows that answer, as the database has them."""
        _, *asked = self._asked(given)
        with connection.cursor() as cursor:
            cursor.execute(*asked)
            return cursor.fetchall()

    def _asked(self, given):
        model, statement, values = self._composed()
        return model, statement, [given[value.name] if isinstance(value, Given) else value for value in values]


def _composed(rows):
    return rows.model, *rows.query.sql_with_params()
