"""Several people do the same thing at the same moment."""

import threading
from functools import partial

from django.db import connection

from teams.errors import TeamError


def at_once(*deeds):
    """Do all these deeds at once, each in a thread of its own; what each was told, sorted.

    That is "done", "polite: " and the sentence of a refusal, or the repr of any other exception.
    """
    barrier, outcomes = threading.Barrier(len(deeds)), []
    threads = [threading.Thread(target=_one, args=(deed, barrier, outcomes)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(outcomes)


def _one(deed, barrier, outcomes):
    try:
        connection.ensure_connection()
        barrier.wait(20)
        deed()
        outcomes.append("done")
    except TeamError as error:
        outcomes.append(f"polite: {error}")
    except Exception as error:
        outcomes.append(repr(error))
    finally:
        connection.close()


def race(deed, subject, runners=20):
    """Let that many do the deed at once, each to an own copy of the subject as it was before; what each was told."""
    copies = [type(subject).objects.get(pk=subject.pk) for _ in range(runners)]
    return at_once(*(partial(deed, copy) for copy in copies))
