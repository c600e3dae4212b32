"""Knowledge of the demo plant: what knowledge.toml says is written, reviewed, tried by other teams and read by some."""

import tomllib
from pathlib import Path

from activities.models import Adoption, KnowledgeVersion
from activities.services import knowledge, knowledge_use
from activities.services.knowledge import Content
from teams.models import Membership

LINES = Path(__file__).with_name("knowledge.toml")
TEXTS = ("title", "summary", "body", "steps", "tags", "must_read")
UNFINISHED = "原因写得太笼统，补上拆开看到的情况和备件型号。"
State = KnowledgeVersion.State


def add(plant):
    """Write down what the file says."""
    for line in tomllib.loads(LINES.read_text())["item"]:
        _add(plant, plant.team(line["team"]), line)


def _add(plant, demo, line):
    of_unit = line.get("of_unit", False)
    people = [row.user for row in _members(demo.team)]
    writer, reviewer = (plant.holders["assessor"], demo.manager) if of_unit else (people[line["seat"]], demo.leader)
    content = Content(**{name: line[name] for name in TEXTS if name in line}, authors=[writer])
    place = {"unit": demo.team.unit, "team": None if of_unit else demo.team}
    version = knowledge.draft(content, **place, kind=line["kind"], origin=None, actor=writer)
    _bring(version, line.get("state", State.PUBLISHED), reviewer)
    if "further" in line:
        version = _revised(version, line["further"], reviewer)
    for name, result in line.get("adopted", {}).items():
        _adopt(version, plant.team(name), result)
    for reader in people[::2] if version.must_read else []:
        knowledge_use.sign(version, actor=reader)


def _members(team):
    return Membership.objects.open().filter(team=team).select_related("user").order_by("user__employee_no")


def _bring(version, state, reviewer):
    """Take a draft as far as the state."""
    if state == State.DRAFT:
        return
    knowledge.submit(version, actor=version.written_by)
    if state == State.RETURNED:
        knowledge.send_back(version, UNFINISHED, actor=reviewer)
    elif state == State.PUBLISHED:
        knowledge.publish(version, actor=reviewer)


def _revised(version, further, reviewer):
    new = knowledge.revise(version.item, actor=version.written_by)
    said = {name: getattr(new, name) for name in TEXTS} | further
    knowledge.edit(new, Content(**said, authors=list(new.authors.all())), actor=new.written_by)
    _bring(new, State.PUBLISHED, reviewer)
    return new


def _adopt(version, demo, result):
    """A trial that began, and with a result what came of it."""
    adoption = knowledge_use.adopt(version, demo.team, actor=demo.leader)
    if result:
        state = Adoption.State.DROPPED if result.startswith("不适用") else Adoption.State.ADOPTED
        knowledge_use.conclude(adoption, state, result.removeprefix("不适用："), actor=demo.leader)
