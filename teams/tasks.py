"""Background work of the ground floor: may run twice, safe to kill."""

import logging

from celery import shared_task

from teams.services import imports, sessions, trail

log = logging.getLogger(__name__)


@shared_task(name="teams.seal_trail")
def seal_trail():
    """Seal every settled run of trail entries."""
    while trail.seal():
        pass


@shared_task(name="teams.forget_sign_ins")
def forget_sign_ins():
    """Mark sign-ins that ran out, and remove those of half a year ago."""
    sessions.forget_old()


def wake(batch_id):
    """Tell a worker that an import is waiting. If the broker is out of reach the sweep finds it within half a minute."""
    try:
        work_on_import.delay(batch_id)
    except Exception:
        log.warning("the broker is out of reach; the sweep will pick up import %s", batch_id, exc_info=True)


@shared_task(name="teams.work_on_import")
def work_on_import(batch_id):
    """Read or apply one uploaded roster."""
    imports.work_on(batch_id)


@shared_task(name="teams.sweep_imports")
def sweep_imports():
    """Send every import again that waits or whose worker died; the row decides whether there is anything to do."""
    for batch_id in imports.due_for_work().values_list("pk", flat=True):
        wake(batch_id)
