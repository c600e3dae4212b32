"""The forms of clauses, awards, exclusions and the payroll, sent as they should be."""

from tests.access.deed import Deed, reason

CLAUSE = {"code": "F9", "name": "巡检不带工具", "kind": "deduction", "least": "20", "most": "50", "note": ""}


def award(w):
    return {"user": w.person.pk, "clause": w.clause.pk, "amount": "30", "reason": "回收配件"}


ADJUSTMENT_DEEDS = {
    "incentives:clause-add": Deed("manager", "clause.added", CLAUSE),
    "incentives:clauses-install": Deed("manager", "clause.installed"),
    "incentives:clauses-export": Deed("worker", "clause.exported"),
    "incentives:clause-end clause": Deed("manager", "clause.ended"),
    "incentives:clause-replace clause": Deed("manager", "clause.replaced", CLAUSE),
    "incentives:adjustments": Deed("leader", "adjustment.proposed", award, args=["team", "open"]),
    "incentives:adjustment-step adjustment approve": Deed("manager", "adjustment.approved"),
    "incentives:adjustment-step adjustment withdraw": Deed("leader", "adjustment.withdrawn"),
    "incentives:adjustment-refuse adjustment": Deed("manager", "adjustment.refused", reason()),
    "incentives:adjustment-revoke approved_adjustment": Deed("manager", "adjustment.revoked", reason()),
    "incentives:exclude": Deed(
        "leader", "exclusion.recorded", lambda w: reason(user=w.colleague.pk), args=["team", "open"]
    ),
    "incentives:exclusion-remove exclusion": Deed("leader", "exclusion.removed"),
    "incentives:payroll": Deed("finance", "payroll.exported"),
    "incentives:payslip-paper line": Deed("worker", "payslip.printed"),
    "incentives:payslip-papers": Deed("finance", "payslips.printed"),
}
