"""Knowledge for tests: a plant with two units, who writes, who reviews, and items brought as far as a test needs."""

from types import SimpleNamespace

from django.utils import timezone

from activities.models import KnowledgeItem, KnowledgeVersion
from activities.services import knowledge, knowledge_use
from activities.services.knowledge import Content
from tests import factories as make

Kind = KnowledgeItem.Kind


def make_plant():
    """A plant with a team in each of two units, a leader, a writer and a worker in the first, and who leads the second."""
    root = make.make_unit("本厂")
    unit, other_unit = make.make_unit("运行部", root), make.make_unit("检修部", root)
    team, other = make.make_team(unit, "一值"), make.make_team(other_unit, "锅炉班")
    people = {"leader": make.make_member(team, "leader"), "writer": make.make_member(team)}
    people |= {"worker": make.make_member(team), "other_leader": make.make_member(other, "leader")}
    people |= {"manager": make.give_role(unit, "manager"), "assessor": make.give_role(root, "assessor")}
    return SimpleNamespace(root=root, unit=unit, other_unit=other_unit, team=team, other=other, **people)


def write(place, *, unit=None, kind=Kind.CASE, actor=None, origin=None, **said):
    """A draft of the plant's first team by its writer, or of a unit; the KnowledgeVersion."""
    said = {"title": "给煤机断煤的处理", "summary": "三步排除，十分钟恢复"} | said
    facts = {"unit": unit or place.unit, "team": None if unit else place.team, "kind": kind, "origin": origin}
    return knowledge.draft(Content(**said), **facts, actor=actor or place.writer)


def publish(place, *, by=None, **said):
    """As write, reviewed and published."""
    version = write(place, **said)
    knowledge.submit(version, actor=version.written_by)
    knowledge.publish(version, actor=by or (place.manager if version.written_by == place.leader else place.leader))
    return version


def revise(version, by, **said):
    """The next version of an item, published by `by`."""
    further = knowledge.revise(version.item, actor=version.written_by)
    said = {"title": version.title, "summary": version.summary, "changes": "补充了一步"} | said
    knowledge.edit(further, Content(**said), actor=version.written_by)
    knowledge.submit(further, actor=version.written_by)
    knowledge.publish(further, actor=by)
    return further


def make_many(place, number):
    """That many published items of the plant's first team, quickly."""
    items = KnowledgeItem.objects.bulk_create(
        KnowledgeItem(unit=place.unit, team=place.team, kind=Kind.CASE, created_by=place.writer) for _ in range(number)
    )
    facts = {"state": "published", "written_by": place.writer, "reviewed_by": place.leader, "number": 1}
    return KnowledgeVersion.objects.bulk_create(_numbered(item, nth, facts) for nth, item in enumerate(items))


def _numbered(item, nth, facts):
    said = {"title": f"第 {nth} 条", "summary": "摘要", "words": f"第 {nth} 条\n摘要", "tags": ["锅炉"]}
    return KnowledgeVersion(item=item, reviewed_at=timezone.now(), **said, **facts)


def words_of(team, people):
    """What the browser opens: a card with two versions that another team tries, one that waits, a draft."""
    worker, leader = people["worker"], people["leader"]
    place = SimpleNamespace(unit=team.unit, team=team, writer=worker, leader=leader, manager=people["manager"])
    card = {"kind": Kind.EMERGENCY_CARD, "steps": ["停机", "断电挂牌", "清堵"], "tags": ["锅炉"], "must_read": True}
    old = publish(place, **card)
    other = team.unit.teams.exclude(pk=team.pk).first()
    knowledge_use.adopt(old, other, actor=other.memberships.get(role="leader", ended_on=None).user)
    further = revise(old, leader, steps=["停机", "断电", "清堵"], must_read=True)
    sent, draft = write(place, title="磨煤机振动"), write(place, title="皮带跑偏")
    knowledge.submit(sent, actor=worker)
    words = {"knowledge": further, "old_knowledge": old, "sent_knowledge": sent, "draft_knowledge": draft}
    return {word: version.pk for word, version in words.items()} | {"knowledge_item": old.item_id}


def add_guarded(team, reviewer, person):
    """A published version that somebody has signed."""
    place = SimpleNamespace(unit=team.unit, team=team, writer=person, leader=reviewer)
    knowledge_use.sign(publish(place, must_read=True), actor=person)
