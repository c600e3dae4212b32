"""Knowledge: written, reviewed by somebody else, revised, retired, adopted, signed; found by whoever may read it."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from activities.errors import ActivityError, StaleState
from activities.knowledge import library, readers
from activities.knowledge.access import reviewers_of, visible_to
from activities.models import Adoption, KnowledgeItem, KnowledgeVersion, ReadReceipt
from activities.services import knowledge, knowledge_use
from activities.services.knowledge import Content
from teams.errors import TeamError
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.activities.knowledge import Kind, make_plant, publish, revise, write
from tests.races import race

pytestmark = pytest.mark.django_db
State = KnowledgeVersion.State


@pytest.fixture
def plant():
    return make_plant()


def fresh(user):
    """The person as the next request reads them."""
    return type(user).objects.get(pk=user.pk)


def titles(rows):
    return [version.title for version in rows]


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


# -- Writing and reviewing ----------------------------------------------------------------------------------------------


def test_a_member_writes_the_leader_returns_and_publishes(plant):
    version = write(plant, tags=["锅炉"], steps=["停机", "挂牌"])
    knowledge.submit(version, actor=plant.writer)
    knowledge.send_back(version, "第二步写清楚", actor=plant.leader)
    knowledge.edit(version, Content("断煤", "三步排除", steps=["停机", "断电挂牌"]), actor=plant.writer)
    assert (version.state, version.answer) == (State.RETURNED, "第二步写清楚")
    knowledge.submit(version, actor=plant.writer)
    knowledge.publish(version, actor=plant.leader)
    assert (version.state, version.title, version.reviewed_by) == (State.PUBLISHED, "断煤", plant.leader)
    deeds = ["drafted", "submitted", "returned", "edited", "submitted", "published"]
    assert verbs() == [f"knowledge.{deed}" for deed in deeds]


def test_nobody_reviews_what_they_wrote(plant):
    version = write(plant, actor=plant.leader)
    knowledge.submit(version, actor=plant.leader)
    for deed in (knowledge.publish, partial(_sent_back, "改改")):
        with pytest.raises(ActivityError, match="自己写的、自己是作者的"):
            deed(version, actor=plant.leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        KnowledgeVersion.objects.filter(pk=version.pk).update(reviewed_by=plant.leader)
    knowledge.publish(version, actor=plant.manager)


def _sent_back(reason, version, *, actor):
    knowledge.send_back(version, reason, actor=actor)


def test_an_author_does_not_review_either(plant):
    version = write(plant, authors=[plant.writer, plant.leader])
    knowledge.submit(version, actor=plant.writer)
    with pytest.raises(ActivityError, match="自己是作者的"):
        knowledge.publish(version, actor=plant.leader)
    assert library.waiting_for(fresh(plant.leader)).to_review == []
    assert library.waiting_for(fresh(plant.manager)).to_review == [version]
    assert list(reviewers_of(version)) == [plant.manager]


def test_what_nobody_else_can_review_is_not_submitted():
    team = make.make_team()
    leader = make.make_member(team, "leader")
    facts = {"unit": team.unit, "team": team, "kind": Kind.CASE, "origin": None, "actor": leader}
    version = knowledge.draft(Content("断煤", "三步排除"), **facts)
    with pytest.raises(ActivityError, match="没有别人能审核"):
        knowledge.submit(version, actor=leader)
    make.give_role(team.unit, "manager")
    knowledge.submit(version, actor=leader)


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("draft", ["publish", "return", "take_back"]),
        ("review", ["edit", "discard", "submit"]),
        ("returned", ["publish", "return", "take_back"]),
        ("published", ["edit", "discard", "submit", "publish", "return", "take_back"]),
    ],
)
def test_a_deed_of_another_state_is_refused_and_leaves_nothing(plant, state, refused):
    version = write(plant)
    for deed in {"draft": [], "review": ["submit"], "returned": ["submit", "return"]}.get(state, ["submit", "publish"]):
        DEEDS[deed](plant, version)
    before = (verbs(), KnowledgeVersion.objects.values().get())
    for deed in refused:
        with pytest.raises(StaleState), transaction.atomic():
            DEEDS[deed](plant, version)
    assert (verbs(), KnowledgeVersion.objects.values().get()) == before


DEEDS = {
    "edit": lambda plant, version: knowledge.edit(version, Content("断煤", "改过"), actor=plant.writer),
    "discard": lambda plant, version: knowledge.discard(version, actor=plant.writer),
    "submit": lambda plant, version: knowledge.submit(version, actor=plant.writer),
    "take_back": lambda plant, version: knowledge.take_back(version, actor=plant.writer),
    "publish": lambda plant, version: knowledge.publish(version, actor=plant.leader),
    "return": lambda plant, version: knowledge.send_back(version, "改改", actor=plant.leader),
}


def test_a_draft_is_thrown_away_with_its_item_but_never_a_published_version(plant):
    knowledge.discard(write(plant), actor=plant.writer)
    assert not KnowledgeItem.objects.exists()
    version = publish(plant)
    further = knowledge.revise(version.item, actor=plant.worker)
    knowledge.discard(further, actor=plant.worker)
    assert list(KnowledgeVersion.objects.all()) == [version]


def test_a_further_version_says_what_changed_and_the_old_one_stays(plant):
    version = publish(plant, steps=["停机"], tags=["锅炉"])
    further = knowledge.revise(version.item, actor=plant.worker)
    assert (further.number, further.steps, further.tags, further.written_by) == (2, ["停机"], ["锅炉"], plant.worker)
    with pytest.raises(ActivityError, match="已经有一个还没发布的版本"):
        knowledge.revise(version.item, actor=plant.writer)
    with pytest.raises(ActivityError, match="这一版改了什么"):
        knowledge.submit(further, actor=plant.worker)
    assert titles(library.listed(plant.worker)) == [version.title]
    knowledge.edit(further, Content("新标题", "三步", changes="换了标题"), actor=plant.worker)
    knowledge.submit(further, actor=plant.worker)
    knowledge.publish(further, actor=plant.leader)
    assert titles(library.listed(plant.worker)) == ["新标题"]
    assert set(visible_to(plant.other_leader)) == {version, further}


@pytest.mark.parametrize(
    ("kind", "steps", "sentence"),
    [
        (Kind.EMERGENCY_CARD, ["一", "二"], "正好 3 步"),
        (Kind.EMERGENCY_CARD, list("一二三四"), "正好 3 步"),
        (Kind.POCKET_CARD, [], "1 到 6 步"),
        (Kind.POCKET_CARD, ["长" * 41], "第 1 步最多 40 个字"),
        (Kind.CASE, ["步"] * 21, "最多 20 步"),
        (Kind.CASE, ["长" * 201], "最多 200 个字"),
    ],
)
def test_cards_have_few_and_short_steps(plant, kind, steps, sentence):
    with pytest.raises(ActivityError, match=sentence):
        write(plant, kind=kind, steps=steps)
    assert not KnowledgeItem.objects.exists()


def test_a_retired_item_leaves_the_library_but_is_still_read(plant):
    version = publish(plant)
    knowledge.retire(version.item, "设备换了", actor=plant.leader)
    assert titles(library.listed(plant.worker)) == []
    assert titles(library.listed(plant.worker, state="retired")) == [version.title]
    with pytest.raises(StaleState, match="已经停用"):
        knowledge.retire(version.item, "再停一次", actor=plant.leader)
    for deed in (
        lambda: knowledge.revise(version.item, actor=plant.writer),
        lambda: knowledge_use.adopt(version, plant.other, actor=plant.other_leader),
    ):
        with pytest.raises(TeamError, match="停用"):
            deed()


def test_what_was_retired_in_the_middle_of_a_review_is_not_published(plant):
    version = publish(plant)
    further = knowledge.revise(version.item, actor=plant.writer)
    knowledge.edit(further, Content("断煤", "四步", changes="多一步"), actor=plant.writer)
    knowledge.submit(further, actor=plant.writer)
    knowledge.retire(version.item, "设备换了", actor=plant.manager)
    with pytest.raises(ActivityError, match="已经停用"):
        knowledge.publish(further, actor=plant.leader)


def test_only_what_was_published_is_retired(plant):
    with pytest.raises(ActivityError, match="还没有发布过"):
        knowledge.retire(write(plant).item, "不要了", actor=plant.leader)


# -- Finding ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("煤机", ["给煤机断煤"]),
        ("断煤 挂牌", ["给煤机断煤"]),
        ("断煤 灭火", []),
        ("２号", ["给煤机断煤"]),
        ("dcs", ["给煤机断煤"]),
        ("100%", ["灭火器"]),
        ("0_", []),
        ("消防", ["灭火器"]),
        ("", ["灭火器", "给煤机断煤"]),
    ],
)
def test_words_are_found_inside_words(plant, q, found):
    publish(plant, title="给煤机断煤", body="２号给煤机，ＤＣＳ报警", steps=["停机", "断电挂牌"])
    publish(plant, title="灭火器", body="压力 100% 合格", tags=["消防"])
    assert titles(library.listed(plant.worker, q=q)) == found


def test_the_library_is_narrowed_and_sorted(plant):
    case = publish(plant, title="断煤", tags=["锅炉", "给煤机"])
    rule = publish(plant, title="交接班细则", kind=Kind.RULE, unit=plant.unit, actor=plant.assessor, by=plant.manager)
    listed = partial(library.listed, plant.worker)
    assert titles(listed()) == ["交接班细则", "断煤"]
    assert titles(listed(kind="rule")) == titles(listed(unit=plant.unit, kind="rule")) == ["交接班细则"]
    assert titles(listed(team=plant.team)) == titles(listed(tag="给煤机")) == ["断煤"]
    assert titles(listed(tag="煤机")) == titles(listed(unit=plant.other_unit)) == []
    knowledge_use.adopt(case, plant.other, actor=plant.other_leader)
    knowledge_use.conclude(
        knowledge_use.adopt(rule, plant.other, actor=plant.other_leader), "dropped", "不合适", actor=plant.other_leader
    )
    assert [(row.title, row.adopters) for row in listed(sort="adopted")] == [("断煤", 1), ("交接班细则", 0)]
    assert library.tag_counts(plant.worker) == [("给煤机", 1), ("锅炉", 1)]


def test_a_team_that_adopted_two_versions_counts_once(plant):
    version = publish(plant)
    knowledge_use.adopt(version, plant.other, actor=plant.other_leader)
    knowledge_use.adopt(revise(version, plant.leader), plant.other, actor=plant.other_leader)
    assert [row.adopters for row in library.listed(plant.worker)] == [1]


def test_hits_are_shown_in_the_text(plant):
    publish(plant, title="断煤", body="先看２号给煤机的链条")
    (row,) = library.with_hits(library.listed(plant.worker, q="2号"), "2号")
    assert ("２号", True) in row.snippet
    assert row.title_parts == [("断煤", False)]


def test_drafts_are_for_the_writer_and_those_who_review(plant):
    deputy, stranger = make.make_member(plant.team, "deputy"), make.give_role(make.make_unit("外厂"), "manager")
    version = write(plant)
    others = [plant.worker, deputy, plant.assessor, plant.other_leader, stranger]
    seen = [plant.writer, plant.leader, plant.manager, make.give_role(plant.root, "manager")]
    for knows in (lambda: None, lambda: knowledge.submit(version, actor=plant.writer)):
        knows()
        assert [user for user in others if version in visible_to(fresh(user))] == []
        assert all(version in visible_to(fresh(user)) for user in seen)
    knowledge.publish(version, actor=plant.leader)
    assert [user for user in [*others, *seen] if version not in visible_to(fresh(user))] == [stranger]


# -- Adopting and signing -----------------------------------------------------------------------------------------------


def test_another_team_tries_and_says_what_came_of_it(plant):
    version = publish(plant)
    with pytest.raises(ActivityError, match="本班组自己写的"):
        knowledge_use.adopt(version, plant.team, actor=plant.leader)
    adoption = knowledge_use.adopt(version, plant.other, actor=plant.other_leader)
    with pytest.raises(ActivityError, match="已经登记采用"):
        knowledge_use.adopt(version, plant.other, actor=plant.other_leader)
    with pytest.raises(ActivityError, match="写几句反馈"):
        knowledge_use.conclude(adoption, "adopted", "", actor=plant.other_leader)
    knowledge_use.conclude(adoption, "adopted", "省了半小时", actor=plant.other_leader)
    with pytest.raises(StaleState):
        knowledge_use.conclude(adoption, "dropped", "不好用", actor=plant.other_leader)
    story = library.story_of(plant.writer, version)
    assert [(row.team, row.feedback) for row in story["adoptions"]] == [(plant.other, "省了半小时")]


def test_a_rule_is_signed_by_those_it_is_meant_for_and_again_when_it_changes(plant):
    version = publish(plant, kind=Kind.RULE, must_read=True)
    waiting = lambda user: titles(library.waiting_for(fresh(user)).to_sign)  # noqa: E731
    assert waiting(plant.worker) == waiting(plant.leader) == [version.title]
    assert waiting(plant.other_leader) == waiting(plant.manager) == []
    knowledge_use.sign(version, actor=plant.worker)
    with pytest.raises(StaleState, match="已经签收"):
        knowledge_use.sign(version, actor=plant.worker)
    assert waiting(plant.worker) == []
    signed = [(row.user, row.at is not None) for row in readers.readers_of(version)]
    assert signed == [(plant.leader, False), (plant.writer, False), (plant.worker, True)]
    further = revise(version, plant.leader, must_read=True)
    assert waiting(plant.worker) == [further.title]
    with pytest.raises(StaleState, match="新版"):
        knowledge_use.sign(version, actor=plant.leader)
    knowledge.retire(version.item, "合并了", actor=plant.leader)
    assert waiting(plant.worker) == []


def test_a_rule_of_a_unit_is_for_every_team_below(plant):
    said = {"kind": Kind.RULE, "must_read": True, "actor": plant.assessor, "by": make.give_role(plant.root, "manager")}
    version = publish(plant, unit=plant.root, **said)
    assert len(readers.readers_of(version)) == Membership.objects.count() == 4
    assert library.waiting_for(plant.other_leader).to_sign == [version]


def test_who_signed_and_left_stays_in_the_list(plant):
    version = publish(plant, must_read=True)
    knowledge_use.sign(version, actor=plant.worker)
    Membership.objects.filter(user=plant.worker).update(ended_on="2026-06-01")
    last = readers.readers_of(version)[-1]
    assert (last.user, last.team, last.at is not None) == (plant.worker, None, True)
    assert next(readers.exported([last]))[3:5] == ["已离开", "已签收"]


def test_what_waits_for_whom(plant):
    version = write(plant)
    knowledge.submit(version, actor=plant.writer)
    assert library.waiting_for(plant.leader).to_review == library.waiting_for(plant.manager).to_review == [version]
    assert library.waiting_for(plant.worker).to_review == library.waiting_for(plant.writer).to_review == []
    knowledge.send_back(version, "改改", actor=plant.leader)
    assert library.waiting_for(fresh(plant.writer)).returned == [version]
    assert library.waiting_for(fresh(plant.leader)).to_review == []


# -- All at once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_one_decides(plant):
    version = write(plant)
    knowledge.submit(version, actor=plant.writer)
    told = race(lambda row: knowledge.publish(row, actor=plant.leader), version, runners=5)
    assert [word.split(":")[0] for word in told] == ["done"] + ["polite"] * 4
    assert verbs().count("knowledge.published") == 1


@pytest.mark.django_db(transaction=True)
def test_a_further_version_begins_once(plant):
    item = publish(plant).item
    told = race(lambda row: knowledge.revise(row, actor=plant.worker), item, runners=5)
    assert [word.split(":")[0] for word in told] == ["done"] + ["polite"] * 4
    assert item.versions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_team_adopts_and_a_person_signs_once(plant):
    version = publish(plant, must_read=True)
    deeds = {
        Adoption: lambda row: knowledge_use.adopt(row, plant.other, actor=plant.other_leader),
        ReadReceipt: lambda row: knowledge_use.sign(row, actor=plant.worker),
    }
    for model, deed in deeds.items():
        told = race(deed, version, runners=5)
        assert [word.split(":")[0] for word in told] == ["done"] + ["polite"] * 4
        assert model.objects.count() == 1
