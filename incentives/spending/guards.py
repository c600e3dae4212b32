"""What never changes about what was proposed: its content, its proposer, and a decision but for the one way back from it."""

from teams.triggers import refuse, touched

PROPOSED = ("id", "key", "team_id", "period", "amount", "reason", "proposed_by_id", "proposed_at")
"""What every proposal is about and where it came from."""
DECIDED = ("decided_by_id", "decided_at")
_EXPENSE = ("purse", "date", "subject", "quantity", "unit_price", "handler_id", "witness_id", "paid_to_id")
_AWARD = ("kind", "user_id", "source")
_LATE = "EXISTS (SELECT 1 FROM incentives_{proposal} p WHERE p.id = NEW.{proposal}_id AND p.state <> 'proposed')"


def stays(*columns, undone, kept=()):
    """The condition that an update changes what was proposed, or a decision that stands.

    A proposal has `columns` besides PROPOSED. An approved one may become `undone`, in which `kept` and DECIDED stay.
    """
    back = f"OLD.state = 'approved' AND NEW.state = '{undone}' AND NOT {touched(*DECIDED, *kept)}"
    return f"{touched(*PROPOSED, *columns)} OR (OLD.state <> 'proposed' AND NOT ({back}))"


def papers_of(proposal, papers, too_late="1 = 0"):
    """The guard of a proposal's photos: they come with it, none later; `too_late` is one more condition over NEW."""
    table = f"incentives_{proposal}_{papers}"
    late = f"{_LATE.format(proposal=proposal)} OR {too_late}"
    operations = {"INSERT": late, "UPDATE": None, "DELETE": None}
    return refuse(table, "proposed", operations, f"what was proposed stays: {table}")


SPENDING_GUARDS = (
    refuse(
        "incentives_expense",
        "proposed",
        {"UPDATE": stays(*_EXPENSE, undone="reversed", kept=("posting_id", "answer")), "DELETE": None},
        "what was proposed stays: incentives_expense",
    ),
    papers_of("expense", "vouchers"),
    refuse(
        "incentives_specialaward",
        "proposed",
        {"UPDATE": stays(*_AWARD, undone="reversed", kept=("posting_id", "answer")), "DELETE": None},
        "what was proposed stays: incentives_specialaward",
    ),
    papers_of("specialaward", "evidence"),
)
