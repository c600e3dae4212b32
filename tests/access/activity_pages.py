"""The rows of the table about activities and their kinds."""

from types import SimpleNamespace

from tests.access.page import LEADERS, NEIGHBOUR, NOBODY, SIGNED_IN, TEAM, Page

RECORDERS = LEADERS | {"safety"}
"""Who records the meeting before the shift."""
SEEN = TEAM | NEIGHBOUR
"""Who reads what a team of the own unit records for all of the unit."""
ENTRY = {"title": "班前会", "date": "today", "people": "person"}
ENTRY |= {"field-tasks": "巡检", "field-risks": "地面滑，防滑鞋", "field-mood": "状态都好"}
TEAM_WORD, UNIT_WORD = SimpleNamespace(pk="team"), SimpleNamespace(pk="unit")
"""Words that a form sends and that are no objects of the world."""
KIND = {"name": "夜校", "group": "study", "subject": TEAM_WORD, "recorders": "leader", "taking_part": "ticked"}
KIND |= {"privacy": UNIT_WORD, "cadence": "none", "rows": "1", "label-1": "题目", "type-1": "text", "required-1": "on"}

ACTIVITY_PAGES = [
    Page("activities:activities", get=SIGNED_IN),
    Page("activities:activity-choose", get=SIGNED_IN),
    Page("activities:activity-export", post=SIGNED_IN),
    Page("activities:activity-month", ("team", "open"), get=TEAM, sees=TEAM),
    Page(
        "activities:activity-record",
        ("meeting",),
        get=RECORDERS | NEIGHBOUR,
        post=RECORDERS | NEIGHBOUR,
        body=ENTRY,
    ),
    Page("activities:activity", ("activity",), get=SEEN, sees=SEEN),
    Page("activities:activity-edit", ("activity",), get=LEADERS, post=LEADERS, sees=SEEN, body=ENTRY),
    Page("activities:activity-void", ("activity",), post=LEADERS, sees=SEEN, body={"reason": "记重了"}),
    Page("activities:sign-in-code", ("activity",), get=LEADERS, post=LEADERS, sees=SEEN),
    Page("activities:sign-in", ("sign_in_key",), get=SIGNED_IN, post=SIGNED_IN),
    Page(
        "activities:follow-up-done",
        ("follow_up",),
        post=LEADERS | {"worker"},
        sees=SEEN,
        body={"reason": "灯修好了"},
    ),
    Page(
        "activities:follow-up-drop", ("follow_up",), post=LEADERS | {"worker"}, sees=SEEN, body={"reason": "不用修了"}
    ),
    # A talk that only the deputy and the worker know of, and a draft that only the leader does
    Page("activities:activity", ("talk",), get={"deputy", "worker"}, sees=NOBODY),
    Page("activities:activity-edit", ("talk",), get={"deputy"}, post={"deputy"}, sees={"worker", "deputy"}),
    Page("activities:activity-void", ("talk",), post={"deputy"}, sees={"worker", "deputy"}),
    Page("activities:activity", ("draft_activity",), get={"leader"}, sees=NOBODY),
    Page("activities:activity-edit", ("draft_activity",), get={"leader"}, post={"leader"}, sees=NOBODY),
    # Kinds
    Page("activities:kinds", get=SIGNED_IN),
    Page("activities:kinds-install", post={"admin"}, body={"unit": "unit"}),
    Page("activities:kind-add", get={"admin"}, post={"admin"}, body=KIND | {"unit": "plant"}),
    Page("activities:kind", ("meeting",), get=SIGNED_IN),
    Page("activities:kind-edit", ("meeting",), get={"admin"}, post={"admin"}, body=KIND),
    Page("activities:kind-step", ("meeting", "retire"), post={"admin"}),
    Page("activities:kind-step", ("retired_kind", "restore"), post={"admin"}),
    Page("activities:kind-step", ("meeting", "undo"), post=NOBODY, sees=NOBODY),
]
