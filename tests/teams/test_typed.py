"""What was typed into a refused form whose page answers with a redirect comes back, once, and secrets never do."""

import uuid

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from activities.models import Idea
from teams import typed
from tests.ideas import Scene

pytestmark = pytest.mark.django_db
WORDS = "流量计的读数还要再核对一遍"


@pytest.fixture
def scene():
    return Scene()


def adopt(client, scene, **body):
    """A reviewer adopts a submitted idea; the page that the answer leads to."""
    idea = scene.submitted()
    client.force_login(scene.reviewer)
    said = {"owner": scene.owner.pk, "due_on": timezone.localdate().isoformat(), "text": WORDS} | body
    address = reverse("activities:idea-adopt", args=[idea.pk])
    return idea, client.post(address, said, follow=True).content.decode()


def test_a_refused_form_gives_back_what_was_typed_once(client, scene):
    idea, page = adopt(client, scene, due_on="never")
    address = reverse("activities:idea-adopt", args=[idea.pk])
    assert f'data-typed="{address}"' in page
    assert f"<q>{WORDS}</q>" in page
    assert 'value="never"' in page
    assert "csrfmiddlewaretoken" not in page.split("data-typed")[1].split("</div>")[0]
    assert WORDS not in client.get(reverse("activities:idea", args=[idea.pk])).content.decode()


def test_control_what_was_accepted_is_not_kept(client, scene):
    idea, page = adopt(client, scene)
    idea.refresh_from_db()
    assert idea.state == Idea.State.ADOPTED
    assert "data-typed" not in page


def test_a_refusal_by_the_rules_gives_it_back_too(client, scene):
    idea = scene.refused()
    client.force_login(scene.reviewer)
    address = reverse("activities:idea-step", args=[idea.pk, "return"])
    page = client.post(address, {"reason": WORDS}, follow=True).content.decode()
    assert "alert-danger" in page
    assert f"<q>{WORDS}</q>" in page


def kept(**body):
    request = RequestFactory().post("/somewhere/", body)
    request.session = {}
    typed.keep(request)
    return request.session.get("typed")


def test_secrets_are_never_kept():
    assert kept(password="Banzu-2026", code="123456", csrfmiddlewaretoken=uuid.uuid4().hex) is None


def test_a_button_and_what_nobody_types_are_not_kept():
    assert kept(confirm="") is None
    assert kept(reason="字" * (typed.MOST + 1)) is None
    assert kept(reason="字" * typed.MOST)
