"""The deeds about applications."""

from tests.access.application_pages import WHY, WRITTEN
from tests.access.deed import Deed


def photo(world):
    from tests.access.world import picture

    return {"files": picture(), "note": "盖了章的"}


APPLICATION_DEEDS = {
    "assessments:application-start bare_round": Deed("leader", "application.started", {"applicant": "applicant"}),
    "assessments:application-edit draft_application": Deed("deputy", "application.saved", WRITTEN),
    "assessments:application-prove draft_application 0": Deed("leader", "application.proven", {"rows": "more_proof"}),
    "assessments:application-upload draft_application 3": Deed("leader", "application.proven", photo),
    "assessments:application-unprove draft_application application_proof": Deed("leader", "application.proof_removed"),
    "assessments:application-withdraw application": Deed("leader", "application.withdrawn", WHY),
    "assessments:application-turn application return": Deed("union", "application.returned", WHY),
    "assessments:application-turn application refuse": Deed("union", "application.refused", WHY),
    "assessments:application-desk handed_in_round 0": Deed(
        "union", "application.recommended", WHY | {"chosen": "application"}
    ),
    "assessments:application-desk-export handed_in_round 0": Deed("union", "application.exported"),
}
