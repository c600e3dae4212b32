"""Every state of a round × deed about its list × role: what is declared works with one row in the trail, all else changes nothing."""

import pytest
from django.db import transaction
from django.urls import reverse

from assessments.models import Application, ApplicationStep, Challenge, Round
from assessments.services import challenges, name_lists
from bulletins.models import Bulletin
from teams.models import AuditEntry
from tests import factories as make
from tests.name_lists import ListScene
from tests.sampling import by_turns

pytestmark = pytest.mark.django_db
State = Round.State
DEEDS = {
    "shortlist": {State.REVIEWING},
    "reconsider": {State.REVIEWING},
    "fix": {State.REVIEWING},
    "reopen": {State.SHORTLISTED},
    "post": {State.SHORTLISTED},
    "strike_off": {State.SHORTLISTED, State.POSTED},
    "step_in": {State.SHORTLISTED},
    "upheld": {State.POSTED},
    "dismissed": {State.POSTED},
    "challenge": {State.POSTED},
}
"""In which states of the round a deed is open to whom it is for: all but the last to those who run the round."""
ROLES = ("company", "inside", "union", "manager", "leader", "worker", "applicant", "stranger")


def scene_at(state):
    """A round in this state, with everybody of ROLES; `found` is a challenge where the list hangs."""
    scene = ListScene()
    scene.inside = make.give_role(scene.root, "union", make.make_member(scene.a.team))
    scene.applicant = scene.a.filed_by
    scene.found = None
    if state in (State.REVIEWING, State.SHORTLISTED, State.POSTED, State.NAMED):
        for action, name in (("shortlist", "a"), ("reserve", "b"), ("pass_over", "c")):
            scene.decide(action, name, "分数靠后")
    if state in (State.SHORTLISTED, State.POSTED, State.NAMED):
        name_lists.fix(scene.round, actor=scene.company)
    if state in (State.POSTED, State.NAMED):
        name_lists.post(scene.round, actor=scene.company)
        scene.found = challenges.file(scene.fresh("a"), "有事故", actor=make.make_member(scene.other_team))
    if state in (State.DRAFT, State.OPEN, State.NAMED, State.CANCELLED):
        facts = {"document": "1号", "named_on": scene.round.opens_on, "reason": "停办"}
        Round.objects.filter(pk=scene.round.pk).update(state=state, **facts)
    scene.round.refresh_from_db()
    return scene


def request_of(scene, deed):
    """(address, body) of the form of a deed, or None where there is nothing to do it to."""
    here = [scene.round.pk]
    if deed in ("upheld", "dismissed"):
        pk = scene.found.pk if scene.found else 0
        return reverse("assessments:challenge-answer", args=[pk]), {"verdict": deed, "answer": "查过了"}
    if deed == "challenge":
        return reverse("assessments:challenge-new", args=[scene.a.pk]), {"text": "有事故", "sealed": "real"}
    if deed in ("shortlist", "reconsider"):
        name = "b" if deed == "shortlist" else "c"
        body = {"do": deed, "chosen": [scene.rows[name].pk], "reason": "再议"}
        return reverse("assessments:name-list", args=here), body
    body = {"strike_off": {"application": scene.a.pk}, "step_in": {"application": scene.b.pk}}.get(deed, {})
    return reverse(f"assessments:name-list-{deed.replace('_', '-')}", args=here), body | {"reason": "再议"}


def facts():
    """All that a deed may change."""
    rows = [
        list(model.objects.order_by("id").values_list("state", flat=True)) for model in (Round, Application, Challenge)
    ]
    return rows, ApplicationStep.objects.count(), Bulletin.objects.count(), AuditEntry.objects.count()


def outcome(client, scene, deed, role):
    """(what was before, what is afterwards); all of it is undone."""
    client.force_login(getattr(scene, role))
    address, body = request_of(scene, deed)
    before = facts()
    with transaction.atomic():
        response = client.post(address, body)
        after = facts()
        transaction.set_rollback(True)
    assert response.status_code in (200, 302, 403, 404), (deed, role)
    return before, after


def may(deed, state, role):
    """Whoever runs the round decides, but not on what is of the own team; whoever reaches it doubts a posted name."""
    own = role == "inside" and deed in ("strike_off", "upheld", "dismissed")
    return state in DEEDS[deed] and (deed == "challenge" or role in ("company", "inside")) and not own


def wrong(client, scene, state, roles=ROLES):
    for role in roles:
        for deed in DEEDS:
            before, after = outcome(client, scene, deed, role)
            right = after[3] == before[3] + 1 and after != before if may(deed, state, role) else after == before
            if not right:
                yield f"{state}: {deed} by {role}: {before} to {after}"


@pytest.mark.parametrize("state", by_turns(State.values, 2))
def test_every_deed_of_every_role(client, state):
    assert list(wrong(client, scene_at(state), state)) == []


def test_control_a_deed_without_its_row_is_found(client, monkeypatch):
    monkeypatch.setattr(name_lists, "_note", lambda *args, **kwargs: None)
    assert list(wrong(client, scene_at(State.SHORTLISTED), State.SHORTLISTED, ["company"]))
