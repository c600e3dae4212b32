"""The pages of knowledge ask the database the same few questions for one row and for five of everything."""

import pytest
from django.urls import reverse

from activities.knowledge import library
from activities.models import KnowledgeVersion
from activities.services import knowledge, knowledge_use
from tests import factories as make
from tests.activities.knowledge import Kind, make_plant, publish, revise, write

pytestmark = pytest.mark.django_db
QUERIES = {
    "knowledge": 21,
    "knowledge-version": 20,
    "knowledge-compare": 14,
    "knowledge-readers": 10,
    "knowledge-cards": 8,
    "knowledge-print": 8,
    "knowledge-card": 9,
}


@pytest.fixture(params=[1, 5], ids=["one", "five"])
def plant(request):
    """A plant with that many published cards of that many versions, each tried by that many teams, and as many drafts."""
    plant = make_plant()
    card = {"kind": Kind.EMERGENCY_CARD, "steps": ["停机", "断电", "清堵"], "tags": ["锅炉"], "must_read": True}
    for number in range(request.param):
        version = publish(plant, title=f"卡片{number}", **card)
        for _ in range(request.param):
            team = make.make_team(plant.other_unit)
            knowledge_use.adopt(version, team, actor=make.make_member(team, "leader"))
            version = revise(version, plant.leader, **{name: card[name] for name in ("steps", "tags", "must_read")})
        knowledge_use.sign(version, actor=make.make_member(plant.team))
        knowledge.submit(write(plant, title="还没审"), actor=plant.writer)
        write(plant, title="还在写")
    return plant


def test_pages_ask_no_more_for_more_rows(plant, client, django_assert_num_queries):
    client.force_login(plant.leader)
    client.get(reverse("home"))
    version = KnowledgeVersion.objects.filter(state="published").latest("id")
    arguments = {"knowledge-compare": [version.item_id], "knowledge": [], "knowledge-cards": [], "knowledge-print": []}
    cards = list(library.cards(plant.leader).values_list("pk", flat=True))
    for name, queries in QUERIES.items():
        query = {"card": cards} if name == "knowledge-print" else {}
        address = reverse(f"activities:{name}", args=arguments.get(name, [version.pk]))
        with django_assert_num_queries(queries, info=name):
            assert client.get(address, query).status_code == 200
