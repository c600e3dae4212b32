"""The rows of the table about knowledge: what is published is everybody's, the rest the writer's and the reviewers'."""

from tests.access.page import LEADERS, MEMBERS, NEIGHBOUR, NOBODY, SIGNED_IN, STRANGER, Page

WRITERS = MEMBERS | {"manager", "assessor", "union", "party"}
REVIEWERS = frozenset({"leader", "manager"})
WRITER = frozenset({"worker"})
INSIDE = REVIEWERS | WRITER
"""Who reads a draft of the worker."""
SAID = {"title": "断煤的处理", "summary": "三步排除", "steps": "停机\n断电挂牌\n清堵", "tags": "锅炉、给煤机"}
NEW = SAID | {"kind": "emergency_card", "must_read": "on"}
FEEDBACK = {"state": "adopted", "feedback": "省了半小时"}

KNOWLEDGE_PAGES = [
    Page("activities:knowledge", get=SIGNED_IN),
    Page("activities:knowledge-export", post=SIGNED_IN),
    Page("activities:knowledge-cards", get=SIGNED_IN),
    Page("activities:knowledge-print", get=SIGNED_IN),
    Page("activities:knowledge-new", get=WRITERS | NEIGHBOUR | STRANGER, post=WRITERS | NEIGHBOUR | STRANGER, body=NEW),
    Page("activities:knowledge-item", ("knowledge_item",), get=SIGNED_IN),
    Page("activities:knowledge-compare", ("knowledge_item",), get=SIGNED_IN),
    Page("activities:knowledge-version", ("knowledge",), get=SIGNED_IN),
    Page("activities:knowledge-version", ("knowledge_draft",), get=INSIDE, sees=NOBODY),
    Page("activities:knowledge-card", ("knowledge",), get=SIGNED_IN),
    Page("activities:knowledge-edit", ("knowledge_draft",), get=WRITER, post=WRITER, sees=INSIDE, body=SAID),
    Page("activities:knowledge-discard", ("knowledge_draft",), post=WRITER, sees=INSIDE),
    Page("activities:knowledge-submit", ("knowledge_draft",), post=WRITER, sees=INSIDE),
    Page("activities:knowledge-take-back", ("knowledge_sent",), post=WRITER, sees=INSIDE),
    Page("activities:knowledge-return", ("knowledge_sent",), post=REVIEWERS, sees=INSIDE, body={"reason": "写清楚"}),
    Page("activities:knowledge-publish", ("knowledge_sent",), post=REVIEWERS, sees=INSIDE),
    Page("activities:knowledge-revise", ("knowledge",), post=WRITERS),
    Page("activities:knowledge-retire", ("knowledge",), post=REVIEWERS, body={"reason": "设备换了"}),
    Page("activities:knowledge-adopt", ("knowledge",), post=LEADERS | NEIGHBOUR, body={"team": "neighbour_team"}),
    Page("activities:knowledge-feedback", ("adoption",), post=NEIGHBOUR, body=FEEDBACK),
    Page("activities:knowledge-sign", ("knowledge",), post=MEMBERS),
    Page("activities:knowledge-readers", ("knowledge",), get=INSIDE),
    Page("activities:knowledge-readers-export", ("knowledge",), post=INSIDE),
]
