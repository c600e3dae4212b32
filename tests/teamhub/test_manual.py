"""The help: every part of the manual is a topic, every page has one, and what people look for is found."""

import re

import pytest
from django.urls import reverse

from teamhub import manual
from teamhub.topics import TOPICS
from tests import factories as make
from tests.access.table import TABLE

WITHOUT_TOPIC = {"help", "help-topic", "health", "health-ready"}
"""The help itself, and what machines ask for."""


def test_every_heading_of_the_manual_is_a_topic_and_every_topic_a_heading():
    headings = [topic.heading for topic in TOPICS.values() if not topic.is_document]
    assert sorted(headings) == sorted(manual.chapters("manual"))


def test_every_page_has_a_topic():
    pages = {page.name for page in TABLE if page.get is not None}
    assert {name for name in pages if manual.topic_of(name) is None} == WITHOUT_TOPIC


@pytest.mark.parametrize(
    ("page", "slug"),
    [
        ("home", "duties"),
        ("login", "questions"),
        ("assessments:close-all", "closes"),
        ("assessments:comparison", "analysis"),
        ("teams:attendance-day", "attendance-day"),
        ("teams:attendance", "attendance"),
        ("incentives:distribution", "distributions"),
        ("incentives:explain", "own-bonus"),
        ("incentives:points-month", "party-points"),
        ("bulletins:board", "boards"),
        ("activities:contest", "learning"),
        ("assessments:round-name", "titles"),
    ],
)
def test_the_longest_beginning_decides_which_topic_helps(page, slug):
    assert manual.topic_of(page).slug == slug


@pytest.mark.parametrize("slug", TOPICS)
def test_a_topic_is_read_without_signs_of_markdown_and_leads_to_topics_only(client, slug):
    text = client.get(reverse("help-topic", args=[slug])).context["text"]
    assert len(text) > 100
    assert [sign for sign in ("**", "|---", "](", "##") if sign in text] == []
    links = re.findall(r'href="([^"]+)"', text)
    assert {link for link in links if client.get(link).status_code != 200} == set()


def test_a_document_of_its_own_is_shown_without_the_notes_for_developers():
    texts = [manual.html_of(topic) for topic in TOPICS.values() if topic.is_document]
    assert ["<h2>规则</h2>" in text and "自动测试" not in text for text in texts] == [True] * 3


def test_words_are_found_with_their_places_and_a_heading_comes_first():
    found = manual.found("班前自查")
    assert next(topic.slug for topic, _ in found) == "self-check"
    places = {topic.slug: places for topic, places in found}["duties"]
    assert ("班前自查", True) in places[0]


def test_who_looks_for_being_late_finds_how_attendance_says_it():
    found = {topic.slug: places for topic, places in manual.found("迟到")}
    assert {"attendance-day", "attendance", "closes"} <= found.keys()
    assert "⊙" in "".join(text for text, _ in found["attendance"][0])
    assert "appraisals" not in found


def test_all_words_have_to_stand_in_a_topic_whatever_their_width():
    def slugs(words):
        return {topic.slug for topic, _ in manual.found(words)}

    assert slugs("打印 ｐｄｆ") == slugs("打印") & slugs("PDF") != set()
    assert slugs("没有这样的话") == slugs("  ") == set()


@pytest.mark.django_db
def test_a_page_leads_to_its_topic_and_a_page_that_is_not_there_to_all(client):
    client.force_login(make.make_member(make.make_team()))
    assert (
        client.get("/scores/").context is None
        or client.get("/scores/", follow=True).context["help_url"] == "/help/scores/"
    )
    assert client.get("/boards/").context["help_url"] == "/help/boards/"
    assert client.get("/nothing/").context["help_url"] == "/help/"


@pytest.mark.django_db
def test_the_search_says_when_nothing_is_found(client):
    assert "没有找到" in client.get(reverse("help"), {"q": "火星"}).content.decode()
    assert client.get(reverse("help"), {"q": "  "}).context["found"] == []
