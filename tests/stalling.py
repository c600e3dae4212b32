"""The product's Celery application with a fault: a computation stops dead after its first team, an import before the last rows.

    STALL_MARKER=/tmp/reached celery -A tests.stalling worker

The marker file appears when the work is in the middle. Only tests start this.
"""

import os
import time
from pathlib import Path

import django

django.setup()

from assessments import results  # noqa: E402
from teamhub.celery import app  # noqa: E402
from teams.services import roster  # noqa: E402

__all__ = ["app"]

score_teams = results.score_teams


def stop_dead(*_):
    Path(os.environ["STALL_MARKER"]).touch()
    time.sleep(600)


def stall(inputs):
    yield next(score_teams(inputs))
    stop_dead()


results.score_teams = stall
roster._join = stop_dead
