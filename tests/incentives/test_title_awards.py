"""From a title to money: offered to whoever proposes awards, once, to who bears it, shown on its page."""

import pytest
from django.urls import reverse

from assessments.honours import title_rewards as rewards
from assessments.models import Programme
from incentives.models import SpecialAward
from incentives.services import awards
from teams import periods
from tests import factories as make
from tests import titles as make_titles
from tests.titles import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    found = Scene()
    found.finance = make.give_role(found.unit, "finance")
    return found


def propose(client, who, team, honour, **more):
    """Open the form as the title offers it, and send it."""
    client.force_login(who)
    address = reverse("incentives:award-propose", args=[team.pk])
    form = client.get(address, {"title": honour.pk}).context["form"]
    body = {name: form[name].value() or "" for name in ("kind", "user", "reason", "title", "key", "amount")}
    return client.post(address, body | {"period": periods.current_period()} | more)


def test_the_reward_of_a_team_goes_to_its_fund_once(client, scene):
    Programme.objects.update(reward=200_000)
    title = scene.title()
    ((label, address),) = rewards.ways_for(scene.finance, title)
    assert label == "提专项奖励"
    assert address.endswith(f"?title={title.pk}")
    assert propose(client, scene.finance, scene.team, title).status_code == 302
    award = SpecialAward.objects.get()
    assert (award.kind, award.user, award.amount, award.source) == ("programme", None, 200_000, f"title:{title.pk}")
    assert "工发〔2026〕9号" in award.reason
    assert rewards.ways_for(scene.finance, title) == []
    again = propose(client, scene.union, scene.team, title)
    assert "已经报过奖励" in again.content.decode()


def test_the_page_of_the_title_shows_it(client, scene):
    title = scene.title()
    propose(client, scene.finance, scene.team, title, amount="2000")
    awards.approve(SpecialAward.objects.get(), actor=scene.manager)
    client.force_login(scene.worker)
    assert "一值 2,000.00 元，已入账" in client.get(reverse("assessments:title", args=[title.pk])).content.decode()
    assert list(rewards.given_for(scene.other_leader, title)) == [("专项奖励，已入账", None)]


def test_the_reward_of_a_person_goes_to_that_person(client, scene):
    title = make_titles.of_person(scene)
    said = propose(client, scene.finance, scene.team, title, amount="500", user=scene.leader.pk)
    assert f"请选择{scene.worker.name}" in said.content.decode()
    assert propose(client, scene.finance, scene.team, title, amount="500").status_code == 302
    assert SpecialAward.objects.get().user == scene.worker


def test_offered_to_nobody_else_and_only_while_it_is_valid(client, scene):
    title = scene.title()
    assert rewards.ways_for(scene.leader, title) == rewards.ways_for(scene.worker, title) == []
    ended = scene.put(title, "revoked")
    assert rewards.ways_for(scene.finance, ended) == []
    said = propose(
        client, scene.finance, scene.team, ended, amount="500", title=ended.pk, kind="programme", reason="奖"
    )
    assert "现在不是有效的" in said.content.decode()


def test_a_title_of_another_team_is_not_rewarded_here(client, scene):
    title = scene.title()
    facts = {"amount": "500", "title": title.pk, "kind": "programme", "reason": "奖"}
    said = propose(client, scene.finance, scene.other_team, title, **facts)
    assert "不是这个班组的" in said.content.decode()
    assert not SpecialAward.objects.exists()
