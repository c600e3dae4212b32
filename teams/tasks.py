"""Background work of the ground floor: may run twice, safe to kill."""

from celery import shared_task

from teams.services import trail


@shared_task(name="teams.seal_trail")
def seal_trail():
    """Seal every settled run of trail entries."""
    while trail.seal():
        pass
