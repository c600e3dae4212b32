"""The way from a figure to objecting to it on the board where it hangs; after the notice, whom to ask instead."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from bulletins.models import Bulletin
from bulletins.objections.access import may_object
from bulletins.services.objections import refusal_of


@dataclass(frozen=True)
class Entrance:
    """The current board of a figure; `address` is its form of objections while it runs, else `said` tells whom to ask."""

    board: Bulletin
    address: str
    said: str


def entrance_to(user, kind, team, period, column=""):
    """The Entrance of a person to the board of a team's month, at the own row; None where none hangs or nothing is theirs."""
    board = (
        Bulletin.objects.current().filter(kind=kind, team=team, period=period).select_related("unit", "team").first()
    )
    if board is None:
        return None
    if said := refusal_of(board):
        return Entrance(board, "", said)
    if not may_object(user, board):
        return None
    form = reverse("bulletins:objection-new", args=[board.serial])
    return Entrance(board, f"{form}?{urlencode({'cell': column})}" if column else form, "")
