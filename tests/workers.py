"""Real workers and sudden deaths: a Celery worker on the test database and broker, and a child killed at any statement."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings
from django.db import connection, connections

from teamhub.celery import app


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


def do_in_a_child(deed, number, moment):
    """Fork, do the deed with a failpoint, and return the signal that ended the child: 9, or 0 when it came through."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            with connection.execute_wrapper(Failpoint(number, moment)):
                deed()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status)


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


def wait_for(condition, seconds=20, pause=0.05):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)
