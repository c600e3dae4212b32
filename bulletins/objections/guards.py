"""What never changes about an objection: what was said, the answer, and its end."""

from teams.triggers import refuse, touched

SAID = (
    *("id", "number", "bulletin_id", "row_user_id", "column", "label", "shown", "wanted", "reason", "anonymous"),
    *("filed_by_id", "filed_at", "accept_by"),
)
ANSWERED = ("answer_by", "decided_by_id", "decided_at", "answer")
_OPEN = "OLD.state IN ('filed', 'accepted')"
_CORRECTED = f"OLD.state = 'upheld' AND NEW.state = 'corrected' AND NOT {touched(*ANSWERED)}"
_LATER = "SELECT 1 FROM bulletins_objection o WHERE o.id = NEW.objection_id AND o.state <> 'filed'"

OBJECTION_GUARDS = (
    refuse(
        "bulletins_objection",
        "said",
        {"UPDATE": f"{touched(*SAID)} OR NOT ({_OPEN} OR ({_CORRECTED}))", "DELETE": None},
        "what was said stays: bulletins_objection",
    ),
    refuse(
        "bulletins_objection_evidence",
        "said",
        {"INSERT": f"EXISTS ({_LATER})", "UPDATE": None, "DELETE": None},
        "what was said stays: bulletins_objection_evidence",
    ),
)
