"""Knowledge of the world: the worker's draft, one that waits for review, a published card, and one that the neighbours try."""

from activities.models import KnowledgeItem
from activities.services import knowledge, knowledge_use
from activities.services.knowledge import Content

STEPS = ["停机", "断电挂牌", "清堵"]


def add_knowledge(world):
    people = world.people
    world.knowledge_draft, world.knowledge_sent = _draft(world, "磨煤机振动"), _draft(world, "皮带跑偏")
    knowledge.submit(world.knowledge_sent, actor=people["worker"])
    world.knowledge, world.knowledge_tried = _published(world, "给煤机断煤"), _published(world, "灭火器使用")
    world.knowledge_item = world.knowledge.item
    world.neighbour_team = people["neighbour"].memberships.get().team
    world.adoption = knowledge_use.adopt(world.knowledge_tried, world.neighbour_team, actor=people["neighbour"])


def _draft(world, title):
    content = Content(title, "三步排除", steps=STEPS, tags=["锅炉"], must_read=True, authors=[world.people["worker"]])
    facts = {"unit": world.unit, "team": world.team, "kind": KnowledgeItem.Kind.EMERGENCY_CARD, "origin": None}
    return knowledge.draft(content, **facts, actor=world.people["worker"])


def _published(world, title):
    version = _draft(world, title)
    knowledge.submit(version, actor=world.people["worker"])
    knowledge.publish(version, actor=world.people["leader"])
    return version
