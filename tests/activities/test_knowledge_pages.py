"""The pages of knowledge: the form with files and authors, who sees a draft, the library, cards, receipts, versions."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityKind, KnowledgeItem, KnowledgeVersion
from activities.services import activities, kinds, knowledge
from activities.services.activities import Content as Record
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.access.world import picture
from tests.activities.knowledge import Kind, make_plant, publish, revise, write
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db
CANARY = "鹧鸪草露"
SAID = {"kind": "case", "title": "断煤", "summary": "三步排除"}


@pytest.fixture
def plant():
    return make_plant()


def address(name, *args):
    return reverse(f"activities:{name}", args=args)


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(address(name, *args), query).content.decode()


def post(client, user, name, *args, **body):
    client.force_login(user)
    return client.post(address(name, *args), body, follow=True)


def record_of(plant, **values):
    """A kept drill of the plant's first team."""
    kinds.install_presets(plant.root, actor=None)
    kind = ActivityKind.objects.get(code="drill")
    today = timezone.localdate()
    facts = {"people": {plant.worker: "member"}, "values": values, "title": "灭火演练", "date": today}
    kind.photos_needed = 0
    where = {"unit": plant.unit, "team": plant.team, "actor": plant.leader, "source": uuid.uuid4()}
    return activities.record(kind, Record(**facts), **where)


# -- Writing ------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_with_its_files_and_authors(client, plant):
    letter = SimpleUploadedFile("说明.pdf", b"%PDF-1.7 content", "application/pdf")
    said = SAID | {"steps": "停机\n\n 断电挂牌 ", "tags": "锅炉，给煤机、锅炉", "files": [picture(), letter]}
    said |= {"authors": f"{plant.worker.name}、{plant.leader.employee_no}", "submit": "1"}
    post(client, plant.writer, "knowledge-new", **said)
    version = KnowledgeVersion.objects.get()
    assert (version.state, version.steps, version.tags) == ("review", ["停机", "断电挂牌"], ["锅炉", "给煤机"])
    assert set(version.authors.all()) == {plant.worker, plant.leader}
    assert sorted(file.is_photo for file in version.files.all()) == [False, True]
    assert {file.team for file in version.files.all()} == {None}


def test_without_a_name_the_writer_is_the_author(client, plant):
    post(client, plant.writer, "knowledge-new", **SAID)
    assert list(KnowledgeVersion.objects.get().authors.all()) == [plant.writer]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "请写标题"),
        ({"kind": "emergency_card", "steps": "停机"}, "正好 3 步"),
        ({"kind": "poem"}, "请从列表里选"),
        ({"tags": "一 二 三 四 五 六"}, "标签最多 5 个"),
        ({"tags": "长" * 13}, "最多 12 个字"),
        ({"authors": "没有这个人"}, "没有找到“没有这个人”"),
        ({"authors": "重名"}, "有几位叫“重名”的，请写工号"),
        ({"body": "长" * 10_001}, "正文最多 10000 个字"),
        ({"origin": "999999"}, "请从列表里选"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_kept(client, plant, typed, sentence):
    for _ in range(2):
        make.make_member(plant.team, user=make.make_user(name="重名"))
    answer = post(client, plant.writer, "knowledge-new", **(SAID | typed)).content.decode()
    assert sentence in answer
    assert not KnowledgeItem.objects.exists()


def test_nobody_writes_for_a_team_that_is_not_theirs(client, plant):
    for place in (f"team-{plant.other.pk}", f"unit-{plant.unit.pk}", "team-x"):
        assert post(client, plant.writer, "knowledge-new", **SAID, **{"for": place}).status_code == 404
    post(client, plant.manager, "knowledge-new", **SAID, **{"for": f"unit-{plant.unit.pk}"})
    assert KnowledgeItem.objects.get().team is None


def test_people_of_another_plant_are_no_authors(client, plant):
    stranger = make.make_member(make.make_team(make.make_unit("外厂")))
    answer = post(client, plant.writer, "knowledge-new", **SAID, authors=stranger.employee_no).content.decode()
    assert "没有找到" in answer


def test_an_item_names_the_record_it_comes_from_to_those_who_see_that(client, plant):
    origin = record_of(plant, total=150)
    post(client, plant.writer, "knowledge-new", **SAID, origin=origin.pk)
    version = KnowledgeVersion.objects.get()
    assert version.item.origin == origin
    knowledge.submit(version, actor=plant.writer)
    knowledge.publish(version, actor=plant.leader)
    link = reverse("activities:activity", args=[origin.pk])
    assert link in page(client, plant.worker, "knowledge-version", version.pk)
    assert link not in page(client, plant.other_leader, "knowledge-version", version.pk)


def test_a_confidential_record_is_no_origin(client, plant):
    origin = record_of(plant, total=150)
    Activity.objects.update(privacy=ActivityKind.Privacy.CONFIDENTIAL)
    post(client, plant.leader, "knowledge-new", **SAID, origin=origin.pk)
    assert not KnowledgeItem.objects.exists()


def test_files_are_kept_or_dropped_when_a_draft_is_edited(client, plant):
    post(client, plant.writer, "knowledge-new", **SAID, files=[picture("一.png"), picture("二.png", size=(50, 20))])
    version = KnowledgeVersion.objects.get()
    kept, dropped = version.files.order_by("pk")
    more = picture("三.png", size=(20, 50))
    post(client, plant.writer, "knowledge-edit", version.pk, **SAID, keep=[kept.pk], files=[more])
    assert kept in version.files.all()
    assert dropped not in version.files.all()
    assert version.files.count() == 2
    foreign = publish(plant).files.create(team=None, sha256="0", content_type="", size=1, uploaded_by=plant.leader)
    refused = post(client, plant.writer, "knowledge-edit", version.pk, **SAID, keep=[foreign.pk]).content.decode()
    assert "不在这一条里" in refused


def test_what_is_sent_for_review_is_not_edited(client, plant):
    version = write(plant)
    knowledge.submit(version, actor=plant.writer)
    answer = post(client, plant.writer, "knowledge-edit", version.pk, **(SAID | {"title": "改过"})).content.decode()
    assert "不能再改" in answer
    assert KnowledgeVersion.objects.get().title == version.title


def test_a_draft_that_was_sent_meanwhile_is_refused_with_a_sentence(client, plant, monkeypatch):
    version = write(plant)
    monkeypatch.setattr("activities.views.knowledge.OPEN", ("draft", "review"))
    knowledge.submit(version, actor=plant.writer)
    answer = post(client, plant.writer, "knowledge-edit", version.pk, **SAID)
    assert (answer.status_code, "已经提交审核" in answer.content.decode()) == (200, True)


# -- Who sees what ------------------------------------------------------------------------------------------------------


def shelf(version):
    """The filter under which the library lists a version."""
    return "" if version.state == "published" else version.state


def surfaces(version):
    """Addresses that might show something of a version."""
    yield address("knowledge") + f"?q=断煤&state={shelf(version)}"
    yield address("knowledge") + "?q=断煤"
    yield address("knowledge-item", version.item_id)
    yield address("knowledge-compare", version.item_id)
    yield address("knowledge-cards") + "?q=断煤"
    yield address("knowledge-print") + f"?card={version.pk}"
    for name in ("version", "card", "edit", "readers"):
        yield address(f"knowledge-{name}", version.pk)
    yield from (reverse("teams:photo", args=[file.pk]) for file in version.files.all())
    yield "/trail/"
    yield "/"


def shown_to(client, user, version):
    """Addresses at which the person meets the canary, or the version's file."""
    client.force_login(user)
    found = []
    for url in surfaces(version):
        answer = client.get(url, follow=True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if CANARY in content.decode(errors="replace") or content.startswith(b"\xff\xd8"):
            found.append(url)
    return found + exported(client, version)


def exported(client, version):
    answer = client.post(address("knowledge-export"), {"state": shelf(version), "q": "断煤"})
    rows = read_workbook(io.BytesIO(answer.content))["知识库"]
    return ["export"] if any(CANARY in cell for row in rows for cell in row) else []


@pytest.mark.parametrize("state", by_turns(["draft", "review", "returned"], 3))
def test_of_an_unpublished_version_nobody_else_sees_a_word(client, plant, state):
    client.force_login(plant.writer)
    said = {"kind": "emergency_card", "steps": f"{CANARY}\n二\n三", "summary": CANARY, "files": [picture()]}
    client.post(address("knowledge-new"), SAID | said)
    version = KnowledgeVersion.objects.get()
    if state != "draft":
        knowledge.submit(version, actor=plant.writer)
    if state == "returned":
        knowledge.send_back(version, "改改", actor=plant.leader)
    others = [make.give_role(plant.root, "auditor"), make.make_member(plant.team, "deputy"), plant.worker]
    others += [plant.other_leader, plant.assessor, make.give_role(plant.other_unit, "manager")]
    assert {user.name: shown_to(client, user, version) for user in others} == {user.name: [] for user in others}
    for user in (plant.writer, plant.leader, plant.manager):
        seen = shown_to(client, user, version)
        assert len(seen) >= 5, seen
        assert {"export", reverse("teams:photo", args=[version.files.get().pk])} <= set(seen)


def test_control_a_published_version_is_seen_by_the_whole_plant_only(client, plant):
    version = publish(plant, kind=Kind.POCKET_CARD, summary=CANARY, steps=[CANARY])
    stranger = make.give_role(make.make_unit("外厂"), "manager")
    for user in (plant.worker, plant.other_leader, make.give_role(plant.root, "auditor")):
        assert len(shown_to(client, user, version)) >= 4
    assert shown_to(client, stranger, version) == []


# -- The library --------------------------------------------------------------------------------------------------------


def test_the_library_shows_hits_and_what_waits(client, plant):
    publish(plant, title="给煤机断煤", must_read=True)
    found = page(client, plant.worker, "knowledge", q="煤机")
    assert "给<mark>煤机</mark>断煤" in found
    waits = page(client, plant.worker, "knowledge")
    assert "等您办的" in waits
    assert "待签收" in waits
    assert "没有符合条件的条目" in page(client, plant.worker, "knowledge", q="没有的词")


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"state": "x"}, {"sort": "x"}, {"unit": "9" * 30}, {"team": "x"}, {"q": "\0"}]
)
def test_a_wrong_filter_is_said_and_shows_nothing(client, plant, query):
    publish(plant)
    answer = page(client, plant.worker, "knowledge", **query)
    assert "alert-danger" in answer
    assert "<tbody>" not in answer
    assert post(client, plant.worker, "knowledge-export", **query).status_code == 200
    assert not AuditEntry.objects.filter(verb="knowledge.exported").exists()


def test_the_export_has_what_the_filters_let_through(client, plant):
    publish(plant, title="断煤", tags=["锅炉"])
    publish(plant, title="灭火器", tags=["消防"])
    client.force_login(plant.worker)
    rows = read_workbook(io.BytesIO(client.post(address("knowledge-export"), {"tag": "消防"}).content))["知识库"]
    assert [row[0] for row in rows[1:]] == ["灭火器"]


# -- Using it -----------------------------------------------------------------------------------------------------------


def test_a_leader_adopts_for_the_own_team_only(client, plant):
    version = publish(plant)
    for team in (plant.team, 999, ""):
        post(client, plant.other_leader, "knowledge-adopt", version.pk, team=getattr(team, "pk", team))
    assert not version.adoptions.exists()
    post(client, plant.other_leader, "knowledge-adopt", version.pk, team=plant.other.pk)
    adoption = version.adoptions.get()
    assert "feedback-" in page(client, plant.other_leader, "knowledge-version", version.pk)
    assert "feedback-" not in page(client, plant.writer, "knowledge-version", version.pk)
    post(client, plant.other_leader, "knowledge-feedback", adoption.pk, state="adopted", feedback="省了半小时")
    assert "省了半小时" in page(client, plant.writer, "knowledge-version", version.pk)


def test_one_tap_signs_and_the_list_says_who_has_not(client, plant):
    version = publish(plant, must_read=True)
    assert "我看过了" in page(client, plant.worker, "knowledge-version", version.pk)
    post(client, plant.worker, "knowledge-sign", version.pk)
    assert "您已签收" in page(client, plant.worker, "knowledge-version", version.pk)
    assert "1 / 3 人已签收" in page(client, plant.leader, "knowledge-readers", version.pk)
    client.force_login(plant.manager)
    book = client.post(address("knowledge-readers-export", version.pk)).content
    assert [row[4] for row in read_workbook(io.BytesIO(book))["签收"][1:]] == ["未签收", "未签收", "已签收"]


def test_nobody_signs_what_is_not_meant_for_them(client, plant):
    version, free = publish(plant, must_read=True), publish(plant)
    assert post(client, plant.other_leader, "knowledge-sign", version.pk).status_code == 403
    assert post(client, plant.worker, "knowledge-sign", free.pk).status_code == 403
    assert "我看过了" not in page(client, plant.other_leader, "knowledge-version", version.pk)


def test_a_card_shows_how_fast_the_own_team_was(client, plant):
    card = publish(plant, kind=Kind.EMERGENCY_CARD, steps=["停机", "断电", "报告"])
    assert "还没有应急演练的记录" in page(client, plant.worker, "knowledge-card", card.pk)
    record_of(plant, first=30, total=150)
    shown = page(client, plant.worker, "knowledge-card", card.pk)
    assert "150 秒" in shown
    assert "150 秒" not in page(client, plant.other_leader, "knowledge-card", card.pk)
    case = publish(plant)
    client.force_login(plant.worker)
    assert client.get(address("knowledge-card", case.pk)).status_code == 404


def test_chosen_cards_are_printed_and_others_refused(client, plant):
    cards = [publish(plant, title=f"卡片{n}", kind=Kind.POCKET_CARD, steps=["看"]) for n in range(3)]
    shown = page(client, plant.worker, "knowledge-print", card=[cards[0].pk, cards[2].pk])
    assert ("卡片0" in shown, "卡片1" in shown, "卡片2" in shown) == (True, False, True)
    old, case = cards[1], publish(plant)
    revise(old, plant.leader, steps=["再看"])
    for wrong in ([old.pk], [case.pk], ["x"], [999]):
        client.force_login(plant.worker)
        answer = client.get(address("knowledge-print"), {"card": wrong}, follow=True)
        assert "请重新勾选" in answer.content.decode()


def test_the_code_on_a_card_leads_to_what_holds_now(client, plant):
    version = publish(plant, steps=["停机"])
    further = revise(version, plant.leader)
    client.force_login(plant.worker)
    answer = client.get(address("knowledge-item", version.item_id))
    assert answer.url == address("knowledge-version", further.pk)
    assert "这是以前的版本" in page(client, plant.worker, "knowledge-version", version.pk)
    beside = page(client, plant.worker, "knowledge-compare", version.item_id)
    assert "<del>停机</del>" in beside
    for wrong in ({"old": "x"}, {"new": publish(plant).pk}):
        assert "alert-danger" in page(client, plant.worker, "knowledge-compare", version.item_id, **wrong)


def test_a_reviewer_sees_who_else_may_review(client, plant):
    version = write(plant)
    knowledge.submit(version, actor=plant.writer)
    shown = page(client, plant.writer, "knowledge-version", version.pk)
    assert f"等{plant.leader}、{plant.manager}审核" in shown
