"""What the page of a board costs beside an empty view: the same server, the same middleware, in turns in the same run.

    python -m bench.boards                        50 boards of 12 people on SQLite
    TEST_ENGINE=postgres python -m bench.boards   on PostgreSQL

One worker of gunicorn answers over the loopback, as in production; what counts is the processor time of that worker (Linux),
so that neither the client nor other work on the machine is measured. On PostgreSQL the database's own time is not in it.
Every request is for a board taken at random. "304" and "kept page" are those of a busy hour, when the state of a board has
been read seconds ago; "304, state read" is the first after that. The figure of a side is its share of the empty view:
requests a second of processor time, by the median of rounds.
"""

import argparse
import http.client
import os
import random
import signal
import socket
import time
from pathlib import Path
from runpy import run_path
from statistics import median

from tests import servers

PERIOD, MEMBERS = 202610, 12
IDLE = 0.01
"""Seconds after which a worker that has answered rests, so that the kernel has counted all of its time."""
GOALS = {"304": 0.70, "kept page": 0.50, "page made anew": 0.18}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=50)
    parser.add_argument("--requests", type=int, default=200, help="of each side in a round")
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    connection = application_with_empty_view()
    boards, cookies = posted(chosen.boards)
    served = Served()
    try:
        spent = measured(sides_of(served, boards, cookies), chosen.boards, chosen.rounds, chosen.requests)
    finally:
        served.stop()
    report(f"{connection.vendor}, {chosen.boards} boards", spent)


def application_with_empty_view():
    """Django with the product's addresses and one more; returns the database connection."""
    servers.prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.decorators import login_not_required
    from django.core.management import call_command
    from django.db import connection
    from django.http import HttpResponse
    from django.urls import path

    from teamhub import urls

    class WithEmptyView:
        urlpatterns = _beside_the_boards(
            urls.urlpatterns,
            path("empty/", login_not_required(lambda request: HttpResponse())),
            path("worker/", login_not_required(_worker)),
            path("forgotten/boards/<str:serial>/", login_not_required(_forgotten)),
        )

    call_command("migrate", verbosity=0)
    settings.ROOT_URLCONF, settings.BOARD_STAMP_SECONDS = WithEmptyView, 60
    settings.WHITENOISE_AUTOREFRESH = False
    return connection


def _worker(request):
    """The number of the process that answers."""
    from django.http import HttpResponse

    return HttpResponse(os.getpid())


def _forgotten(request, serial):
    """A board after the worker has forgotten all that it keeps."""
    from django.core.cache import cache

    from bulletins.views.boards import board

    cache.clear()
    return board(request, serial)


def _beside_the_boards(patterns, *more):
    """The addresses with more behind those of the boards: finding them takes as long as finding a board."""
    place = next(number for number, part in enumerate(patterns) if getattr(part, "app_name", "") == "bulletins")
    return [*patterns[: place + 1], *more, *patterns[place + 1 :]]


def posted(count):
    """So many teams with a score board of this month and the last; returns the boards and the session of a member of each."""
    from django.test import Client

    from tests import factories as make
    from tests.bulletins.posting import post

    unit, boards, cookies = make.make_unit(), [], []
    for _ in range(count):
        team = make.make_team(unit)
        people = [make.make_member(team) for _ in range(MEMBERS)]
        post(team, people, period=PERIOD - 1, score="89.50")
        boards.append(f"/boards/{post(team, people, period=PERIOD).serial}/")
        client = Client()
        client.force_login(people[0])
        cookies.append(f"sessionid={client.cookies['sessionid'].value}")
    return boards, cookies


def sides_of(served, boards, cookies):
    """{name: a function of boards' numbers: the seconds that the worker spends on one such request to each}."""
    for board, cookie in zip(boards, cookies, strict=True):
        served.request(board, cookie=cookie)  # the first visit is kept in the session and as a reader
    etags = [served.request(board).headers["ETag"] for board in boards]

    def side(path, status=200, headers=lambda number: {}):
        return lambda numbers: served.seconds([(path(number), headers(number)) for number in numbers], status)

    def empty(number):
        return "/empty/"

    def known(number):
        return {"if-none-match": etags[number]}

    def signed_in(number):
        return {"cookie": cookies[number]}

    def forgotten(number):
        return f"/forgotten{boards[number]}"

    return {
        "empty view": side(empty),
        "304": side(boards.__getitem__, 304, known),
        "304, state read": side(forgotten, 304, known),
        "kept page": side(boards.__getitem__),
        "page made anew": side(forgotten),
        "empty view, signed in": side(empty, headers=signed_in),
        "page, signed in": side(boards.__getitem__, headers=signed_in),
    }


class Served:
    """The product behind one synchronous worker of gunicorn, a process of its own until `stop`."""

    def __init__(self):
        from django.db import connections

        connections.close_all()  # what was open here is not the worker's
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.arbiter = os.fork()
        if not self.arbiter:
            _serve(self.port)
        self.worker = int(self._first_answer())

    def _first_answer(self):
        for _ in range(100):
            try:
                return self.request("/worker/").body
            except ConnectionError:
                time.sleep(0.1)
        raise SystemExit("The server did not start.")

    def request(self, path, **headers):
        """The answer of one GET, with its `body`; every request is a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        connection.close()
        return answer

    def seconds(self, requests, status):
        """Seconds of the worker for each of these (path, headers), by the mean; every answer must have this status."""
        begun = self._processor_time()
        if any(self.request(path, **headers).status != status for path, headers in requests):
            raise SystemExit(f"A request like {requests[0][0]} was not answered as it should be.")
        return (self._processor_time() - begun) / len(requests)

    def _processor_time(self):
        time.sleep(IDLE)
        return int(Path(f"/proc/{self.worker}/schedstat").read_text().split()[0]) / 1e9

    def stop(self):
        os.kill(self.arbiter, signal.SIGTERM)
        os.waitpid(self.arbiter, 0)


def _serve(port):
    from django.core.wsgi import get_wsgi_application
    from gunicorn.app.base import BaseApplication

    class Product(BaseApplication):
        def load_config(self):
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("loglevel", "warning")
            self.cfg.set("post_worker_init", run_path("gunicorn.conf.py")["post_worker_init"])

        def load(self):
            return get_wsgi_application()

    Product().run()


def measured(sides, boards, rounds, requests):
    """{name: seconds of the worker for one request, the median of rounds in which the sides take turns}."""
    spent = {name: [] for name in sides}
    for _ in range(rounds):
        numbers = random.choices(range(boards), k=requests)
        for name, side in sides.items():
            side(sorted(set(numbers)))  # so that what is kept is there
            spent[name].append(side(numbers))
    return {name: median(found) for name, found in spent.items()}


def report(where, spent):
    """Print what a request takes and its share of the empty view; a missed goal is said, too."""
    print(where)
    for name, seconds in spent.items():
        share, goal = spent["empty view"] / seconds, GOALS.get(name)
        said = f", goal {goal:.2f}{' MISSED' if share < goal else ''}" if goal else ""
        print(f"{name:24} {1000 * seconds:7.3f} ms   {share:.2f} of the empty view{said}")
    signed_in = spent["empty view, signed in"] / spent["page, signed in"]
    print(f"A page signed in is {signed_in:.2f} of the empty view signed in.")


if __name__ == "__main__":
    main()
