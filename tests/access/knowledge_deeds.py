"""The deeds about knowledge."""

from tests.access.deed import Deed, reason
from tests.access.knowledge_pages import FEEDBACK, NEW, SAID

KNOWLEDGE_DEEDS = {
    "activities:knowledge-export": Deed("worker", "knowledge.exported"),
    "activities:knowledge-new": Deed("worker", "knowledge.drafted", NEW),
    "activities:knowledge-edit knowledge_draft": Deed("worker", "knowledge.edited", SAID),
    "activities:knowledge-discard knowledge_draft": Deed("worker", "knowledge.discarded"),
    "activities:knowledge-submit knowledge_draft": Deed("worker", "knowledge.submitted"),
    "activities:knowledge-take-back knowledge_sent": Deed("worker", "knowledge.taken_back"),
    "activities:knowledge-return knowledge_sent": Deed("manager", "knowledge.returned", reason()),
    "activities:knowledge-publish knowledge_sent": Deed("leader", "knowledge.published"),
    "activities:knowledge-revise knowledge": Deed("clerk", "knowledge.revised"),
    "activities:knowledge-retire knowledge": Deed("leader", "knowledge.retired", reason()),
    "activities:knowledge-adopt knowledge": Deed("neighbour", "adoption.started", {"team": "neighbour_team"}),
    "activities:knowledge-feedback adoption": Deed("neighbour", "adoption.concluded", FEEDBACK),
    "activities:knowledge-sign knowledge": Deed("deputy", "knowledge.signed"),
    "activities:knowledge-readers-export knowledge": Deed("manager", "knowledge.readers_exported"),
}
