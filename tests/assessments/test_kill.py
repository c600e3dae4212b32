"""A month's computation is killed, and later the month is there once, with the figures of an undisturbed run.

First at every single SQL statement, in a forked child; then in a real Celery worker on the engine's own broker.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from assessments import tasks
from assessments.models import MemberScore, MonthClose, TeamScore
from assessments.services import closes
from teamhub.celery import app
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]


def results_of(close):
    """State, fingerprint, scores and trail: what a computation leaves behind."""
    close = MonthClose.objects.get(pk=close.pk)
    return {
        "state": close.state,
        "hash": close.inputs_hash,
        "teams": list(
            TeamScore.objects.filter(close=close).order_by("team").values("team_id", "score", "rank", "lines")
        ),
        "members": list(MemberScore.objects.filter(close=close).order_by("user").values("user_id", "score", "codes")),
        "trail": AuditEntry.objects.filter(verb="close.computed", object_id=close.pk).count(),
    }


def run_out_lease(close):
    past = timezone.now() - timedelta(seconds=1)
    return MonthClose.objects.filter(pk=close.pk, job="running").update(lease_until=past)


# -- At every SQL statement ---------------------------------------------------------------------------------------------


class Failpoint:
    """Kills this process with SIGKILL right before or after its n-th SQL statement."""

    def __init__(self, number, moment):
        self.left, self.moment = number, moment

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0 and self.moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def compute_in_a_child(close, number, moment):
    """Fork, compute with a failpoint, and return the signal that ended the child: 9, or 0 when it came through."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            with connection.execute_wrapper(Failpoint(number, moment)):
                closes.compute(close.pk)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status)


def undisturbed_results(close):
    """What the computation leaves behind when nothing happens to it; taken back at once."""
    with transaction.atomic():
        closes.compute(close.pk)
        results = results_of(close)
        transaction.set_rollback(True)
    return results


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_statement_the_month_is_untouched_or_complete_and_recovers(moment):
    outcome, number, left_untouched = signal.SIGKILL, 0, 0
    while outcome == signal.SIGKILL:
        close = closes.close_of(make.make_ready_unit(), PERIOD)
        closes.request_computation(close, actor=None)
        untouched, undisturbed = results_of(close), undisturbed_results(close)
        number += 1
        outcome = compute_in_a_child(close, number, moment)
        assert results_of(close) in (untouched, undisturbed)
        left_untouched += results_of(close) == untouched
        run_out_lease(close)
        for _ in range(2):
            tasks.compute_close(close.pk)
            assert results_of(close) == undisturbed
    assert undisturbed["state"] == "computed"
    assert (undisturbed["trail"], len(undisturbed["members"])) == (1, 6)
    # The claim and the reading of the inputs alone are more than ten statements.
    assert number - 1 == left_untouched > 10


# -- In a real worker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def broker():
    """Tasks go to the broker of this engine (files or Valkey) instead of running in place; it is empty before and after."""
    app.conf.task_always_eager = False
    app.control.purge()
    yield
    app.control.purge()
    app.conf.task_always_eager = True


@contextmanager
def worker(module, **environment):
    """A Celery worker on the test database and broker, in a process group of its own; killed, never asked."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"
    command = [
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        module,
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        "1",
    ]
    command += ["--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    variables = os.environ | {"DJANGO_SETTINGS_MODULE": "teamhub.settings", "DATABASE_URL": url} | environment
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=variables, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_a_worker_killed_in_the_middle_loses_nothing(broker, tmp_path):
    close = closes.close_of(make.make_ready_unit(), PERIOD)
    closes.request_computation(close, actor=None)
    untouched, undisturbed = results_of(close), undisturbed_results(close)
    tasks.wake(close.pk)

    marker = tmp_path / "in-the-middle"
    with worker("tests.stalling", STALL_MARKER=str(marker)):
        wait_for(marker.exists)
    assert results_of(close) == untouched
    assert MonthClose.objects.get(pk=close.pk).job == "running"

    with worker("teamhub"):
        other = closes.close_of(make.make_ready_unit(), PERIOD)
        closes.request_computation(other, actor=None)
        tasks.wake(other.pk)
        wait_for(lambda: results_of(other)["state"] == "computed")
        tasks.sweep_closes()
        time.sleep(0.5)
        # Control: before the lease has run out nobody takes the month over.
        assert results_of(close) == untouched

        assert run_out_lease(close) == 1
        time.sleep(0.5)
        # Control: without the sweep nobody learns of it.
        assert results_of(close) == untouched

        tasks.sweep_closes()
        tasks.sweep_closes()
        wait_for(lambda: results_of(close) == undisturbed)
    assert MonthClose.objects.get(pk=close.pk).attempts == 2
