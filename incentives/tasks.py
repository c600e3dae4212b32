"""Background work of the incentive floor: may run twice, safe to kill."""

import logging

from celery import shared_task

from incentives.services import verification

log = logging.getLogger(__name__)


@shared_task(name="incentives.verify_ledger")
def verify_ledger():
    """Every night: prove the whole ledger; while it does not hold, no board is posted."""
    for outcome in verification.verify_ledger():
        for problem in outcome.problems:
            log.error("the ledger does not hold: %s: %s", outcome.title, problem)
