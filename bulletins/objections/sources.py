"""Where the figure that an objection is about comes from, as far as the reader may open it."""

from urllib.parse import urlsplit

from django.urls import resolve, reverse

from bulletins.models import Bulletin
from bulletins.objections.cells import LONGEST_NAME
from bulletins.selectors import viewer_of
from bulletins.tables import seen_by

BESIDE = {Bulletin.Kind.SCORES: "班组得分", Bulletin.Kind.ATTENDANCE: "考勤"}
"""Kinds of boards of the same month that tell what the figures of the others are made of."""
OPENED_WITH = {"incentives:adjustments": "bonus.view"}
"""Pages of corrections that take more than seeing the team."""


def correction_address(user, objection):
    """The page of what corrected the objection, or "" for whoever may not open it."""
    needed = objection.correction_url and OPENED_WITH.get(
        resolve(urlsplit(objection.correction_url).path).view_name, objection.bulletin.team_id and "team.view"
    )
    may = not needed or needed in viewer_of(user, objection.bulletin).capabilities
    return objection.correction_url if may else ""


def sources_of(user, objection):
    """[(label, address)]: of the figure itself as it is linked on its board, then of what the team's month rests on."""
    board = objection.bulletin
    viewer = viewer_of(user, board)
    links = [("这个数怎么来的", _link(objection, viewer)), *_beside(board, viewer), *_attendance(board, viewer)]
    found = {address: label for label, address in reversed(links) if address}
    return [(label, address) for address, label in reversed(found.items())]


def _link(objection, viewer):
    content, user = objection.bulletin.content, objection.row_user_id
    if user:
        rows = [row for row in content["rows"] if row["user"] == user]
        return next((row["link"] for row in seen_by(content | {"rows": rows}, viewer)["rows"]), "")
    facts = seen_by(content | {"rows": []}, viewer)["facts"]
    return next((fact.get("link", "") for fact in facts if fact["label"][:LONGEST_NAME] == objection.column), "")


def _beside(board, viewer):
    if board.team_id is None:
        return
    same = {"team": board.team_id, "period": board.period, "kind__in": BESIDE}
    for other in Bulletin.objects.current().filter(**same).exclude(pk=board.pk):
        facts = seen_by(other.content | {"rows": []}, viewer)["facts"]
        yield BESIDE[other.kind], next((fact["link"] for fact in facts if fact.get("link")), "")


def _attendance(board, viewer):
    if board.team_id and "team.view" in viewer.capabilities:
        yield BESIDE[Bulletin.Kind.ATTENDANCE], reverse("teams:attendance", args=[board.team_id, board.period])
