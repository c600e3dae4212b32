"""Lists of Party building, reserve and elections ask the database no more for more rows; pages in the hands of their people."""

import re
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import BallotPaper, Mechanism
from tests import electing, party_life
from tests import factories as make

pytestmark = pytest.mark.django_db
QUERIES = {
    "party": 14,
    "party-liaisons": 23,
    "party-groups": 19,
    "party-group": 12,
    "party-posts": 19,
    "party-commitments": 14,
    "party-mechanisms": 11,
    "party-mechanism": 11,
    "reserves": 11,
    "elections": 8,
    "election": 14,
    "election-vote": 9,
}


@pytest.fixture(params=[1, 3], ids=["one", "three"])
def plant(request):
    """A unit with that many teams and that many of everything; the chief holds every role that keeps it and leads a team."""
    many, unit = request.param, make.make_unit()
    teams = [make.make_team(unit) for _ in range(many)]
    chief = make.make_member(teams[0], "leader")
    for role in ("party", "manager", "union"):
        make.give_role(unit, role, chief)
    rows = party_life.add_many(teams[0], many, chief)
    return chief, unit, rows


def address(name, unit, rows):
    year = timezone.localdate().year
    arguments = {
        **{page: [unit.pk] for page in ("party-liaisons", "party-groups", "party-posts")},
        **{page: [unit.pk, year] for page in ("party-commitments", "party-mechanisms")},
        "party-group": [rows["party_group"].pk],
        "party-mechanism": [rows["mechanism"].pk],
        **{page: [rows["election"].pk] for page in ("election", "election-vote")},
    }
    return reverse(f"activities:{name}", args=arguments.get(name, []))


def test_pages_ask_no_more_for_more_rows(plant, client, django_assert_num_queries):
    chief, unit, rows = plant
    client.force_login(chief)
    client.get(reverse("home"))  # the first visit notes the time in the session
    for name, queries in QUERIES.items():
        with django_assert_num_queries(queries, info=name):
            assert client.get(address(name, unit, rows)).status_code == 200


def test_a_weak_item_goes_from_the_analysis_into_the_plan_of_the_branch(client):
    unit = make.make_ready_unit(teams=1)
    secretary, manager = make.give_role(unit, "party"), make.give_role(unit, "manager")
    client.force_login(secretary)
    year = timezone.localdate().year
    mechanisms = reverse("activities:party-mechanisms", args=[unit.pk, year])
    shown = client.get(reverse("assessments:analysis", args=["units", unit.pk, make.PERIOD, make.PERIOD]))
    (link,) = [link for link in re.findall(r'href="([^"]+)"', shown.content.decode()) if link.startswith(mechanisms)]
    client.post(mechanisms, {"preset": "weak_items"})
    plan = Mechanism.objects.get()
    page = client.get(link).content.decode()
    further = reverse("activities:party-mechanism", args=[plan.pk]) + "?item="
    assert further in page
    name = unquote(link.partition("item=")[2])
    assert f'value="{name}"' in client.get(further + name).content.decode()
    client.post(reverse("activities:party-mechanism-item", args=[plan.pk]), {"name": name, "aim": "少扣一半"})
    plan.refresh_from_db()
    assert plan.items[-1] == {"name": name, "aim": "少扣一半"}
    client.force_login(manager)
    shown = client.get(reverse("assessments:analysis", args=["units", unit.pk, make.PERIOD, make.PERIOD]))
    assert mechanisms not in shown.content.decode()


def test_a_member_votes_on_the_page_and_the_page_tells_no_more(client):
    town = electing.make_team_to_vote()
    election = electing.voting(town, standing=3)
    address = reverse("activities:election-vote", args=[election.pk])
    one, two, _ = electing.candidates(election)
    client.force_login(town.leader)
    for body, said in (
        ({}, "还没有选人"),
        ({"choices": [one.pk], "blank": "on"}, "选了人又勾了弃权"),
        ({"choices": [one.pk, two.pk]}, "最多选 1 人"),
        ({"choices": ["x"]}, "不是候选人"),
        ({"choices": [987654]}, "不是候选人"),
    ):
        assert said in client.post(address, body).content.decode()
    assert not BallotPaper.objects.exists()
    assert client.post(address, {"choices": [two.pk]}).status_code == 302
    assert BallotPaper.objects.get().choices == [two.pk]
    assert "您已经投过票了" in client.get(address).content.decode()
    assert "您已经投过票了" in client.post(address, {"choices": [one.pk]}).content.decode()


def test_before_the_count_nobody_sees_votes(client):
    town = electing.make_team_to_vote()
    election = electing.voting(town)
    electing.cast(election, town, [0], [0], [1])
    for user in (town.manager, town.union, town.leader):
        client.force_login(user)
        page = client.get(reverse("activities:election", args=[election.pk])).content.decode()
        assert "5 人里 3 人投过" in page
        assert "得票</th>" not in page
        assert "当选" not in page
