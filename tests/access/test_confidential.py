"""What a confidential record says is seen by those in it and by whoever recorded it: on no other page, export, photo or trail."""

import html
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities import access, records
from activities.models import Activity
from activities.services import activities, follow_ups, kinds
from teams.files import store_file
from tests.access.page import SIGNED_IN
from tests.access.table import TABLE
from tests.access.world import client_of, url_of
from tests.recording import write
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db
CANARIES = {
    "title": "鹅掌楸",
    "place": "水杉林",
    "minutes": "银杏叶",
    "value": "珙桐花",
    "topic": "红豆树",
    "resolution": "金钱松",
    "task": "台湾杉",
    "outcome": "连香树",
    "file": "领春木",
    "edited": "香果树",
    "reason": "秤锤树",
}
FIELDS = [
    {"key": "said", "label": "谈的事", "type": "long"},
    {"key": "how", "label": "怎么样", "type": "choice", "choices": ["已和解", "还要谈"]},
]
WITHIN = {"deputy", "worker"}
NARROW = ("activities:", "home", "trail", "own-account", "teams:team", "teams:person", "assessments:score")
PDF = b"%PDF-1.4 \n%%EOF"


@pytest.fixture(scope="module")
def secret(world):
    """A record of the deputy about the worker, kept, edited, with a task that is done; another one that is voided."""
    deputy, worker, today = world.people["deputy"], world.people["worker"], timezone.localdate()
    facts = {"name": "私下谈话", "group": "care", "recorders": ["deputy"], "privacy": "confidential", "votes": True}
    kind = kinds.add(world.plant, actor=None, **facts, fields=FIELDS)
    upload = SimpleUploadedFile("领春木.pdf", PDF)
    told = {name: CANARIES[name] for name in ("title", "place", "minutes")}
    told |= {"values": {"said": CANARIES["value"], "how": "已和解"}, "people": [worker]}
    told |= {"photos": [store_file(upload, team=None, actor=deputy)]}
    vote = {"topic": CANARIES["topic"], "agreed": 1, "opposed": 0, "abstained": 0, "text": CANARIES["resolution"]}
    tasks = [{"text": f"{CANARIES['task']}{number}", "owner": worker, "due_on": today} for number in (1, 2)]
    found = write(kind, world.team, actor=deputy, resolutions=[vote], follow_ups=tasks, **told)
    follow_ups.finish(found.follow_ups.first(), CANARIES["outcome"], actor=worker)
    again = {"date": today, "people": {worker: "subject"}, "resolutions": [vote], "follow_ups": tasks}
    again |= {name: told[name] for name in ("place", "values", "photos")} | {
        "minutes": told["minutes"] + CANARIES["edited"]
    }
    found.refresh_from_db()
    activities.edit(found, activities.Content(title=told["title"], **again), actor=deputy)
    gone = write(kind, world.team, actor=deputy, **told)
    activities.void(gone, CANARIES["reason"], actor=deputy)
    return found


def surfaces(world, secret, pages):
    """(name, method, address, body) of everything that might show a record to somebody."""
    for page in TABLE:
        if page.get and page.name.startswith(pages):
            yield str(page), "get", url_of(world, page), {}
    for name in ("activity", "activity-edit", "sign-in-code"):
        yield name, "get", reverse(f"activities:{name}", args=[secret.pk]), {}
    yield "file", "get", reverse("teams:photo", args=[secret.photos.get().pk]), {}
    for words in (CANARIES["title"], CANARIES["value"]):
        yield f"search {words}", "get", reverse("activities:activities"), {"q": words}
    for filters in ({}, {"kind": secret.kind_id}, {"state": "voided"}, {"state": "kept"}):
        yield f"list {filters}", "get", reverse("activities:activities"), filters
        yield f"export {filters}", "post", reverse("activities:activity-export"), filters
    for name in ("own-data", "trail-export"):
        yield name, "post", reverse(name), {}


def text_of(response):
    """All text of an answer, whatever kind of file it is."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return html.unescape(content.decode(errors="replace")) + response.headers.get("Content-Disposition", "")


def sightings(world, secret, viewers, pages=NARROW):
    """{(who, surface, canary)} of everything seen; the words that somebody searches for stand in the field of search."""
    found = set()
    for who in viewers:
        client = client_of(world, who)
        for name, method, address, body in surfaces(world, secret, pages):
            response = getattr(client, method)(address, body)
            assert response.status_code < 500, (who, name)
            text = text_of(response).replace(f'value="{body.get("q")}"', "")
            found |= {(who, name, canary) for canary, words in CANARIES.items() if words in text}
            if name == "file" and response.status_code == 200:
                found.add((who, name, "file"))
    return found


@pytest.mark.parametrize("who", by_turns(sorted(SIGNED_IN - WITHIN), 3))
def test_nobody_outside_sees_anything_of_a_confidential_record(world, secret, who):
    assert sightings(world, secret, [who]) == set()


def test_those_within_see_all_of_it(world, secret):
    for who in WITHIN:
        seen = sightings(world, secret, [who])
        assert {canary for _, _, canary in seen} == set(CANARIES) - {"reason"}, who
        assert not {name for _, name, _ in seen if name.startswith(("trail", "activities:activity-month"))}


@pytest.mark.nightly
def test_no_page_of_the_product_shows_anything_of_it(world, secret):
    assert sightings(world, secret, ["leader", "clerk", "manager", "auditor", "neighbour"], ("",)) == set()


def test_the_list_does_not_count_what_it_does_not_show(world, secret):
    address = reverse("activities:activities")
    leader = client_of(world, "leader")
    rows = leader.get(address, {"q": CANARIES["title"]}).context["page"].paginator
    assert rows.count == 0
    kinds_offered = leader.get(address).context["form"].fields["kind"].queryset
    assert secret.kind not in kinds_offered


def test_the_trail_names_neither_the_kind_nor_the_people(world, secret):
    text = text_of(client_of(world, "auditor").get(reverse("trail"), {"q": "保密记录"}))
    assert "保密记录" in text
    assert "私下谈话" not in text_of(client_of(world, "auditor").get(reverse("trail"), {"verb": "activity.recorded"}))


def test_control_a_list_that_forgets_who_is_within_is_noticed(world, secret, monkeypatch):
    monkeypatch.setattr(records, "visible_to", lambda user: Activity.objects.all())
    assert ("leader", "export {}", "value") in sightings(world, secret, ["leader"])


def test_control_a_photo_shown_to_everybody_is_noticed(world, secret, monkeypatch):
    monkeypatch.setattr(access, "visible_to", lambda user: Activity.objects.all())
    assert ("leader", "file", "file") in sightings(world, secret, ["leader"])
