"""A refused short form of honours and studios: its page says why, still has the form, and what was typed comes back to it."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from assessments.models import Application, Challenge, Round, Studio, StudioResult, Title
from assessments.services import challenges
from tests import applying, studios, titles
from tests.name_lists import ListScene

pytestmark = pytest.mark.django_db
WORDS = "流量计的读数还要再核对一遍"
LONG = WORDS * 60


def answer():
    scene = ListScene().posted()
    found = challenges.file(scene.fresh("a"), "五月有一起事故没有上报", actor=scene.worker)
    return scene.company, "challenge-answer", [found.pk], {"answer": WORDS}


def strike_off():
    scene = ListScene().posted()
    return scene.company, "name-list-strike-off", [scene.round.pk], {"application": "0", "reason": WORDS}


def step_in():
    scene = ListScene().fixed()
    return scene.company, "name-list-step-in", [scene.round.pk], {"application": "二值"}


def turn(action):
    def arranged():
        scene = applying.Scene()
        application = scene.submitted()
        return scene.union, "application-turn", [application.pk, action], {"reason": LONG}

    return arranged


def withdraw():
    scene = applying.Scene()
    return scene.leader, "application-withdraw", [scene.submitted().pk], {"reason": LONG}


def upload():
    scene = applying.Scene()
    return scene.leader, "application-upload", [scene.draft().pk, 0], {"note": WORDS}


def put_off():
    scene = applying.Scene()
    body = {"apply_until": "never", "review_until": "2026-12-01", "reason": WORDS}
    return scene.company, "round-put-off", [scene.round.pk], body


def close():
    scene = titles.Scene()
    title = scene.title(Title.State.RECTIFYING)
    return scene.runner, "title-close", [title.pk], {"reason": WORDS}


def studio(page, **body):
    def arranged():
        scene = studios.Scene()
        return scene.union, page, [scene.named().pk], body

    return arranged


def verify():
    scene = studios.Scene()
    result = scene.result(scene.growing())
    return scene.finance, "studio-result-verify", [result.pk], {"benefit": "many", "text": WORDS}


FORMS = {
    "answer to a challenge": answer,
    "name off a list": strike_off,
    "name onto a list": step_in,
    "return": turn("return"),
    "refusal": turn("refuse"),
    "withdrawal": withdraw,
    "files": upload,
    "later days": put_off,
    "what became of a rectification": close,
    "member": studio("studio-member-add", user="0", skill=WORDS, joined_on="never"),
    "rectification": studio("studio-rectify", until="never", text=WORDS),
    "other leader": studio("studio-rename", leader="", name="", text=WORDS),
    "result": verify,
}


class Fields(HTMLParser):
    """Names of the fields of the forms of a page that go to an address."""

    def __init__(self, html, address):
        super().__init__()
        self.address, self.inside, self.names = address, False, set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.address
        elif self.inside and tag in ("input", "select", "textarea"):
            self.names.add(given.get("name"))


@pytest.mark.parametrize("name", FORMS)
def test_what_was_typed_comes_back_to_its_form(name, client):
    user, page, args, body = FORMS[name]()
    address = reverse(f"assessments:{page}", args=args)
    client.force_login(user)
    before = facts()
    shown = client.post(address, body, follow=True).content.decode()
    assert facts() == before
    assert 'role="alert"' in shown
    assert f'data-typed="{address}"' in shown
    assert all(f'title="{field}" value="{value}"' in shown for field, value in body.items())
    assert set(body) <= Fields(shown, address).names


def facts():
    """All that a refused form could have changed."""
    kinds = (Application, Challenge, Round, Studio, StudioResult, Title)
    return [list(kind.objects.order_by("pk").values_list("pk", "state")) for kind in kinds]
