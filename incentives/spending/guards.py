"""What never changes about expenses and special awards: what was proposed, and what was decided but for a reversal."""

from teams.triggers import append_only, changed, refuse

_PAID = (
    "OLD.state <> 'proposed' AND NOT (OLD.state = 'approved' AND NEW.state = 'reversed'"
    " AND OLD.posting_id = NEW.posting_id AND OLD.decided_by_id = NEW.decided_by_id)"
)
_EXPENSE = (
    changed(*("team_id", "purse", "period", "date", "subject", "reason", "quantity", "unit_price", "amount"))
    + f" OR {changed('handler_id', 'witness_id', 'proposed_by_id')}"
    + " OR COALESCE(OLD.paid_to_id, 0) <> COALESCE(NEW.paid_to_id, 0)"
)
_AWARD = (
    changed(*("team_id", "kind", "period", "amount", "reason", "source"))
    + " OR COALESCE(OLD.user_id, 0) <> COALESCE(NEW.user_id, 0)"
    + " OR COALESCE(OLD.proposed_by_id, 0) <> COALESCE(NEW.proposed_by_id, 0)"
)

SPENDING_GUARDS = (
    refuse(
        "incentives_expense",
        "proposed",
        {"UPDATE": f"{_EXPENSE} OR ({_PAID})", "DELETE": None},
        "what was proposed stays: incentives_expense",
    ),
    append_only("incentives_expense_vouchers"),
    refuse(
        "incentives_specialaward",
        "proposed",
        {"UPDATE": f"{_AWARD} OR ({_PAID})", "DELETE": None},
        "what was proposed stays: incentives_specialaward",
    ),
    append_only("incentives_specialaward_evidence"),
)
