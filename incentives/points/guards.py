"""What the database refuses about points: a scheme with a closed month, decided entries and closed months stay as they are."""

from teams.triggers import append_only, changed, refuse

_SCHEME_USED = "EXISTS (SELECT 1 FROM incentives_pointmonth m WHERE m.scheme_id = {scheme})"
_MONTH_CLOSED = (
    "EXISTS (SELECT 1 FROM incentives_pointmonth m JOIN incentives_pointindicator i ON i.scheme_id = m.scheme_id "
    "WHERE i.id = {row}.indicator_id AND m.period >= {row}.period)"
)
_TOO_EARLY = (
    "EXISTS (SELECT 1 FROM incentives_pointentry e JOIN incentives_pointindicator i ON i.id = e.indicator_id "
    "WHERE i.scheme_id = NEW.scheme_id AND e.period = NEW.period AND e.state = 'proposed') "
    "OR EXISTS (SELECT 1 FROM incentives_pointscheme s WHERE s.id = NEW.scheme_id "
    "AND (s.published_at IS NULL OR NEW.period / 100 <> s.year))"
)
_DECIDED = "EXISTS (SELECT 1 FROM incentives_pointentry e WHERE e.id = NEW.pointentry_id AND e.state <> 'proposed')"
_FINAL = "(OLD.state <> 'proposed' AND NOT (OLD.state = 'confirmed' AND NEW.state = 'withdrawn'))"
_FACTS = changed("indicator_id", "user_id", "period", "date", "points", "what", "proposed_by_id", "proposed_at")

POINT_GUARDS = (
    append_only("incentives_pointmonth"),
    refuse(
        "incentives_pointmonth",
        "early",
        {"INSERT": _TOO_EARLY},
        "the month cannot be closed yet: incentives_pointmonth",
    ),
    refuse(
        "incentives_pointscheme",
        "used",
        {"UPDATE": _SCHEME_USED.format(scheme="OLD.id"), "DELETE": _SCHEME_USED.format(scheme="OLD.id")},
        "a month was closed under the scheme: incentives_pointscheme",
    ),
    refuse(
        "incentives_pointindicator",
        "used",
        {
            "INSERT": _SCHEME_USED.format(scheme="NEW.scheme_id"),
            "UPDATE": f"{_SCHEME_USED.format(scheme='OLD.scheme_id')} OR {_SCHEME_USED.format(scheme='NEW.scheme_id')}",
            "DELETE": _SCHEME_USED.format(scheme="OLD.scheme_id"),
        },
        "a month was closed under the scheme: incentives_pointindicator",
    ),
    refuse(
        "incentives_pointentry",
        "decided",
        {
            "INSERT": f"NEW.state <> 'proposed' OR {_MONTH_CLOSED.format(row='NEW')}",
            "UPDATE": f"{_FINAL} OR {_FACTS} OR {_MONTH_CLOSED.format(row='OLD')}",
            "DELETE": None,
        },
        "the entry is final: incentives_pointentry",
    ),
    refuse(
        "incentives_pointentry_evidence",
        "decided",
        {"INSERT": _DECIDED, "UPDATE": None, "DELETE": None},
        "the entry is final: incentives_pointentry_evidence",
    ),
)
