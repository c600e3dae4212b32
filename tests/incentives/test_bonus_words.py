"""What the pages of a bonus say: both sums when it is approved, the reserve of a rule, the own row first, what has to be filled in."""

import re

import pytest
from django.urls import reverse

from bulletins.models import Bulletin
from bulletins.services import publish
from bulletins.tables import Board, Column, Row
from incentives.models import BonusRuleVersion
from incentives.services import clauses
from teams.triggers import without_triggers
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    found = make.make_closed_team()
    found.manager = make.give_role(found.unit, "manager")
    return found


def reserving(percent):
    """The rule in force sets so much of every pool aside; its version is a draft again for that."""
    version = BonusRuleVersion.objects.get()
    with without_triggers():
        BonusRuleVersion.objects.update(definition=version.definition | {"reserve": percent})


def test_approving_names_what_is_shared_and_what_is_kept_back(closed, client):
    client.force_login(closed.manager)
    make.propose_bonus(closed.team, amount=1_000_000)
    address = reverse("incentives:distribution", args=[closed.team.pk, PERIOD])
    page = client.get(address).text
    assert "的分配定下来，不能再改：3 人分 10,000.00 元。" in page


def test_approving_a_bonus_with_a_reserve_names_both(closed, client):
    reserving(500)
    client.force_login(closed.manager)
    make.propose_bonus(closed.team, amount=1_000_000)
    page = client.get(reverse("incentives:distribution", args=[closed.team.pk, PERIOD])).text
    assert "3 人分 9,500.00 元，留存 500.00 元，总额 10,000.00 元。" in page
    assert "先留 5%" in client.get(reverse("incentives:rules")).text


def test_the_own_row_stands_first_where_the_members_sign(closed, client):
    make.propose_bonus(closed.team)
    for member in closed.members:
        client.force_login(member)
        board = client.get(reverse("incentives:sign", args=[closed.team.pk, PERIOD])).context["board"]
        assert [row["own"] for row in board["rows"]] == [True, False, False]


def test_a_total_has_no_empty_cells_with_headings(client):
    team = make.make_team()
    columns = [Column("name", "姓名", numeric=False), Column("days", "出勤"), Column("amount", "应得")]
    rows = [Row(make.make_member(team).pk, {"name": "甲", "days": "20", "amount": "1.00"})]
    board = Board("bonus", "奖金表", [], columns, rows, total={"name": "合计", "amount": "1.00"})
    bulletin = publish(board, team=team, period=PERIOD, actor=None)
    client.force_login(make.make_member(team))
    page = client.get(reverse("bulletins:board", args=[bulletin.serial])).text
    foot = page[page.index("<tfoot>") : page.index("</tfoot>")]
    assert ("出勤" in foot, "<td></td>" in foot, 'data-label="应得"' in foot) == (False, True, True)


def test_what_has_to_be_filled_in_is_starred(closed, client):
    facts = {"code": "J1", "name": "奖", "kind": "award", "least": 1, "most": 100, "note": ""}
    clauses.add(closed.unit, actor=closed.manager, **facts)
    client.force_login(closed.manager)
    page = client.get(reverse("incentives:adjustments", args=[closed.team.pk, PERIOD])).text
    starred = re.findall(r'<label for="id_[^"]*">([^<]*)<span class="asteriskField">', page)
    assert starred == ["人员", "条款", "事由"]


def test_the_panel_names_what_it_holds(closed, client):
    make.propose_bonus(closed.team)
    publish(Board("expenses", "费用表", [], [], []), team=closed.team, period=PERIOD, actor=None)
    client.force_login(closed.manager)
    page = client.get(reverse("incentives:distribution", args=[closed.team.pk, PERIOD])).text
    assert ("这个月已张的榜" in page, "已张榜" in page) == (True, False)
    assert Bulletin.objects.count() == 1


def test_the_tab_of_objections_to_honours_has_the_name_of_its_page(closed, client):
    client.force_login(make.give_role(closed.unit, "union"))
    page = client.get(reverse("assessments:challenges")).text
    assert re.search(r'aria-current="page"[^>]*>\s*公示异议|>公示异议</a>', page)
