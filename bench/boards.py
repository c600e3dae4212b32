"""What the page of a board costs beside an empty view: the same process, the same middleware, in turns in the same run.

    python -m bench.boards                        50 boards of 12 people on SQLite
    TEST_ENGINE=postgres python -m bench.boards   on PostgreSQL

Requests go straight into the WSGI application, without a network, which would make all sides look more alike. Every request
is for a board taken at random. "304" and "kept page" are those of a busy hour, when the state of a board has been read
seconds ago; "304, state read" is the first after that. The figure of a side is its share of the empty view: requests a second, by the median of rounds.
"""

import argparse
import io
import os
import random
import time
from statistics import median

from tests import servers

PERIOD, MEMBERS = 202610, 12
GOALS = {"304": 0.70, "kept page": 0.50, "page made anew": 0.18}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=50)
    parser.add_argument("--requests", type=int, default=200, help="of each side in a round")
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    connection = application_with_empty_view()
    sides = sides_of(*posted(chosen.boards))
    spent = {name: [] for name in sides}
    for _ in range(chosen.rounds):
        numbers = random.choices(range(chosen.boards), k=chosen.requests)
        for name, side in sides.items():
            timed(side, set(numbers))  # so that what is kept is there
            spent[name].append(timed(side, numbers))
    report(f"{connection.vendor}, {chosen.boards} boards", {name: median(found) for name, found in spent.items()})


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
            urls.urlpatterns, path("empty/", login_not_required(lambda request: HttpResponse()))
        )

    call_command("migrate", verbosity=0)
    settings.ROOT_URLCONF, settings.BOARD_STAMP_SECONDS = WithEmptyView, 60
    return connection


def _beside_the_boards(patterns, more):
    """The addresses with one more behind those of the boards: finding it takes as long as finding a board."""
    place = next(number for number, part in enumerate(patterns) if getattr(part, "app_name", "") == "bulletins")
    return [*patterns[: place + 1], more, *patterns[place + 1 :]]


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


def sides_of(boards, cookies):
    """{name: a function of a board's number that makes one request and says whether the answer was the one wanted}."""
    from django.core.cache import cache
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    for board, cookie in zip(boards, cookies, strict=True):
        request(application, board, HTTP_COOKIE=cookie)  # the first visit is kept in the session and as a reader
    etags = [request(application, board)[1]["ETag"] for board in boards]

    def state_read(number):
        cache.clear()
        return request(application, boards[number], HTTP_IF_NONE_MATCH=etags[number])[0]

    def made_anew(number):
        cache.clear()
        return request(application, boards[number])[0]

    return {
        "empty view": lambda number: request(application, "/empty/")[0] == 200,
        "304": lambda number: request(application, boards[number], HTTP_IF_NONE_MATCH=etags[number])[0] == 304,
        "304, state read": lambda number: state_read(number) == 304,
        "kept page": lambda number: request(application, boards[number])[0] == 200,
        "page made anew": lambda number: made_anew(number) == 200,
        "empty view, signed in": lambda number: request(application, "/empty/", HTTP_COOKIE=cookies[number])[0] == 200,
        "page, signed in": lambda number: request(application, boards[number], HTTP_COOKIE=cookies[number])[0] == 200,
    }


def request(application, path, **headers):
    """(status, headers) of one GET."""
    answer = {}
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    body = application(
        environ | headers, lambda status, found: answer.update(status=int(status[:3]), headers=dict(found))
    )
    b"".join(body)
    body.close()
    return answer["status"], answer["headers"]


def timed(side, numbers):
    """Seconds for one request to each of these boards."""
    begun = time.perf_counter()
    right = [side(number) for number in numbers]
    spent = time.perf_counter() - begun
    if not all(right):
        raise SystemExit("A request was not answered as it should be.")
    return spent / len(numbers)


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
