"""The page of an objection shows where the figure comes from, one first button in each state, and no button for whoever has none."""

import re

import pytest
from django.urls import reverse

from bulletins.models import Bulletin, Objection
from bulletins.objections.access import lines_for
from bulletins.objections.cells import FACTS
from bulletins.objections.sources import sources_of
from bulletins.services import objections
from incentives.models import Distribution
from incentives.services.publishing import publish_month
from teams.models import User
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A posted month with an objection of a worker to the own hours on the bonus board."""
    found = make.make_closed_team()
    found.leader, found.worker, found.other = found.members
    found.manager, found.union = make.give_role(found.unit, "manager"), make.give_role(found.unit, "union")
    make.post_bonus(found.team)
    publish_month(found.team, PERIOD, actor=None)
    found.board = Bulletin.objects.get(team=found.team, kind="bonus")
    found.line = Distribution.objects.get().lines.get(user=found.worker)
    return found


def filed(scene, own=True):
    lines = lines_for(scene.worker, scene.board)
    line = lines[0] if own else next(line for line in lines if line.key == FACTS)
    words = {"wanted": "多 8", "reason": "少算", "evidence": []}
    return objections.file(scene.board, line.cells[-1], **words, actor=scene.worker)


def seen(scene, who, row):
    return sources_of(User.objects.get(pk=getattr(scene, who).pk), Objection.objects.get(pk=row.pk))


def test_the_decider_is_led_to_the_line_the_score_and_the_attendance(scene, client):
    row = filed(scene)
    explain = reverse("incentives:explain", args=[scene.line.pk])
    score, attendance = (
        reverse(name, args=[scene.team.pk, PERIOD]) for name in ("assessments:score", "teams:attendance")
    )
    wanted = [("这个数怎么来的", explain), ("班组得分", score), ("考勤", attendance)]
    assert seen(scene, "manager", row) == wanted
    client.force_login(scene.manager)
    page = client.get(reverse("bulletins:objection", args=[row.pk])).text
    for _, address in wanted:
        assert address in page
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["worker", "other", "union", "leader"])
@pytest.mark.parametrize("own", [True, False])
def test_every_link_opens_for_whoever_sees_it(scene, client, who, own):
    row = filed(scene, own)
    client.force_login(getattr(scene, who))
    found = seen(scene, who, row)
    assert [client.get(address).status_code for _, address in found] == [200] * len(found)
    explain = reverse("incentives:explain", args=[scene.line.pk])
    assert (explain in dict(map(reversed, found))) == (own and who in ("worker", "union", "leader"))


def primary(client, row):
    page = client.get(reverse("bulletins:objection", args=[row.pk])).text
    page = page[page.index("<main") :]
    return len(re.findall(r'class="btn btn-primary', page)), "由" in page and "的负责人或工会干事" in page


def test_each_state_has_one_first_button_and_a_sentence_only_without_any(scene, client):
    row = filed(scene)
    steps = [lambda: objections.accept(row, actor=scene.manager)]
    steps += [lambda: objections.uphold(row, "确实少算", actor=scene.manager), None]
    for step in steps:
        client.force_login(scene.manager)
        assert primary(client, row) == (1, False)
        client.force_login(scene.worker)
        assert primary(client, row) == (0, True)
        if step:
            step()


def test_the_dialog_comes_only_for_a_complete_form(scene, client):
    row = filed(scene)
    objections.accept(row, actor=scene.manager)
    client.force_login(scene.manager)
    page = client.get(reverse("bulletins:objection", args=[row.pk])).text
    form = page[page.index(reverse("bulletins:objection-answer", args=[row.pk])) :]
    assert "data-confirm-complete" in form[: form.index(">")]
    assert re.search(r'<textarea[^>]*name="answer"[^>]*required', form)
    assert re.search(r'<input[^>]*type="radio"[^>]*required', form)
