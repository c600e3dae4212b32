"""Background work of the floor of boards: may run twice, safe to kill."""

import logging

from celery import shared_task

from bulletins.services import closings, heads, objections, verification

log = logging.getLogger(__name__)


@shared_task(name="bulletins.note_heads")
def note_heads():
    """At the end of every day: note the head of every chain here, in a file, and by mail; the one does not wait for the other."""
    noted = heads.note_heads()
    for tell in (heads.keep_outside, heads.mail):
        try:
            tell(noted)
        except OSError:
            log.exception("the heads of the boards were not kept outside: %s", tell.__name__)


@shared_task(name="bulletins.verify_boards")
def verify_boards():
    """Every night: prove every chain of boards."""
    _, problems = verification.verify_boards()
    for problem in problems:
        log.error("the boards do not hold: %s", problem)


@shared_task(name="bulletins.close_notices")
def close_notices():
    """Every night: the certificate of every board whose notice has run its time with nothing open."""
    closings.close_due()


@shared_task(name="bulletins.escalate_objections")
def escalate_objections():
    """Every night: tell the unit above of objections that nobody took up or answered in time."""
    objections.escalate()
