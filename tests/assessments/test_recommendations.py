"""Recommending level by level: who gives the opinion, what the quota and bars refuse, what the list says."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.errors import AssessmentError, StaleState
from assessments.honours.application_access import hats, waiting
from assessments.honours.application_queue import at_desk, desks_of, tally
from assessments.models import Application, Bar
from assessments.services import applications, recommendations
from teams.models import AuditEntry
from teams.workbooks import read_workbook
from tests import factories as make
from tests.applying import DAY, Scene, begin, desk_of, hand_in, make_programme, open_round, prove, record

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def scene():
    return Scene()


def send(scene, *chosen, actor=None):
    recommendations.send_up(desk_of(chosen[0]), list(chosen), "表现突出", actor=actor or scene.union)
    for row in chosen:
        row.refresh_from_db()


def test_an_application_goes_up_level_by_level(scene):
    application = scene.submitted()
    assert waiting(scene.union) == [application]
    send(scene, application)
    assert (application.state, application.level) == (State.SUBMITTED, 1)
    assert waiting(scene.union) == []
    assert waiting(scene.company) == [application]
    send(scene, application, actor=scene.company)
    assert (application.state, application.level) == (State.RECOMMENDED, 2)
    assert waiting(scene.company) == []
    steps = application.steps.values_list("action", "level", "unit", "text")
    assert list(steps)[2:] == [
        ("pass_up", 1, scene.unit.pk, "表现突出"),
        ("recommend", 2, scene.root.pk, "表现突出"),
    ]


def test_a_list_is_one_row_in_the_trail_and_a_step_for_each(scene):
    first, second = scene.submitted(), scene.submitted(scene.other_leader)
    before = AuditEntry.objects.count()
    send(scene, first, second)
    assert AuditEntry.objects.count() == before + 1
    assert [row.steps.last().action for row in (first, second)] == ["pass_up", "pass_up"]


THREE = [
    {"name": "基层工会", "at": "unit", "roles": ["union"], "most": 1},
    {"name": "公司工会", "at": "root", "roles": ["union"], "most": 2},
    {"name": "省总工会", "at": "outside", "roles": ["union"]},
]


def test_each_level_has_its_own_number_and_the_province_comes_last(client):
    scene = Scene(levels=THREE, quota={"total": 100})
    first, second = scene.submitted(), scene.submitted(scene.other_leader)
    with pytest.raises(AssessmentError, match="名额 1 个，名单上有 2 个，要去掉 1 个"):
        send(scene, first, second)
    send(scene, first)
    client.force_login(scene.company)
    desk = desk_of(first)
    page = client.get(reverse("assessments:application-desk", args=[scene.round.pk, 1, scene.root.pk])).content.decode()
    assert "名额 2 个" in page
    assert tally(desk, [first]).meter.total == 2
    send(scene, first, actor=scene.company)
    assert (first.state, first.level, first in waiting(scene.company)) == (State.SUBMITTED, 2, True)
    assert tally(desk_of(first), [first]).meter.total == 100
    send(scene, first, actor=scene.company)
    assert (first.state, first.level) == (State.RECOMMENDED, 3)
    said = client.get(reverse("assessments:round", args=[scene.round.pk])).content.decode()
    assert "省总工会（公司以上，公司代录，工会干事）" in said
    assert "每单位最多报 1 个" in said


def test_nobody_gives_an_opinion_on_the_own(scene):
    application = scene.submitted()
    both = make.give_role(scene.unit, "union", scene.leader)
    member = make.give_role(scene.unit, "union", scene.worker)
    for user in (both, member):
        assert waiting(user) == []
        assert "recommender" not in hats(user, application)
    assert "recommender" in hats(scene.union, application)


def test_the_own_person_is_not_recommended_by_oneself(scene):
    programme = make_programme(scene.root, "person")
    opened = open_round(programme, scene.company)
    application = begin(opened, scene.union)
    prove(application, record(scene.team, scene.leader), scene.union)
    hand_in(application, scene.union)
    assert waiting(scene.union) == []
    assert waiting(scene.company) == [application]


def test_the_desk_refuses_the_own_when_it_is_posted(scene, client):
    application = scene.submitted()
    make.give_role(scene.unit, "union", scene.leader)
    client.force_login(scene.leader)
    address = reverse("assessments:application-desk", args=[scene.round.pk, 0, scene.unit.pk])
    page = client.post(address, {"chosen": [application.pk], "reason": "自己推荐自己"})
    assert "已经办过的" in page.content.decode()
    application.refresh_from_db()
    assert (application.level, application.steps.count()) == (0, 2)


def test_a_list_over_the_quota_is_not_sent_up():
    scene = Scene(code="q", name="有名额的", quota={"total": 1})
    first, second = scene.submitted(), scene.submitted(scene.other_leader)
    with pytest.raises(AssessmentError, match="名额 1 个，名单上有 2 个"):
        send(scene, first, second)
    assert {row.level for row in Application.objects.all()} == {0}
    send(scene, first)
    with pytest.raises(AssessmentError, match="名额 1 个"):
        send(scene, second)
    assert second.steps.count() == 2


def test_the_front_line_counts_along(scene):
    programme = make_programme(scene.root, "person", quota={"front_line_percent": 50, "one_for_one": True})
    opened = open_round(programme, scene.company)
    rows = []
    for user in (scene.manager, scene.worker):
        application = begin(opened, user)
        prove(application, record(scene.team, scene.leader, title=f"学规程{user}"), user)
        rows.append(hand_in(application, user))
    manager, worker = rows
    with pytest.raises(AssessmentError, match="一线至少占 50%"):
        send(scene, manager)
    found = tally(desk_of(manager), [manager, worker])
    assert (found.meter.chosen, found.meter.front_line, found.meter.front_line_percent, found.problems) == (
        2,
        1,
        50,
        [],
    )
    send(scene, manager, worker)


def test_who_is_barred_by_now_is_not_sent_up(scene):
    application = scene.submitted()
    facts = {"code": "accident", "text": "重伤一人", "happened_on": timezone.localdate() - 2 * DAY}
    Bar.objects.create(unit=scene.unit, team=scene.team, recorded_by=scene.company, **facts)
    with pytest.raises(AssessmentError, match="一值不能推荐：.*重伤一人"):
        send(scene, application)


def test_two_who_send_at_once_have_one_effect(scene):
    application = scene.submitted()
    desk = desk_of(application)
    stale = Application.objects.select_related("round").get(pk=application.pk)
    send(scene, application)
    with pytest.raises(StaleState):
        recommendations.send_up(desk, [stale], "同意", actor=scene.union)
    assert application.steps.filter(action="pass_up").count() == 1


def test_a_question_comes_back_with_an_answer_and_passes_every_level_anew(scene):
    application = scene.submitted()
    send(scene, application)
    recommendations.turn_down(application, "return", "补上照片", actor=scene.company)
    assert (application.state, application.level) == (State.RETURNED, 1)
    draft = replace(applications.draft_of(application), reply="已补")
    applications.submit(application, draft, application.saved_at, actor=scene.leader)
    assert (application.state, application.level) == (State.SUBMITTED, 0)
    assert application.steps.last().text == "已补"


def test_a_refused_one_leaves_the_quota():
    scene = Scene(code="q", name="有名额的", quota={"total": 1})
    first, second = scene.submitted(), scene.submitted(scene.other_leader)
    send(scene, first)
    recommendations.turn_down(first, "refuse", "材料不实", actor=scene.company)
    send(scene, second)
    assert second.level == 1


def test_a_level_above_counts_all_that_come_to_it(scene):
    first, second = scene.submitted(), scene.submitted(scene.other_leader)
    send(scene, first)
    waiting_there, passed = at_desk(desk_of(second))
    assert (waiting_there, passed) == ([second], [first])
    (desk,) = desks_of(scene.union)
    assert (desk.name, desk.next_name, desk.is_last, desk.unit) == ("基层工会", "公司工会", False, scene.unit)


def test_the_meter_counts_what_is_ticked(scene, client):
    application = scene.submitted()
    client.force_login(scene.union)
    address = reverse("assessments:application-meter", args=[scene.round.pk, 0, scene.unit.pk])
    assert "<dd>0" in client.get(address).content.decode()
    assert "<dd>1" in client.get(address, {"chosen": [application.pk]}).content.decode()
    assert "<dd>0" in client.get(address, {"chosen": ["99999", "甲"]}).content.decode()


def test_the_desk_sends_and_says_so(scene, client):
    application = scene.submitted()
    client.force_login(scene.union)
    address = reverse("assessments:application-desk", args=[scene.round.pk, 0, scene.unit.pk])
    page = client.get(address).content.decode()
    for words in (
        "推荐理由（写给上一级）",
        'data-said="一值" required',
        'data-confirm-complete data-confirm="勾选的：{ticked}。',
    ):
        assert words in page
    page = client.post(address, {"chosen": [application.pk], "reason": "安全生产好"}, follow=True).content.decode()
    assert "已推荐 1 份，送到公司工会" in page
    for body in ({"reason": "好"}, {"chosen": [application.pk]}, {"chosen": ["0"], "reason": "好"}):
        assert client.post(address, body).status_code == 200
    assert AuditEntry.objects.filter(verb="application.passed_up").count() == 1


@pytest.mark.parametrize("level", [2, 99])
def test_a_level_that_the_round_does_not_have_is_not_found(scene, client, level):
    client.force_login(scene.union)
    address = reverse("assessments:application-desk", args=[scene.round.pk, level, scene.unit.pk])
    assert client.get(address).status_code == 404


def test_a_desk_whose_opinion_is_given_in_another_unit_has_nothing(scene, client):
    application = scene.submitted()
    client.force_login(scene.company)
    address = reverse("assessments:application-desk", args=[scene.round.pk, 1, scene.unit.pk])
    body = {"chosen": [application.pk], "reason": "越过一级"}
    assert "已经办过的" in client.post(address, body).content.decode()
    application.refresh_from_db()
    assert application.level == 0


def test_the_list_goes_out_as_a_workbook(scene, client):
    application = scene.submitted()
    client.force_login(scene.union)
    address = reverse("assessments:application-desk-export", args=[scene.round.pk, 0, scene.unit.pk])
    (sheet,) = read_workbook(io.BytesIO(client.post(address).content)).values()
    assert sheet[-1][:4] == [application.number, "运行部", "一值", "是"]
    assert [float(cell) for cell in sheet[-1][4:7]] == [85, 100, 1]
    assert AuditEntry.objects.filter(verb="application.exported", unit=scene.unit).count() == 1
