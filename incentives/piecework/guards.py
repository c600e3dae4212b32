"""What never changes about piece work: published prices, what was entered, and whatever a bonus was divided by."""

from teams.triggers import changed, refuse

_TERMS = changed("unit_id", "name", "measure", "points", "note") + (
    " OR COALESCE(OLD.team_id, 0) <> COALESCE(NEW.team_id, 0)"
)
_FACTS = changed(
    *("team_id", "user_id", "item_id", "date", "quantity", "points", "note", "proposed_by_id", "proposed_at")
) + (" OR COALESCE(OLD.undoes_id, 0) <> COALESCE(NEW.undoes_id, 0)")
_ASTRAY = (
    "OLD.state = 'voided' OR (OLD.state = 'approved' AND (NEW.state <> 'voided' OR OLD.period <> NEW.period"
    " OR OLD.decided_by_id <> NEW.decided_by_id))"
)
_COUNTED = (
    "({row}.state = 'approved' AND EXISTS (SELECT 1 FROM incentives_distribution d WHERE d.team_id = {row}.team_id"
    " AND d.period = {row}.period AND d.state <> 'draft'))"
)
_OLD, _NEW = (_COUNTED.format(row=row) for row in ("OLD", "NEW"))

PIECE_GUARDS = (
    refuse(
        "incentives_pieceitem",
        "published",
        {"UPDATE": f"OLD.ended_on IS NOT NULL OR {_TERMS}", "DELETE": None},
        "the price is published: incentives_pieceitem",
    ),
    refuse(
        "incentives_piecerecord",
        "counted",
        {"INSERT": "NEW.state <> 'proposed'", "UPDATE": f"{_FACTS} OR {_ASTRAY} OR {_OLD} OR {_NEW}", "DELETE": None},
        "it is entered for good: incentives_piecerecord",
    ),
)
