"""Applications that their round does not wait for, those that came back with a question, and what autosave says of a refusal."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.errors import StaleState
from assessments.honours.application_ends import TOLD_FOR
from assessments.honours.application_lacks import Draft
from assessments.honours.application_lists import waiting_for
from assessments.models import Application, Round
from assessments.services import applications, recommendations, rounds
from teams.models import AuditEntry
from tests.applying import DAY, Scene, desk_of, prove, record

pytestmark = pytest.mark.django_db
State = Application.State
ENDED = {
    State.DRAFT: "本批已转入评审，这份没有提交，不再参加。",
    State.RETURNED: "本批已转入评审，这份退回以后没有再提交，不再参加。",
    State.SUBMITTED: "本批已转入评审，这份还没有推荐上来，不再参加。",
}
BY_ITSELF = {"HX-Request": "true"}


@pytest.fixture
def scene():
    return Scene()


def address(application, name="application-edit"):
    return reverse(f"assessments:{name}", args=[application.pk])


def shown(client, application, name="application"):
    return client.get(address(application, name), follow=True).content.decode()


def returned(scene):
    application = scene.submitted()
    recommendations.turn_down(application, "return", "补上照片", actor=scene.union)
    return application


def typed(application, **changes):
    facts = {"seen": application.saved_at.isoformat(), "story": "又写了一段。", "score-0": "35"}
    return facts | changes


def in_state(scene, state):
    return {State.DRAFT: scene.draft, State.RETURNED: lambda: returned(scene), State.SUBMITTED: scene.submitted}[
        state
    ]()


# -- The round goes on without it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ENDED)
def test_what_did_not_come_to_the_review_says_so(scene, client, state):
    application = in_state(scene, state)
    client.force_login(scene.leader)
    assert ENDED[state] not in shown(client, application)
    rounds.begin_review(scene.round, actor=scene.company, early=True)
    assert ENDED[state] in shown(client, application)
    assert "补上照片" not in shown(client, application).split("经过和各级意见")[0]


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_it_is_written_no_longer(scene, client, state):
    application = in_state(scene, state)
    rounds.begin_review(scene.round, actor=scene.company, early=True)
    client.force_login(scene.leader)
    answer = client.get(address(application), follow=True)
    assert answer.redirect_chain[0][0] == address(application, "application")
    assert answer.content.decode().count(ENDED[state]) == 1
    saved = client.post(address(application), typed(application), headers=BY_ITSELF).content.decode()
    assert f"没有保存：{ENDED[state]}" in saved
    assert "又写了一段" not in Application.objects.get().story
    application.refresh_from_db()
    with pytest.raises(StaleState, match="本批已转入评审"):
        applications.save(application, Draft(story="改"), application.saved_at, actor=scene.leader)
    with pytest.raises(StaleState, match="本批已转入评审"):
        prove(application, record(scene.team, scene.leader), scene.leader)


def test_after_the_last_day_a_draft_waits_for_the_round_to_be_put_off(scene, client):
    application, yesterday = scene.draft(), timezone.localdate() - DAY
    Round.objects.filter(pk=scene.round.pk).update(opens_on=yesterday, apply_until=yesterday)
    client.force_login(scene.leader)
    page = shown(client, application)
    assert "要补报请找主办单位延期" in page
    assert "接着写" not in page.split("<h1")[1].split("<dl")[0]
    assert [line[0] for line in waiting_for(scene.leader)] == ["没有参评的申报"]
    Round.objects.filter(pk=scene.round.pk).update(apply_until=timezone.localdate() + DAY)
    assert "接着写</a>" in shown(client, application)
    assert [line[0] for line in waiting_for(scene.leader)] == ["申报还没提交"]


def test_what_was_returned_may_still_be_handed_in_after_the_last_day(scene, client):
    application, yesterday = returned(scene), timezone.localdate() - DAY
    Round.objects.filter(pk=scene.round.pk).update(opens_on=yesterday, apply_until=yesterday)
    client.force_login(scene.leader)
    assert "application-form" in shown(client, application, "application-edit")


def test_a_round_that_is_called_off_says_so(scene, client):
    application = scene.draft()
    rounds.cancel(scene.round, "并到年底一起评", actor=scene.company)
    client.force_login(scene.leader)
    assert "本批评选已经取消" in shown(client, application)
    assert [line[0] for line in waiting_for(scene.leader)] == ["没有参评的申报"]


@pytest.mark.parametrize("state", ENDED)
def test_its_people_are_told_for_two_weeks(scene, state, monkeypatch):
    in_state(scene, state)
    rounds.begin_review(scene.round, actor=scene.company, early=True)
    (line,) = waiting_for(scene.leader)
    assert (line[0], ENDED[state] in line[1]) == ("没有参评的申报", True)
    for other in (scene.worker, scene.other_leader, scene.union):
        assert list(waiting_for(other)) == []
    left = AuditEntry.objects.get(verb="round.reviewing").at
    for days, lines in ((TOLD_FOR, 1), (TOLD_FOR + DAY, 0)):
        monkeypatch.setattr(timezone, "now", lambda days=days: left + days)
        assert len(list(waiting_for(scene.leader))) == lines


def test_control_what_came_to_the_review_is_not_called_left_behind(scene, client):
    application = scene.sent_up(scene.submitted())
    recommendations.send_up(desk_of(application), [application], "同意", actor=scene.company)
    rounds.begin_review(scene.round, actor=scene.company, early=True)
    client.force_login(scene.leader)
    assert "不再参加" not in shown(client, application)
    assert list(waiting_for(scene.leader)) == []


# -- Returned with a question ------------------------------------------------------------------------------------------


def test_the_question_stands_on_its_page_with_the_way_to_answer(scene, client):
    application = returned(scene)
    client.force_login(scene.leader)
    top = shown(client, application).split("<dl")[0]
    assert "补上照片" in top
    assert f"{address(application)}#reply" in top
    client.force_login(scene.union)
    top = shown(client, application).split("<dl")[0]
    assert "补上照片" in top
    assert "去补充" not in top


def test_the_reply_is_listed_as_missing_and_kept_by_itself(scene, client):
    application = returned(scene)
    client.force_login(scene.leader)
    lack = '<a href="#reply">还没有写对退回意见的答复</a>'
    assert lack in shown(client, application, "application-edit")
    saved = client.post(address(application), typed(application, reply="照片已补"), headers=BY_ITSELF)
    assert lack not in saved.content.decode()
    assert 'value="照片已补"' in shown(client, application, "application-edit")
    for user in (scene.union, scene.company, scene.manager):
        client.force_login(user)
        assert "照片已补" not in shown(client, application)


def test_a_first_draft_is_asked_for_no_reply(scene, client):
    application = scene.draft()
    client.force_login(scene.leader)
    assert "答复" not in shown(client, application, "application-edit")
    client.post(address(application), typed(application, reply="没人问"))
    assert Application.objects.get().reply == ""


# -- What is refused while the page saves itself -----------------------------------------------------------------------


def test_a_refusal_stands_in_the_bar_and_nothing_is_called_complete(scene, client):
    application = scene.proven()
    client.force_login(scene.leader)
    whole = {"story": "全年无违章。", "score-0": "35", "score-1": "50", "score-2": "1", "declared": ["0", "1"]}
    kept = client.post(address(application), typed(application, **whole), headers=BY_ITSELF).content.decode()
    assert kept.count("都齐了，可以提交") == 2
    application.refresh_from_db()
    wrong = client.post(address(application), typed(application, **whole | {"score-0": "41"})).content.decode()
    bar = wrong.split('id="saving-note"')[1].split("</a>")[0]
    assert "没有保存：“安全文明生产好”要在 0 到 40 分之间" in bar
    assert "都齐了" not in wrong
    assert 'aria-invalid="true" aria-describedby="id_score-0-error"' in wrong
