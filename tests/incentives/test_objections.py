"""Correcting by objection: an award of an open month puts a bonus right, a reversal an expense; linked and noted on the board."""

import pytest
from django.urls import reverse

from bulletins.models import Bulletin, CorrectionNote, Objection
from bulletins.objections.access import lines_for
from bulletins.objections.corrections import ways_for
from bulletins.services import objections, publish
from bulletins.tables import Board, Column, Fact, Row
from incentives.correcting import entries_for
from incentives.services import adjustments, clauses, expenses
from incentives.services.publishing import publish_month
from teams import periods
from teams.models import AuditEntry, User
from tests import factories as make
from tests.factories import PERIOD
from tests.spending import grant, make_spenders, propose_expense

pytestmark = pytest.mark.django_db


class Scene:
    """A board of money on the wall and an upheld objection of a member; `entry` makes what corrects it."""

    def __init__(self, bulletin, filer, **people):
        self.bulletin, self.people = bulletin, {"filer": filer, **people}
        cell = lines_for(filer, bulletin)[0].cells[0]
        row = objections.file(bulletin, cell, wanted="", reason="少算了", evidence=[], actor=filer)
        objections.accept(row, actor=people["manager"])
        objections.uphold(row, "确实少算", actor=people["manager"])
        self.objection = Objection.objects.get(pk=row.pk)

    def user(self, who):
        return User.objects.get(pk=self.people[who].pk)

    @property
    def page(self):
        return reverse("incentives:objection-correct", args=[self.objection.pk])


def bonus_scene():
    closed = make.make_closed_team()
    make.post_bonus(closed.team)
    publish_month(closed.team, PERIOD, actor=None)
    people = {role: make.give_role(closed.unit, role) for role in ("manager", "finance", "union")}
    people |= {"other": make.give_role(closed.unit, "manager"), "leader": closed.members[0]}
    bulletin = Bulletin.objects.get(team=closed.team, kind="bonus")
    scene = Scene(bulletin, closed.members[1], **people)
    facts = {"code": "J1", "name": "补发", "kind": "award", "least": 1, "most": 10**6, "note": ""}
    clause = clauses.add(closed.unit, actor=people["manager"], **facts)

    def entry(user=closed.members[1]):
        facts = {"user": user, "clause": clause, "amount": 5000, "reason": "补发少算的"}
        row = adjustments.propose(closed.team, periods.current_period(), **facts, actor=people["manager"])
        adjustments.approve(row, actor=people["other"])
        return f"adjustment-{row.pk}"

    scene.entry, scene.stranger = entry, closed.members[2]
    return scene


def expense_scene():
    spenders = make_spenders()
    grant(spenders.team, 5000)
    expense = propose_expense(spenders)
    expenses.approve(expense, actor=spenders.manager)
    rows = [Row(None, {"what": "抹布", "sum": "10.00"})]
    board = Board(
        "expenses", "费用表", [Fact("支出", "10.00")], [Column("what", "事由", False), Column("sum", "金额")], rows
    )
    bulletin = publish(board, team=spenders.team, period=periods.current_period(), actor=None)
    scene = Scene(bulletin, spenders.worker, manager=spenders.manager, finance=spenders.finance, union=spenders.union)

    def entry():
        expenses.reverse(expense, "没有买", actor=spenders.manager)
        return f"expense-{expense.pk}"

    scene.entry = entry
    return scene


SCENES = {"bonus": bonus_scene, "expenses": expense_scene}


@pytest.mark.parametrize("kind", SCENES)
def test_the_entry_is_made_then_linked_and_the_board_says_so(client, kind):
    scene = SCENES[kind]()
    client.force_login(scene.user("manager"))
    assert "还没有更正的记录" in client.get(scene.page).text
    assert entries_for(scene.objection) == []
    entry = scene.entry()
    before = AuditEntry.objects.count()
    assert client.post(scene.page, {"entry": entry}).status_code == 302
    scene.objection.refresh_from_db()
    assert scene.objection.state == "corrected"
    assert client.get(scene.objection.correction_url).status_code == 200
    note = CorrectionNote.objects.get(bulletin=scene.bulletin).text
    assert note == f"{scene.objection.correction}（异议 {scene.objection.number}）"
    assert scene.people["filer"].name not in note
    assert AuditEntry.objects.count() == before + 1


@pytest.mark.parametrize("kind", SCENES)
def test_what_is_no_entry_of_this_objection_is_refused(client, kind):
    scene = SCENES[kind]()
    scene.entry()
    client.force_login(scene.user("manager"))
    for posted in ("", "expense-0", "adjustment-0", "x"):
        assert "记录" in client.post(scene.page, {"entry": posted}).text
    scene.objection.refresh_from_db()
    assert scene.objection.state == "upheld"


def test_an_award_of_somebody_else_corrects_no_objection_to_the_own_row():
    scene = bonus_scene()
    scene.entry(scene.stranger)
    assert entries_for(scene.objection) == []


@pytest.mark.parametrize("kind", SCENES)
def test_who_corrects(client, kind):
    scene = SCENES[kind]()
    for who in ("filer", "finance", "union"):
        client.force_login(scene.user(who))
        assert client.get(scene.page).status_code == 403
        assert ways_for(scene.user(who), scene.objection) == []
    client.force_login(make.give_role(make.make_unit(), "manager"))
    assert client.get(scene.page).status_code == 404
    (label, address), *_ = ways_for(scene.user("manager"), scene.objection)
    assert (label, address) == ("按异议更正", scene.page)


def test_the_form_of_the_award_takes_over_whom_it_is_for_and_why(client):
    scene = bonus_scene()
    client.force_login(scene.user("manager"))
    _, (label, address) = ways_for(scene.user("manager"), scene.objection)
    page = client.get(address).text
    assert label == "去补发、扣回"
    assert f"更正异议 {scene.objection.number}" in page
    assert f'<option value="{scene.people["filer"].pk}" selected>' in page
    for other in ("x", "999999", ""):
        assert "更正异议" not in client.get(address.split("?")[0], {"objection": other}).text


def test_boards_of_other_kinds_are_corrected_elsewhere(client):
    scene = bonus_scene()
    client.force_login(scene.user("manager"))
    board = Bulletin.objects.get(team=scene.bulletin.team, kind="scores")
    cell = lines_for(scene.user("filer"), board)[0].cells[0]
    row = objections.file(board, cell, wanted="", reason="少算", evidence=[], actor=scene.people["filer"])
    assert client.get(reverse("incentives:objection-correct", args=[row.pk])).status_code == 404
