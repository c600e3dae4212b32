"""Applying for an honour: begun in time, written without losing anything, proven, complete when handed in."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.application_lacks import Draft, oldest_day
from assessments.honours.application_lists import listed, waiting_for
from assessments.honours.application_starts import applicants_for, open_rounds
from assessments.models import Application, Bar, Round, Title
from assessments.services import applications
from teams.models import AuditEntry
from tests import factories as make
from tests.applying import DAY, LEVELS, Scene, begin, hand_in, make_programme, open_round, prove, record, whole

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def scene():
    return Scene()


def trail():
    return list(
        AuditEntry.objects.filter(verb__startswith="application.").order_by("id").values_list("verb", flat=True)
    )


# -- Beginning ---------------------------------------------------------------------------------------------------------


def test_a_leader_begins_the_application_of_the_own_team(scene):
    application = scene.draft()
    assert (application.team, application.unit, application.state) == (scene.team, scene.unit, State.DRAFT)
    assert application.number == f"PX-{timezone.localdate().year}-0001"
    assert list(application.steps.values_list("action", "state")) == [("start", "draft")]
    assert trail() == ["application.started"]


def test_numbers_go_on(scene):
    first, second = scene.draft(), scene.draft(scene.other_leader)
    assert (first.number[-4:], second.number[-4:]) == ("0001", "0002")


def test_there_is_one_application_a_round(scene):
    (applicant,) = applicants_for(scene.leader, scene.round)
    scene.draft()
    with pytest.raises(AssessmentError, match="已经有申报了"):
        applications.start(scene.round, applicant, actor=scene.leader)
    assert applicants_for(scene.leader, scene.round) == []
    assert trail() == ["application.started"]


def test_after_withdrawing_somebody_applies_again(scene):
    applications.withdraw(scene.draft(), actor=scene.leader)
    assert scene.draft().state == State.DRAFT


@pytest.mark.parametrize("state", [state for state in Round.State.values if state != "open"])
def test_only_an_open_round_takes_applications(scene, state):
    (applicant,) = applicants_for(scene.leader, scene.round)
    facts = {"named_on": timezone.localdate(), "document": "工发〔2026〕1号", "reason": "停办"}
    Round.objects.filter(pk=scene.round.pk).update(state=state, **facts)
    with pytest.raises(AssessmentError, match="不能申报"):
        applications.start(scene.round, applicant, actor=scene.leader)


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-9, -1)])
def test_before_the_first_and_after_the_last_day_nobody_applies(scene, first, last):
    (applicant,) = applicants_for(scene.leader, scene.round)
    today = timezone.localdate()
    opened = open_round(
        scene.programme, scene.company, name="另一批", opens_on=today + first * DAY, apply_until=today + last * DAY
    )
    with pytest.raises(AssessmentError, match=r"开始申报|已经截止"):
        applications.start(opened, applicant, actor=scene.leader)
    assert opened not in open_rounds(scene.leader)


def test_rounds_of_other_lines_are_not_offered(scene):
    elsewhere = make.make_unit("化学部", scene.root)
    open_round(make_programme(elsewhere, code="other", name="别的"), scene.company)
    assert list(open_rounds(scene.leader)) == [scene.round]


def test_who_is_barred_may_not_apply(scene):
    facts = {"code": "accident", "text": "轻伤一人", "happened_on": timezone.localdate() - 30 * DAY}
    Bar.objects.create(unit=scene.unit, team=scene.team, recorded_by=scene.company, **facts)
    with pytest.raises(AssessmentError, match="轻伤一人"):
        scene.draft()
    assert scene.draft(scene.other_leader).team == scene.other_team


def test_a_pool_takes_former_winners_only(scene):
    best = make_programme(scene.root, code="best", name="十大标杆", title="标杆班组", pool=scene.programme)
    opened, today = open_round(best, scene.company), timezone.localdate()
    with pytest.raises(AssessmentError, match="只有得过“六好班组”的才能申报"):
        begin(opened, scene.leader)
    days = {"valid_from": today - 700 * DAY, "valid_to": today - 300 * DAY, "state": Title.State.EXPIRED}
    facts = {"programme": scene.programme, "unit": scene.unit, "name": "六好班组", "serial": "T1", "document": "1号"}
    Title.objects.create(team=scene.team, **facts, **days)
    assert begin(opened, scene.leader).team == scene.team


def test_a_person_applies_for_the_own_person(scene):
    opened = open_round(make_programme(scene.root, "person"), scene.company)
    application = begin(opened, scene.worker)
    assert (application.user, application.unit, application.is_front_line) == (scene.worker, scene.unit, True)
    manager = begin(opened, scene.manager)
    assert (manager.user, manager.is_front_line) == (scene.manager, False)


def test_a_leader_names_members_of_the_own_team_only(scene):
    opened = open_round(make_programme(scene.root, "person", applicants=["leader"]), scene.company)
    people = {row.subject for row in applicants_for(scene.leader, opened)}
    assert people == {scene.leader, scene.worker}
    assert applicants_for(scene.worker, opened) == []


# -- Writing -----------------------------------------------------------------------------------------------------------


def test_a_draft_may_be_full_of_gaps(scene):
    application = scene.draft()
    assert applications.save(application, Draft(story="先写一句"), application.saved_at, actor=scene.leader)
    application.refresh_from_db()
    assert (application.story, application.state) == ("先写一句", State.DRAFT)
    assert trail() == ["application.started", "application.saved"]


def test_saving_nothing_new_leaves_nothing(scene):
    application = scene.draft()
    assert not applications.save(application, Draft(), application.saved_at, actor=scene.leader)
    assert trail() == ["application.started"]


def test_two_pages_do_not_overwrite_each_other(scene):
    application = scene.draft()
    seen, other = application.saved_at, Application.objects.get(pk=application.pk)
    applications.save(application, Draft(story="第一页"), seen, actor=scene.leader)
    with pytest.raises(StaleState, match="没有保存"):
        applications.save(other, Draft(story="第二页"), seen, actor=scene.leader)
    prove(other, record(scene.team, scene.leader), scene.leader)
    with pytest.raises(StaleState, match="没有保存"):
        applications.submit(other, whole(story="第二页"), seen, actor=scene.leader)
    application.refresh_from_db()
    assert (application.story, application.state) == ("第一页", State.DRAFT)


def test_control_with_the_right_moment_the_second_page_saves(scene):
    application = scene.draft()
    applications.save(application, Draft(story="第一页"), application.saved_at, actor=scene.leader)
    applications.save(application, Draft(story="第二页"), application.saved_at, actor=scene.leader)
    assert Application.objects.get().story == "第二页"


# -- Handing in --------------------------------------------------------------------------------------------------------


def test_a_complete_one_is_handed_in(scene):
    application = scene.submitted()
    assert (application.state, application.level) == (State.SUBMITTED, 0)
    assert application.submitted_at
    assert list(application.steps.values_list("action", flat=True)) == ["start", "submit"]
    assert trail() == ["application.started", "application.proven", "application.submitted"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"story": " "}, "事迹还没有写"),
        ({"story": "长" * 2001}, "事迹最多 2000 字"),
        ({"self_scores": {"safe": 3500, "study": 5000}}, "“有制度”还没有自评"),
        ({"self_scores": {"safe": 4001, "study": 5000, "rules": 1}}, "自评要在 0 到 40 分之间"),
        ({"declared": [0]}, "还没有承诺“最近 12 个月没有这种情形：发生人身伤害事故”"),
    ],
)
def test_what_is_incomplete_is_not_handed_in(scene, changes, sentence):
    application = scene.proven()
    before = trail()
    with pytest.raises(AssessmentError, match=sentence):
        hand_in(application, scene.leader, **changes)
    application.refresh_from_db()
    assert (application.state, application.steps.count(), trail()) == (State.DRAFT, 1, before)


def test_a_criterion_that_must_be_proven_needs_a_fresh_proof_of_a_kind_that_fits(scene):
    application = scene.draft()
    with pytest.raises(AssessmentError, match="“安全文明生产好”还没有依据"):
        hand_in(application, scene.leader)
    prove(application, record(scene.team, scene.leader, date=timezone.localdate() - 500 * DAY), scene.leader)
    with pytest.raises(AssessmentError, match="早于 12 个月"):
        hand_in(application, scene.leader)
    application.proofs.update(date=timezone.localdate(), kind="honour")
    with pytest.raises(AssessmentError, match="请补可以作依据的"):
        hand_in(application, scene.leader)
    application.proofs.update(kind="check")
    assert hand_in(application, scene.leader).state == State.SUBMITTED


def test_a_material_that_must_be_there_is_asked_for(scene):
    form = {"code": "form", "name": "盖章的推荐表", "must": True}
    programme = make_programme(scene.root, code="with", name="要材料的", materials=[form])
    opened = open_round(programme, scene.company)
    application = begin(opened, scene.leader)
    prove(application, record(scene.team, scene.leader), scene.leader)
    with pytest.raises(AssessmentError, match="还缺材料“盖章的推荐表”"):
        hand_in(application, scene.leader)


def test_after_the_last_day_only_what_was_returned_is_handed_in(scene):
    late, returned = scene.proven(), scene.submitted(scene.other_leader)
    Application.objects.filter(pk=returned.pk).update(state=State.RETURNED)
    yesterday = timezone.localdate() - DAY
    Round.objects.filter(pk=scene.round.pk).update(opens_on=yesterday, apply_until=yesterday)
    with pytest.raises(AssessmentError, match="已经截止"):
        hand_in(late, scene.leader)
    returned.refresh_from_db()
    applications.submit(returned, whole(reply="已补充"), returned.saved_at, actor=scene.other_leader)
    assert returned.steps.last().text == "已补充"


def test_what_was_returned_needs_a_reply(scene):
    application = scene.in_state(State.RETURNED)
    with pytest.raises(AssessmentError, match="答复"):
        hand_in(application, scene.leader)
    assert hand_in(application, scene.leader, reply="已补照片").reply == ""
    assert application.steps.last().text == "已补照片"


def test_people_who_do_not_have_the_duty_that_is_asked_for_are_not_offered(scene, client):
    leading = {"code": "leading", "text": "现任班长或副班长", "kind": "must", "bar_months": 0}
    opened = open_round(
        make_programme(scene.root, "person", applicants=["leader"], conditions=[leading]), scene.company
    )
    deputy = make.make_member(scene.team, "deputy")
    offered = applicants_for(scene.leader, opened)
    assert {(row.subject, row.duty_name) for row in offered} == {(scene.leader, "班长"), (deputy, "副班长")}
    client.force_login(scene.leader)
    page = client.get(reverse("assessments:application-start", args=[opened.pk])).content.decode()
    assert "要求“现任班长或副班长”" in page
    assert f"副班长 {scene.unit}" in page
    assert scene.worker.name not in page
    client.post(reverse("assessments:application-start", args=[opened.pk]), {"applicant": f"user-{scene.worker.pk}"})
    assert not Application.objects.exists()


def test_what_was_handed_in_is_not_edited(scene):
    application = scene.submitted()
    before = trail()
    with pytest.raises(StaleState):
        applications.save(application, Draft(story="改"), application.saved_at, actor=scene.leader)
    with pytest.raises(StaleState, match="依据不能再改"):
        prove(application, record(scene.team, scene.leader), scene.leader)
    with pytest.raises(StaleState, match="依据不能再改"):
        applications.remove_proof(application.proofs.get(), actor=scene.leader)
    assert trail() == before


# -- Pages -------------------------------------------------------------------------------------------------------------


def typed(application, **changes):
    facts = {
        "seen": application.saved_at.isoformat(),
        "story": "全年无违章。",
        "score-0": "35",
        "score-1": "50",
        "score-2": "1",
        "note-0": "班前会天天开",
        "declared": ["0", "1"],
    }
    return facts | changes


def test_the_page_keeps_and_hands_in(scene, client):
    application = scene.proven()
    client.force_login(scene.leader)
    address = reverse("assessments:application-edit", args=[application.pk])
    assert "事迹还没有写" in client.get(address).content.decode()
    client.post(address, typed(application))
    application.refresh_from_db()
    assert application.self_scores == {"safe": 3500, "study": 5000, "rules": 1}
    assert application.answers == {"safe": "班前会天天开"}
    answer = client.post(address, typed(application, do="submit"), follow=True)
    assert "已提交" in answer.content.decode()
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_saving_by_itself_gives_the_next_moment(scene, client):
    application = scene.draft()
    client.force_login(scene.leader)
    address = reverse("assessments:application-edit", args=[application.pk])
    first = client.post(address, typed(application), headers={"HX-Request": "true"})
    kept = Application.objects.get()
    assert (first.status_code, kept.story) == (200, "全年无违章。")
    assert f'name="seen" value="{kept.saved_at.isoformat()}"' in first.content.decode()
    again = client.post(address, typed(application, story="旧页面写的"), headers={"HX-Request": "true"})
    assert "别的页面或被别人改过" in again.content.decode()
    assert Application.objects.get().story == "全年无违章。"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"score-0": "41"}, "0 到 40 分之间"),
        ({"score-0": "三"}, "不是数字"),
        ({"score-2": "7"}, "请选“有”或“没有”"),
        ({"seen": "昨天"}, "请刷新页面再改"),
        ({"seen": "2026-10-05T10:00:00"}, "请刷新页面再改"),
        ({"declared": ["9"]}, "请从列表里选"),
        ({"story": "长" * 2001}, "最多 2000"),
    ],
)
def test_what_makes_no_sense_is_not_kept(scene, client, changes, sentence):
    application = scene.draft()
    client.force_login(scene.leader)
    address = reverse("assessments:application-edit", args=[application.pk])
    assert sentence in client.post(address, typed(application) | changes).content.decode()
    assert Application.objects.get().story == ""


def test_new_lines_count_once(scene, client):
    application = scene.draft()
    client.force_login(scene.leader)
    address = reverse("assessments:application-edit", args=[application.pk])
    client.post(address, typed(application, story="一\r\n" * 1000))
    assert len(Application.objects.get().story) == 1999


def test_a_draft_is_nobody_elses(scene):
    application = scene.draft()
    for user in (scene.union, scene.manager, scene.company, scene.other_leader):
        assert application not in listed(user)
    assert list(listed(scene.leader)) == [application]
    prove(application, record(scene.team, scene.leader), scene.leader)
    hand_in(application, scene.leader)
    for user in (scene.union, scene.manager, scene.company):
        assert list(listed(user)) == [application]
    assert not listed(scene.other_leader)


def test_the_list_narrows(scene):
    first, second = scene.submitted(), scene.submitted(scene.other_leader)
    assert list(listed(scene.union, q="二值")) == [second]
    assert list(listed(scene.union, state="draft")) == []
    assert list(listed(scene.leader, whose="own")) == [first]
    assert set(listed(scene.union, whose="waiting")) == {first, second}


def test_an_old_application_is_shown_in_its_own_version(scene, client):
    application = scene.submitted()
    scene.programme.criteria = [scene.programme.criteria[0] | {"name": "改过的条件"}]
    scene.programme.levels = LEVELS[:1]
    scene.programme.save()
    client.force_login(scene.leader)
    page = client.get(reverse("assessments:application", args=[application.pk])).content.decode()
    assert "安全文明生产好" in page
    assert "学习培训好" in page
    assert "改过的条件" not in page


def test_what_waits_is_on_the_home_page(scene):
    application = scene.draft()
    Round.objects.filter(pk=scene.round.pk).update(apply_until=timezone.localdate() + 3 * DAY)
    assert [line[0] for line in waiting_for(scene.leader)] == ["申报还没提交"]
    assert list(waiting_for(scene.union)) == []
    prove(application, record(scene.team, scene.leader), scene.leader)
    hand_in(application, scene.leader)
    assert [line[0] for line in waiting_for(scene.union)] == ["基层工会推荐"]
    assert list(waiting_for(scene.leader)) == []
    Application.objects.update(state=State.RETURNED)
    assert [line[0] for line in waiting_for(scene.leader)] == ["补充申报"]


def test_a_year_ago_is_the_same_day_of_the_year_before():
    assert oldest_day(datetime.date(2026, 10, 31)) == datetime.date(2025, 10, 31)
    assert oldest_day(datetime.date(2028, 2, 29)) == datetime.date(2027, 2, 28)
