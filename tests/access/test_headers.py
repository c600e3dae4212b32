"""Every answer, refusals and redirects included, carries the headers that keep a browser out of trouble."""

import pytest
from django.test import Client

from tests.access.table import IDENTITIES, PUBLIC, TABLE
from tests.access.world import client_of, url_of
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
}


def missing_headers(response):
    """What a response lacks, one word each."""
    policy = response.headers.get("Content-Security-Policy", "")
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    nonce_free = {
        name: " ".join(word for word in value.split() if "nonce-" not in word) for name, value in directives.items()
    }
    wrong = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    return wrong + [
        f"CSP {name}" for name in POLICY.keys() | nonce_free.keys() if nonce_free.get(name) != POLICY.get(name)
    ]


def personal(response):
    return "no-store" in response.headers.get("Cache-Control", "")


def answer(client, address, method="get", **body):
    response = getattr(client, method)(address, **body)
    for close in response._resource_closers:
        close()
    return response


@pytest.mark.parametrize("entry", by_turns([entry for entry in TABLE if entry.get], 4), ids=str)
def test_every_page_carries_the_headers(world, entry):
    who = next(who for who in IDENTITIES if who in entry.get)
    response = answer(client_of(world, who), url_of(world, entry))
    assert missing_headers(response) == []
    assert personal(response), "a page for a signed-in person is not kept by caches"
    if entry.get == PUBLIC:
        assert missing_headers(answer(Client(), url_of(world, entry))) == []


@pytest.mark.parametrize(
    ("who", "method", "address", "status"),
    [
        ("worker", "get", "/trail/", 403),
        ("worker", "get", "/teams/999999/", 404),
        ("worker", "get", "/nowhere/", 404),
        ("worker", "post", "/teams/", 405),
        ("anonymous", "get", "/teams/", 302),
        ("newcomer", "get", "/teams/", 302),
        ("anonymous", "get", "/nowhere/", 404),
    ],
)
def test_refusals_and_redirects_carry_the_headers(world, who, method, address, status):
    response = answer(client_of(world, who), address, method)
    assert response.status_code == status
    assert missing_headers(response) == []


def test_a_missing_token_too_many_fields_and_a_wrong_host_carry_the_headers(world):
    checked = client_of(world, "worker", enforce_csrf_checks=True)
    assert missing_headers(answer(checked, "/logout/", "post")) == []
    flooded = answer(client_of(world, "worker"), "/password/", "post", data={f"x{n}": "" for n in range(5001)})
    strayed = answer(Client(), "/", HTTP_HOST="evil.example")
    for response in (flooded, strayed):
        assert (response.status_code, missing_headers(response)) == (400, [])


def test_a_server_error_carries_the_headers_and_tells_nothing(world, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("teams.views.units.selectors.team_overview", broken)
    response = answer(client_of(world, "worker"), "/teams/")
    assert (response.status_code, missing_headers(response)) == (500, [])
    assert "secret detail" not in response.content.decode()


def test_access_is_denied_when_the_check_itself_breaks(world, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("teams.access.Access.on_team", broken)
    assert answer(client_of(world, "leader"), f"/teams/{world.team.pk}/").status_code == 500


def test_control_a_missing_header_is_found():
    assert set(missing_headers(type("Response", (), {"headers": {}}))) >= {"X-Frame-Options", "CSP default-src"}
    unsafe = {"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"}
    assert "CSP script-src" in missing_headers(type("Response", (), {"headers": unsafe}))
