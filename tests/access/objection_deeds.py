"""The deeds on objections, part of tests/access/deeds.py."""

from tests.access.deed import Deed
from tests.access.objection_pages import ANSWER, CORRECTION, NEW_OBJECTION, REFUSAL
from tests.access.objections import late_award, late_sheet

OBJECTION_DEEDS = {
    "bulletins:objections-export": Deed("auditor", "objection.exported"),
    "bulletins:objection-new board": Deed("worker", "objection.filed", NEW_OBJECTION),
    "bulletins:objection-step objection support": Deed("worker", "objection.supported"),
    "bulletins:objection-step objection withdraw": Deed("clerk", "objection.withdrawn"),
    "bulletins:objection-step objection accept": Deed("union", "objection.accepted"),
    "bulletins:objection-refuse objection": Deed("manager", "objection.refused", REFUSAL),
    "bulletins:objection-answer accepted_objection": Deed("union", "objection.kept", ANSWER),
    "assessments:objection-correct score_objection": Deed("assessor", "objection.corrected", before=late_sheet),
    "incentives:objection-correct upheld_objection": Deed("manager", "objection.corrected", before=late_award),
    "bulletins:objection-correct upheld_objection": Deed("manager", "objection.corrected", CORRECTION),
}
