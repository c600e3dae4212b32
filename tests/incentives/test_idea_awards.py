"""From a verified idea to money: offered to whoever proposes awards, once for each author, shown on the idea."""

import pytest
from django.urls import reverse

from activities.ideas import rewards
from incentives.models import SpecialAward
from incentives.services import awards
from teams import periods
from tests import factories as make
from tests.ideas import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    found = Scene()
    found.idea = found.verified()
    found.finance = make.give_role(found.unit, "finance")
    return found


def propose(client, who, scene, author, **more):
    """Open the form as the idea offers it, and send it."""
    client.force_login(who)
    address = reverse("incentives:award-propose", args=[scene.team.pk])
    form = client.get(address, {"idea": scene.idea.pk, "user": author.pk}).context["form"]
    body = {name: form[name].value() or "" for name in ("kind", "user", "reason", "idea", "key")}
    return client.post(address, body | {"amount": "500", "period": periods.current_period()} | more)


def test_offered_for_each_author_to_whoever_proposes_awards(scene):
    labels = [label for label, _ in rewards.ways_for(scene.reviewer, scene.idea)]
    assert labels == [f"给{user.name}提专项奖励" for user in (scene.author, scene.mate)]
    assert rewards.ways_for(scene.author, scene.idea) == rewards.ways_for(scene.stranger, scene.idea) == []
    assert rewards.ways_for(scene.reviewer, scene.carried_out()) == []


def test_an_author_is_rewarded_once(client, scene):
    assert propose(client, scene.reviewer, scene, scene.author).status_code == 302
    award = SpecialAward.objects.get()
    assert (award.kind, award.user, award.source) == (
        "suggestion",
        scene.author,
        f"suggestion:{scene.idea.pk}:{scene.author.pk}",
    )
    assert scene.idea.number in award.reason
    again = propose(client, scene.finance, scene, scene.author)
    assert "已经报过奖励" in again.content.decode()
    assert [label for label, _ in rewards.ways_for(scene.finance, scene.idea)] == [f"给{scene.mate.name}提专项奖励"]
    assert propose(client, scene.finance, scene, scene.mate).status_code == 302


def test_the_idea_shows_its_rewards(client, scene):
    propose(client, scene.reviewer, scene, scene.author)
    awards.approve(SpecialAward.objects.get(), actor=scene.finance)
    client.force_login(scene.author)
    text = client.get(reverse("activities:idea", args=[scene.idea.pk])).content.decode()
    assert f"{scene.author.name} 500.00 元，已入账" in text
    ((words, address),) = rewards.given_for(scene.neighbour, scene.idea)
    assert (words, address) == (f"{scene.author.name}，已入账", None)


def test_nobody_but_an_author_and_no_idea_in_work_is_rewarded(client, scene):
    assert "请选择" in propose(client, scene.reviewer, scene, scene.author, user=scene.owner.pk).content.decode()
    for idea in (scene.carried_out().pk, 10**6, "x"):
        text = propose(client, scene.reviewer, scene, scene.author, idea=idea).content.decode()
        assert "还没有验证" in text
    assert not SpecialAward.objects.exists()


def test_without_an_idea_an_award_is_proposed_as_before(client, scene):
    assert propose(client, scene.reviewer, scene, scene.author, idea="").status_code == 302
    assert SpecialAward.objects.get().source == ""
