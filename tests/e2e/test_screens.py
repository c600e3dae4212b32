"""A TV on the wall: ten turns watched, a new board, a server that goes and comes back, and the end of its address."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from bulletins.models import Bulletin, Display
from bulletins.services import displays, publish
from bulletins.tables import Audience, Board, Column, Fact, Row
from tests import factories as make
from tests.browser import axe
from tests.factories import PERIOD
from tests.workers import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TV = {"viewport": {"width": 1920, "height": 1080}}
SECONDS = 5
RETRY = 5
LOST = "连接中断，正在重试"


@contextmanager
def server(port):
    """A web server of its own on the test database; killed, never asked."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else f"postgres:///{name}"
    command = [sys.executable, "-m", "gunicorn", "teamhub.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    variables = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=variables, start_new_session=True)
    try:
        wait_for(lambda: answers(port))
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).status == 200
    return False


def post(team, kind, rows=0, value="90.00"):
    columns = [Column("name", "项目", numeric=False, audience=Audience.PUBLIC)]
    lines = [Row(None, {"name": f"项目{number}"}) for number in range(rows)]
    board = Board(kind, f"{team}{Bulletin.Kind(kind).label}", [Fact("得分", value)], columns, lines)
    return publish(board, team=team, period=PERIOD, actor=None)


@pytest.fixture
def team():
    team = make.make_team(make.make_unit("运行部"), "运行一值")
    post(team, "scores"), post(team, "attendance"), post(team, "expenses", rows=10)
    return team


class Watched:
    """What somebody sees who stays in front of the TV."""

    def __init__(self, page, address):
        self.page, self.arrivals = page, []
        page.clock.install()
        page.on("framenavigated", lambda frame: self.arrivals.append(frame.url))
        page.goto(address)
        page.evaluate(
            """() => {
                window.blank = 0;
                const look = () => { if (document.querySelectorAll("[data-slide] h1").length !== 1) window.blank += 1; };
                new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
            }"""
        )

    def shown(self):
        """The heading and the first cell of what hangs now."""
        cell = self.page.locator("[data-slide] tbody th").first
        return self.page.locator("h1").inner_text(), cell.inner_text() if cell.count() else ""

    def wait(self, seconds=SECONDS):
        """Let the time of the page pass until something else has arrived or been tried."""
        before = self.page.locator("[data-slide]").element_handle()
        self.page.clock.run_for(seconds * 1000)
        return before

    def turn(self):
        """One slide further; returns what hangs then."""
        before = self.wait()
        self.page.wait_for_function("(before) => !before.isConnected", arg=before)
        return self.shown()


@pytest.fixture
def tv(team, new_page):
    """A TV before a server that can be stopped; what the console says about a lost network is no problem of the page."""
    display, token = displays.add_display(
        team.unit, name="门口", teams=[], kinds=Bulletin.Kind.values, seconds=SECONDS, actor=None
    )
    page = new_page(TV)
    page.display, page.token = display, token
    yield page
    page.problems[:] = [text for text in page.problems if "net::ERR_" not in text and "410 (Gone)" not in text]


def test_ten_turns_are_watched_and_the_server_may_go_and_come_back(tv, team):
    port = free_port()
    with server(port):
        watched = Watched(tv, f"http://127.0.0.1:{port}/screens/{tv.token}/")
        seen = [watched.shown(), *(watched.turn() for _ in range(10))]
        assert axe(tv) == []
        assert tv.evaluate("document.documentElement.scrollHeight") <= 1080
        names = [("运行一值考核得分榜", ""), ("运行一值考勤表", ""), ("运行一值班组费用明细表", "")]
        expenses = [("运行一值班组费用明细表", name) for name in ("项目0", "项目9")]
        assert seen == ([*names, *expenses] * 3)[:11]
        post(team, "attendance", value="91.11")
        watched.turn()
        expect(tv.get_by_text("91.11")).to_be_visible()
    watched.wait()
    expect(tv.get_by_text(LOST)).to_be_visible()
    expect(tv.get_by_text("91.11")).to_be_visible()
    watched.wait(RETRY)
    expect(tv.get_by_text(LOST)).to_be_visible()
    with server(port):
        assert watched.turn() == names[2]
        expect(tv.get_by_text(LOST)).to_be_hidden()
        displays.revoke_display(Display.objects.get(), actor=None)
        assert watched.turn()[0] == "这块大屏已停用"
    assert (len(watched.arrivals), tv.evaluate("window.blank")) == (1, 0)
