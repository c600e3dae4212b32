"""The rows of the table about points of Party members."""

from tests.access.page import NEIGHBOUR, NOBODY, SIGNED_IN, TEAM, UNIT, Page

PARTY = frozenset({"party", "worker", "leader"}) | NEIGHBOUR
"""Who reads the points of the branch: its secretary, the leaders of its teams, and the worker, who is a Party member."""
ENTER_POINTS = frozenset({"party", "leader"})
DEED = {"person": "person", "indicator": "indicator", "date": "2026-10-09", "what": "发现积油", "why_none": "手机没电"}

POINT_PAGES = [
    Page("incentives:points", get=SIGNED_IN),
    Page("incentives:point-scheme-new", post={"party"}, body={"unit": "unit", "year": "next_year"}),
    Page("incentives:point-scheme", ("points",), get=PARTY, sees=TEAM),
    Page("incentives:point-scheme", ("points_draft",), get={"party"}, sees=TEAM | NEIGHBOUR),
    Page("incentives:point-scheme-edit", ("points_draft",), get={"party"}, post={"party"}, sees=UNIT),
    Page("incentives:point-scheme-step", ("points_draft", "publish"), post={"party"}, sees=UNIT),
    Page("incentives:point-scheme-step", ("points_draft", "take-back"), post={"party"}, sees=UNIT),
    Page("incentives:point-scheme-step", ("points_draft", "copy"), post={"party"}, sees=UNIT),
    Page("incentives:point-scheme-step", ("points_draft", "discard"), post={"party"}, sees=UNIT),
    Page("incentives:point-scheme-step", ("points_draft", "burn"), post=NOBODY, sees=UNIT - {"party"}),
    Page(
        "incentives:points-enter",
        ("points",),
        get=ENTER_POINTS | NEIGHBOUR,
        post=ENTER_POINTS | NEIGHBOUR,
        sees=TEAM,
        body=DEED,
    ),
    Page("incentives:points-month", ("points", "closed"), get=PARTY, sees=TEAM),
    Page("incentives:points-entries", ("points", "closed"), get=PARTY, sees=TEAM),
    Page("incentives:points-year", ("points",), get=PARTY, sees=TEAM),
    Page("incentives:points-close", ("points", "closed"), post={"party"}, sees=UNIT),
    Page("incentives:points-preview", ("points", "september"), get={"party"}, sees=UNIT),
    Page("incentives:points-publish", ("points", "september"), post={"party"}, sees=UNIT),
    Page("incentives:points-export", ("points", "closed"), post=PARTY, sees=TEAM),
    Page("incentives:points-year-export", ("points",), post=PARTY, sees=TEAM),
    Page("incentives:point-entry", ("entry",), get=ENTER_POINTS | {"worker"}, sees=TEAM),
    Page("incentives:point-entry-refuse", ("entry",), post=ENTER_POINTS, sees=TEAM, body={"reason": "不在现场"}),
    Page("incentives:point-entry-revoke", ("confirmed_entry",), post={"party"}, sees=TEAM, body={"reason": "记错人"}),
    Page("incentives:point-entry-step", ("entry", "confirm"), post=ENTER_POINTS, sees=TEAM),
    Page("incentives:point-entry-step", ("entry", "withdraw"), post=ENTER_POINTS, sees=TEAM),
    Page("incentives:point-entry-step", ("entry", "undo"), post=NOBODY, sees=TEAM - ENTER_POINTS),
]
