"""Records, knowledge and learning for tests/access/test_markup.py: all that people type about them is markup."""

from types import SimpleNamespace

from activities.models import KnowledgeItem
from activities.services import knowledge, knowledge_use, visions
from activities.services.knowledge import Content
from tests import recording
from tests.activities.learning import DAY, card, contest, propose, today, write_vision
from tests.factories import make_member, make_user

STATES = ("planned", "running", "ranked")
"""Of contests."""


def add_marked(marked, other, words):
    """To the plant of the test; the chief leads the team and holds every role, `other` is a member of it."""
    _add_records(marked, other, words)
    _add_knowledge(marked, other, words)
    _add_learning(marked, other, words)


def _add_records(marked, other, words):
    people = {"admin": marked.chief, "leader": marked.chief, "deputy": marked.chief, "worker": other}
    world = SimpleNamespace(plant=marked.plant, team=marked.team, people=people)
    recording.add_to_world(world, words)
    for name in ("meeting", "activity", "talk", "draft_activity", "sign_in_key"):
        setattr(marked, name, getattr(world, name))


def _add_knowledge(marked, other, words):
    marked.knowledge_draft = _draft(marked, marked.chief, words)
    first = _draft(marked, other, words)
    _publish(first, marked.chief)
    marked.knowledge = knowledge.revise(first.item, actor=other)
    knowledge.edit(marked.knowledge, _content(words, other, changes=words), actor=other)
    _publish(marked.knowledge, marked.chief)
    marked.knowledge_item = marked.knowledge.item
    neighbours = marked.unit.teams.exclude(pk=marked.team.pk).first()
    adoption = knowledge_use.adopt(marked.knowledge, neighbours, actor=marked.chief)
    knowledge_use.conclude(adoption, "adopted", words, actor=marked.chief)


def _content(words, author, **said):
    return Content(words, words, body=words, steps=[words] * 3, tags=[words[:20]], authors=[author], **said)


def _draft(marked, writer, words):
    facts = {"unit": marked.unit, "team": marked.team, "kind": KnowledgeItem.Kind.EMERGENCY_CARD, "origin": None}
    return knowledge.draft(_content(words, writer, must_read=True), **facts, actor=writer)


def _publish(version, reviewer):
    knowledge.submit(version, actor=version.written_by)
    knowledge.publish(version, actor=reviewer)


def _add_learning(marked, other, words):
    marked.vision = write_vision(other, words, is_shown=True)
    marked.vision.items.create(text=words, how=words, due_on=today() + DAY)
    visions.review(marked.vision, text=words, review_on=today() + DAY, actor=marked.chief)
    master = make_member(marked.team, user=make_user(name=words))
    marked.mentorship = propose(marked.team, master, other, marked.chief)
    marked.card = card(marked.unit, marked.chief, words, words[:20])
    facts = {"name": words, "rules": words, "measured_in": words[:10]}
    marked.contest, marked.running_contest, marked.ranked_contest = (
        contest(marked.unit, marked.chief, other, master, state=state, **facts) for state in STATES
    )
