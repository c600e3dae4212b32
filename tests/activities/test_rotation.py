"""Whose turn it is to host: who never did, then who did longest ago; and who has not yet spoken this year."""

import datetime

import pytest
from django.urls import reverse

from activities import rotation
from activities.models import Participant
from activities.services import activities
from tests import factories as make
from tests.recording import write
from tests.team_life import make_kind

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 9)
SPEAKERS = [{"key": "speakers", "label": "主讲人", "type": "people"}]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def plant():
    """A unit with three teams, each with leader and worker, and a kind that they host in turn."""
    unit = make.make_unit("运行部", make.make_unit("本厂"))
    teams = [make.make_team(unit, name) for name in ("一值", "二值", "三值")]
    for team in teams:
        team.leader, team.worker = make.make_member(team, "leader"), make.make_member(team)
    return make_kind(unit.parent, name="季度专题分享", fields=SPEAKERS, cadence="quarterly"), unit, teams


def host(kind, team, days_ago, **content):
    return write(kind, team, actor=team.leader, date=TODAY - datetime.timedelta(days=days_ago), **content)


def order(kind, unit):
    return [turn.team.name for turn in rotation.turns(kind, unit)]


def test_who_never_hosted_comes_first_then_who_did_longest_ago(plant):
    kind, unit, (one, two, _three) = plant
    host(kind, one, 60)
    host(kind, two, 80)
    assert order(kind, unit) == ["三值", "二值", "一值"]
    host(kind, two, 1)
    assert [(turn.team.name, turn.times) for turn in rotation.turns(kind, unit)] == [
        ("三值", 0),
        ("一值", 1),
        ("二值", 2),
    ]


def test_drafts_voided_records_and_other_kinds_are_no_turn(plant):
    kind, unit, (one, two, three) = plant
    host(make_kind(unit), one, 5)
    host(kind, two, 5, as_draft=True)
    activities.void(host(kind, three, 5), "没有办", actor=three.leader)
    assert {turn.last for turn in rotation.turns(kind, unit)} == {None}


def test_speakers_are_those_of_the_field_and_those_who_took_that_part(plant):
    kind, unit, (one, two, _) = plant
    first = host(kind, one, 3, values={"speakers": [one.worker.pk]})
    second = host(kind, one, 2)
    Participant.objects.create(activity=second, user=one.leader, part=Participant.Part.SPEAKER)
    Participant.objects.create(activity=second, user=two.leader, part=Participant.Part.MEMBER)
    found = {row.pk: row.speakers for row in rotation.latest(one.leader, kind, unit)}
    assert found == {first.pk: [one.worker.name], second.pk: [one.leader.name]}
    (own,) = rotation.silent(one.leader, kind, unit, 2026)
    assert (own.team, own.people, own.spoken, own.members) == (one, [], 2, 2)
    (own,) = rotation.silent(one.leader, kind, unit, 2027)
    assert own.people == [one.leader, one.worker]


def test_only_the_own_team_is_named_to_a_member_and_all_of_them_to_the_manager(plant):
    kind, unit, (one, *_) = plant
    assert [row.team for row in rotation.silent(one.worker, kind, unit, 2026)] == [one]
    manager = make.give_role(unit, "manager")
    assert len(rotation.silent(manager, kind, unit, 2026)) == 3


def test_the_page_names_the_next_host_and_another_unit_can_be_chosen(client, plant):
    kind, unit, (one, *_) = plant
    host(kind, one, 3)
    client.force_login(make.give_role(unit.parent, "manager"))
    address = f"/activities/kinds/{kind.pk}/rotation/"
    page = client.get(f"{address}?unit={unit.pk}")
    assert page.context["turns"][0].team.name == "二值"
    assert "季度专题分享：轮到谁坐庄" in page.content.decode()
    for wrong in ("0", "x", "9" * 30):
        assert client.get(f"{address}?unit={wrong}").status_code == 404


def test_there_is_no_turn_of_confidential_kinds_nor_for_strangers(client, plant):
    kind, unit, (one, *_) = plant
    secret, of_unit = make_kind(unit, privacy="confidential"), make_kind(unit, subject="unit")
    client.force_login(one.leader)
    for hidden in (secret, of_unit):
        assert client.get(f"/activities/kinds/{hidden.pk}/rotation/").status_code == 404
    client.force_login(make.make_member(make.make_team(make.make_unit("别厂"))))
    assert client.get(f"/activities/kinds/{kind.pk}/rotation/").status_code == 404


def test_only_a_kind_that_names_its_host_leads_to_the_turns(client, plant):
    _, unit, (one, *_) = plant
    texts = {"next_host": "下季的班组", "f1": "下次坐庄的班组", "f2": "收获"}
    client.force_login(one.leader)
    for key, led in (("next_host", True), ("f1", True), ("f2", False)):
        kind = make_kind(unit, name=key, fields=[{"key": key, "label": texts[key], "type": "text"}])
        page = client.get(reverse("activities:kind", args=[kind.pk])).content.decode()
        assert (reverse("activities:rotation", args=[kind.pk]) in page) is led
