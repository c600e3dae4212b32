"""Kinds and records of activities for tests: of the world of tests/access, and filled-in forms."""

import datetime
import io
import uuid
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities.models import Participant
from activities.services import activities, kinds, sign_ins
from activities.services.activities import Content
from teams.photos import store_photo

MEETING = {
    "name": "班前会",
    "group": "meeting",
    "recorders": ["leader", "deputy", "safety"],
    "taking_part": "signed",
    "fields": [
        {"key": "tasks", "label": "今天的任务", "type": "long", "required": True},
        {"key": "risks", "label": "风险和对策", "type": "long", "required": True},
        {"key": "mood", "label": "人员状态", "type": "choice", "required": True, "choices": ["状态都好", "有人要关照"]},
    ],
}
TALK = {
    "name": "谈心谈话",
    "group": "care",
    "recorders": ["leader", "deputy"],
    "privacy": "confidential",
    "fields": [
        {"key": "topic", "label": "谈的事", "type": "long", "required": True},
        {"key": "about", "label": "当事人", "type": "person"},
    ],
}
VALUES = {"tasks": "巡检三号泵", "risks": "地面滑", "mood": "状态都好"}


def picture():
    """An uploaded photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(buffer, "PNG")
    return SimpleUploadedFile("现场.png", buffer.getvalue(), content_type="image/png")


def status_of(client, address):
    """How a page answers; a photo or file that it sends is read to its end, and closed."""
    answer = client.get(address)
    b"".join(answer)
    for close in answer._resource_closers:  # answer.close() would close the connection as well
        close()
    return answer.status_code


def write(kind, team, *, actor, people=(), unit=None, as_draft=False, source=None, **content):
    """A record of today, or what `content` says; returns the Activity."""
    facts = {"title": kind.name, "date": timezone.localdate(), "people": dict.fromkeys(people, Participant.Part.MEMBER)}
    place = {"unit": unit or team.unit, "team": team, "source": source or uuid.uuid4()}
    return activities.record(kind, Content(**facts | content), **place, actor=actor, as_draft=as_draft)


def add_to_world(world, words="修灯"):
    """Kinds of the plant, a meeting with something to do after it, a talk of two, and the leader's draft."""
    people, admin = world.people, world.people["admin"]
    world.meeting, world.talk_kind = (kinds.add(world.plant, actor=admin, **facts) for facts in (MEETING, TALK))
    world.retired_kind = kinds.add(world.plant, actor=admin, **MEETING | {"name": "老例会"})
    kinds.retire(world.retired_kind, actor=admin)
    leader, deputy, worker = (people[who] for who in ("leader", "deputy", "worker"))
    due = timezone.localdate() + datetime.timedelta(days=3)
    to_do = [{"text": words, "owner": worker, "due_on": due}]
    there = {"people": [leader, worker], "values": VALUES, "host": leader, "minutes": words}
    world.activity = write(world.meeting, world.team, actor=leader, follow_ups=to_do, **there)
    world.follow_up = world.activity.follow_ups.get()
    world.sign_in_key = sign_ins.open_sign_in(world.activity, actor=leader)
    world.talk = write(world.talk_kind, world.team, actor=deputy, people=[worker], values={"topic": words})
    world.draft_activity = write(world.meeting, world.team, actor=leader, as_draft=True, people=[worker])


def add_many(team, many, chief):
    """That many records of that many people, each with votes, photos and things to do, and as many kinds."""
    people = [row.user for row in team.memberships.select_related("user")][:many]
    made = [kinds.add(team.unit, actor=chief, **MEETING | {"name": f"例会 {n}", "votes": True}) for n in range(many)]
    for kind in made:
        photos = [store_photo(picture(), team=team, actor=chief) for _ in people]
        to_do = [{"text": "修灯", "owner": chief, "due_on": timezone.localdate()} for _ in people]
        votes = [{"topic": "奖金", "agreed": 1, "opposed": 0, "abstained": 0, "text": "通过"} for _ in people]
        there = {"people": people, "values": VALUES, "host": chief}
        write(kind, team, actor=chief, photos=photos, follow_ups=to_do, resolutions=votes, **there)


def words_of(team, people):
    """{word of tests/e2e/pages.py: id} of a kind, a record with everything on it, a draft, a talk and an open code."""
    world = SimpleNamespace(
        plant=team.unit.parent or team.unit, team=team, people=people | {"deputy": people["leader"]}
    )
    add_to_world(world)
    world.activity.photos.add(store_photo(picture(), team=team, actor=people["leader"]))
    names = ("meeting", "retired_kind", "activity", "draft_activity", "talk")
    return {name: getattr(world, name).pk for name in names} | {"sign_in_key": world.sign_in_key}


def add_voided(team, leader):
    """A record that was voided."""
    kind = kinds.add(team.unit, actor=leader, **MEETING)
    activities.void(write(kind, team, actor=leader, people=[leader]), "记重了", actor=leader)
