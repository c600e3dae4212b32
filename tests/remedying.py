"""A posted bonus of September with upheld objections to it, and what puts them right in October."""

from django.urls import reverse

from bulletins.models import Bulletin, Objection
from bulletins.objections.access import lines_for
from bulletins.services import objections
from incentives.models import Distribution, Remedy
from incentives.services import adjustments
from incentives.services.publishing import publish_month
from tests import factories as make
from tests.factories import PERIOD

BEFORE = 202609


def make_scene():
    """September's bonus is posted, October is closed and not drawn up yet."""
    found = make_posted()
    make.make_attendance(found.team, PERIOD)
    make.approve_attendance(found.team, PERIOD)
    make.close_month(found.unit, PERIOD)
    return found


def make_posted():
    """September's bonus is posted on the wall, October is open."""
    found = make.make_closed_team(BEFORE)
    found.leader, found.worker, found.other = found.members
    found.manager, found.second = (make.give_role(found.unit, "manager") for _ in "12")
    make.post_bonus(found.team, BEFORE)
    publish_month(found.team, BEFORE, actor=None)
    found.board = Bulletin.objects.get(team=found.team, period=BEFORE, kind="bonus")
    found.line = Distribution.objects.get(period=BEFORE).lines.get(user=found.worker)
    found.address = reverse("incentives:adjustments", args=[found.team.pk, PERIOD])
    return found


def upheld(scene, column="hours", wanted="50", board=None):
    """An Objection of the worker to the own row that was right."""
    board = board or scene.board
    cell = next(cell for cell in lines_for(scene.worker, board)[0].cells if cell.column == column)
    row = objections.file(board, cell, wanted=wanted, reason="少算", evidence=[], actor=scene.worker)
    objections.accept(row, actor=scene.manager)
    objections.uphold(row, "确实少算", actor=scene.manager)
    return Objection.objects.get(pk=row.pk)


def remedy(scene, objection, amount=5000, kind="award", user=None):
    """An Adjustment of October that rests on the objection, proposed by the manager."""
    facts = {"user": user or scene.worker, "clause": Remedy(objection, kind), "amount": amount, "reason": "更正"}
    return adjustments.propose(scene.team, PERIOD, **facts, actor=scene.manager)
