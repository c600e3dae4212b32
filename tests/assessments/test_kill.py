"""A month's computation is killed, and later the month is there once, with the figures of an undisturbed run.

First at every single SQL statement, in a forked child; then in a real Celery worker on the engine's own broker.
"""

import random
import signal
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from assessments import tasks
from assessments.models import MemberScore, MonthClose, TeamScore
from assessments.services import closes
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD
from tests.workers import broker, do_in_a_child, wait_for, worker

__all__ = ["broker"]
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
        outcome = do_in_a_child(partial(closes.compute, close.pk), number, moment)
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


def killed_after(close, seconds):
    """Let a worker take up the month and kill it that many seconds after the job began to run."""
    tasks.wake(close.pk)
    with worker("teamhub"):
        wait_for(lambda: MonthClose.objects.get(pk=close.pk).attempts > 0, pause=0.002)
        time.sleep(seconds)


@pytest.mark.nightly
def test_a_worker_killed_at_thirty_random_moments_leaves_nothing_half_done(broker):
    chance, left_untouched = random.Random(20261001), 0
    for _ in range(30):
        close = closes.close_of(make.make_ready_unit(teams=8), PERIOD)
        closes.request_computation(close, actor=None)
        begun = time.monotonic()
        untouched, undisturbed = results_of(close), undisturbed_results(close)
        killed_after(close, chance.uniform(0, time.monotonic() - begun))
        assert results_of(close) in (untouched, undisturbed)
        left_untouched += results_of(close) == untouched
        run_out_lease(close)
        tasks.compute_close(close.pk)
        assert results_of(close) == undisturbed
    assert left_untouched
