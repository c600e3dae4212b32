"""Every state × action × role of an application: what the declared table allows works, all else changes nothing."""

import pytest
from django.db import transaction
from django.urls import reverse

from assessments.honours.transitions import TRANSITIONS, allowed
from assessments.models import Application, ApplicationStep, Round
from teams.models import AuditEntry, Unit
from tests.applying import Scene
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db
State = Application.State
HATS = {
    "leader": {"filer"},
    "worker": set(),
    "union": {"recommender"},
    "company": {"recommender", "secretary"},
    "manager": set(),
    "other_leader": set(),
    "stranger": set(),
}
UP = ("pass_up", "recommend")
OURS = ("submit", "withdraw", "return", "refuse", *UP)
"""Actions that pages about applications take; the others belong to the reviews and the list."""


@pytest.fixture
def scene():
    return Scene()


def set_to(application, **columns):
    Application.objects.filter(pk=application.pk).update(**columns)
    application.refresh_from_db()


def request_of(scene, application, action):
    """(address, body) of the form that takes the action."""
    pk = application.pk
    if action == "submit":
        scores = {"score-0": "35", "score-1": "50", "score-2": "1", "declared": ["0", "1"]}
        seen = {"seen": application.saved_at.isoformat(), "story": application.story, "reply": "已补充"}
        return reverse("assessments:application-edit", args=[pk]), scores | seen | {"do": "submit"}
    if action == "withdraw":
        return reverse("assessments:application-withdraw", args=[pk]), {}
    if action in UP:
        level = UP.index(action)
        unit = (scene.unit, scene.root)[level]
        address = reverse("assessments:application-desk", args=[scene.round.pk, level, unit.pk])
        return address, {"chosen": [str(pk)], "reason": "同意"}
    return reverse("assessments:application-turn", args=[pk, action]), {"reason": "请补充照片"}


def facts(application):
    """What of the application, its history and the trail an action may change."""
    row = Application.objects.values("state", "level", "saved_at").get(pk=application.pk)
    return row, ApplicationStep.objects.count(), AuditEntry.objects.filter(verb__startswith="application.").count()


def outcome(client, scene, application, action, role):
    """(what was before, what is afterwards) of somebody taking the action; all of it is undone."""
    client.force_login(getattr(scene, role))
    address, body = request_of(scene, application, action)
    before = facts(application)
    with transaction.atomic():
        response = client.post(address, body)
        after = facts(application)
        transaction.set_rollback(True)
    assert response.status_code in (200, 302, 403, 404)
    return before, after


def complaint(before, after, may, where, action):
    """What is wrong with an outcome, or None."""
    if not may:
        return None if before == after else f"{where} changed {before} to {after}"
    steps, rows = after[1] - before[1], after[2] - before[2]
    right = (steps, rows, after[0]["state"]) == (1, 1, TRANSITIONS[action].target)
    return None if right else f"{where}: {steps} steps, {rows} rows, {after[0]}"


def wrong(client, scene, application, round_state, roles, actions=OURS):
    for role in roles:
        for action in actions:
            hats = HATS[role] if application.level == 0 or role != "union" else set()
            may = action in OURS and allowed(action, application.state, round_state, hats)
            may = may and action != UP[application.level == 0]
            where = f"{round_state} {application.state} level {application.level}: {action} by {role}"
            before, after = outcome(client, scene, application, action, role)
            yield complaint(before, after, may, where, action)


@pytest.mark.parametrize(
    ("state", "level"), by_turns([(state, level) for state in State.values for level in (0, 1)], 3)
)
def test_every_action_of_every_role(scene, client, state, level):
    application = scene.submitted()
    set_to(application, state=state, level=level)
    assert [found for found in wrong(client, scene, application, "open", HATS) if found] == []


@pytest.mark.parametrize("round_state", [state for state in Round.State.values if state != "open"])
def test_while_the_round_is_not_open_nothing_moves(scene, client, round_state):
    application = scene.submitted()
    named = {"named_on": scene.round.opens_on, "document": "1号", "reason": "停办"}
    Round.objects.filter(pk=scene.round.pk).update(state=round_state, **named)
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED, State.RECOMMENDED):
        set_to(application, state=state)
        assert [found for found in wrong(client, scene, application, round_state, ["leader", "union"]) if found] == []


def test_the_actions_of_the_secretary_are_not_taken_here(scene, client):
    application = scene.submitted()
    others = [action for action in TRANSITIONS if action not in OURS]
    for state in State.values:
        set_to(application, state=state)
        assert [found for found in wrong(client, scene, application, "open", ["company"], others) if found] == []


def test_control_a_step_without_its_row_is_found(scene, client, monkeypatch):
    application = scene.submitted()
    monkeypatch.setattr("assessments.services.applications.step", lambda *args, **kwargs: None)
    assert [found for found in wrong(client, scene, application, "open", ["leader"], ["withdraw"]) if found]


def test_everybody_of_the_table_is_somebody_of_the_scene(scene):
    assert all(hasattr(scene, role) for role in HATS)
    assert Unit.objects.get(pk=scene.unit.pk).parent == scene.root
