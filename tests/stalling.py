"""The product's Celery application with one fault: a computation stops dead after its first team.

    STALL_MARKER=/tmp/reached celery -A tests.stalling worker

The marker file appears when the computation is in the middle. Only tests start this.
"""

import os
import time
from pathlib import Path

import django

django.setup()

from assessments import results  # noqa: E402
from teamhub.celery import app  # noqa: E402

__all__ = ["app"]

score_teams = results.score_teams


def stall(inputs):
    yield next(score_teams(inputs))
    Path(os.environ["STALL_MARKER"]).touch()
    time.sleep(600)


results.score_teams = stall
