"""What the home page tells authors of their ideas: what became of them, for two weeks."""

import datetime

import pytest
from django.utils import timezone

from activities.ideas import lists
from activities.services import ideas
from tests.ideas import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def told(person):
    return [(title, detail, word) for title, detail, _, kind, word in lists.outcomes_for(person) if kind == "ok"]


@pytest.mark.parametrize(
    ("state", "title", "said"),
    [
        ("adopted", "建议已采纳", ""),
        ("refused", "建议未采纳", "："),
        ("carried_out", "建议已实施", "："),
        ("verified", "建议已验证", "：一年少用除盐水"),
        ("ineffective", "建议没有效果", "："),
    ],
)
def test_authors_are_told_what_became_of_their_idea(scene, state, title, said):
    idea, today = scene.in_state(state), timezone.localdate()
    for author in (scene.author, scene.mate):
        ((shown, detail, word),) = told(author)
        assert (shown, word) == (title, f"{today.month}月{today.day}日")
        assert detail.startswith(f"{idea}{said}")
    assert told(scene.reviewer) == told(scene.neighbour) == []


@pytest.mark.parametrize("state", ["submitted", "returned", "withdrawn"])
def test_what_an_author_did_or_has_to_do_is_no_news_of_an_outcome(scene, state):
    scene.in_state(state)
    assert told(scene.author) == []


def test_an_outcome_is_told_for_two_weeks_and_not_to_who_brought_it_about(scene, monkeypatch):
    idea = scene.adopted()
    ideas.reassign(idea, scene.author, idea.due_on, actor=scene.reviewer)
    ideas.take(idea, "carry-out", "接好了", actor=scene.author)
    assert told(scene.author) == []
    assert [title for title, *_ in told(scene.mate)] == ["建议已实施"]
    now = timezone.now()
    monkeypatch.setattr(lists.timezone, "now", lambda: now + datetime.timedelta(days=13))
    assert told(scene.mate)
    monkeypatch.setattr(lists.timezone, "now", lambda: now + datetime.timedelta(days=15))
    assert told(scene.mate) == []
