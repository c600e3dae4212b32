"""The deeds about points of Party members."""

from incentives.services import point_schemes, points
from tests.access.deed import Deed, reason
from tests.points import edited


def published(world):
    point_schemes.publish(world.points_draft, actor=None)


def nothing_waits(world):
    points.withdraw(world.entry, actor=world.people["leader"])


POINT_DEEDS = {
    "incentives:point-scheme-new": Deed("party", "point_scheme.drafted", {"unit": "unit", "year": "next_year"}),
    "incentives:point-scheme-edit points_draft": Deed(
        "party", "point_scheme.edited", lambda w: edited(w.points_draft, base="50")
    ),
    "incentives:point-scheme-step points_draft publish": Deed("party", "point_scheme.published"),
    "incentives:point-scheme-step points_draft take-back": Deed("party", "point_scheme.taken_back", before=published),
    "incentives:point-scheme-step points_draft copy": Deed("party", "point_scheme.drafted"),
    "incentives:point-scheme-step points_draft discard": Deed("party", "point_scheme.discarded"),
    "incentives:points-enter points": Deed(
        "leader",
        "point.proposed",
        {"person": "person", "indicator": "indicator", "date": "2026-10-09", "what": "发现积油"}
        | {"why_none": "手机没电"},
    ),
    "incentives:points-close points": Deed("party", "point_month.closed", before=nothing_waits),
    "incentives:points-publish points september": Deed("party", "board.published"),
    "incentives:points-export points": Deed("worker", "point.exported"),
    "incentives:points-year-export points": Deed("worker", "point.exported"),
    "incentives:point-entry-step entry confirm": Deed("party", "point.confirmed"),
    "incentives:point-entry-step entry withdraw": Deed("leader", "point.withdrawn"),
    "incentives:point-entry-refuse entry": Deed("party", "point.refused", reason()),
    "incentives:point-entry-revoke confirmed_entry": Deed("party", "point.revoked", reason()),
}
