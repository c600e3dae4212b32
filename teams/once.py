"""What a page asks for again and again, read once: inside `once()` a `kept` reader asks the database only the first time.

For pages, which only read, and for deeds that touch nothing of it: what is written inside is not seen by what was kept before.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_kept: ContextVar = ContextVar("kept", default=None)


@contextmanager
def once():
    """Keep what `kept` readers answer until the end of the block."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def kept(read):
    """A reader without arguments whose answer is kept inside `once()`; its callers must not change it."""

    @wraps(read)
    def answer():
        found = _kept.get()
        if found is None:
            return read()
        if read not in found:
            found[read] = read()
        return found[read]

    return answer
