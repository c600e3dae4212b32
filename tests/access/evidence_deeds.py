"""The deeds about evidence."""

from assessments.evidence.lists import criterion_of
from assessments.services import evidence
from tests.access.deed import Deed


def picked(world):
    evidence.pick(world.team, criterion_of(world.team, "1.1"), [world.activity], actor=world.people["leader"])


EVIDENCE_DEEDS = {
    "assessments:evidence 1.1": Deed("leader", "evidence.picked", {"records": "activity"}),
    "assessments:evidence-take-back 1.1 activity": Deed("clerk", "evidence.taken_back", before=picked),
    "assessments:evidence-export": Deed("leader", "evidence.exported"),
}
