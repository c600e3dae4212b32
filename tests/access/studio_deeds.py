"""The deeds about studios."""

from tests.access.deed import Deed, reason
from tests.access.studio_pages import DESCRIBE, FOUND, JOIN, RESULT, RULE, SPENT

STUDIO_DEEDS = {
    "assessments:studio-figures-export": Deed("union", "studio.counted"),
    "assessments:studio-new": Deed("union", "studio.founded", FOUND),
    "assessments:studio-edit studio": Deed("clerk", "studio.described", DESCRIBE),
    "assessments:studio-member-add studio": Deed("clerk", "studio_member.joined", JOIN),
    "assessments:studio-member-leave studio_member": Deed("clerk", "studio_member.left", {"left_on": "today"}),
    "assessments:studio-rule studio study": Deed("clerk", "studio_rule.set", RULE),
    "assessments:studio-result-new studio": Deed("clerk", "studio_result.entered", RESULT),
    "assessments:studio-result-verify studio_result": Deed("finance", "studio_result.verified", {"benefit": "1000"}),
    "assessments:studio-result-refuse studio_result": Deed("manager", "studio_result.refused", reason()),
    "assessments:studio-money studio": Deed("clerk", "studio_money.entered", SPENT),
    "assessments:studio-money-export studio": Deed("worker", "studio_money.exported"),
    "assessments:studio-money-reverse studio_grant": Deed("union", "studio_money.reversed", reason()),
    "assessments:studio-money-reverse studio_spending": Deed("clerk", "studio_money.reversed", reason()),
    "assessments:studio-rectify named_studio": Deed(
        "union", "studio.rectified", {"until": "later", "text": "台账不全"}
    ),
    "assessments:studio-rename studio": Deed("manager", "studio.renamed", {"leader": "person", "text": "接班"}),
    "assessments:studio-step studio mature": Deed("union", "studio.matured", reason()),
    "assessments:studio-step named_studio keep": Deed("union", "studio.kept", reason()),
    "assessments:studio-step rectifying_studio restore": Deed("manager", "studio.restored", reason()),
    "assessments:studio-step studio revoke": Deed("union", "studio.revoked", reason()),
}
