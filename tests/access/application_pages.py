"""The rows of the table about applications."""

from tests.access.page import LEADERS, NEIGHBOUR, NOBODY, SIGNED_IN, TEAM, UNIT, Page

UNION = frozenset({"union"})
VIEWERS = LEADERS | {"manager", "union", "party", "auditor"}
"""Who sees what was handed in."""
WHY = {"reason": "核对无误"}
WRITTEN = {"seen": "application_seen", "story": "全年无违章。", "score-0": "35", "declared": ["0"]}
DESK = ("handed_in_round", "0", "unit")

APPLICATION_PAGES = [
    Page("assessments:applications", get=SIGNED_IN),
    Page(
        "assessments:application-start",
        ("bare_round",),
        get=LEADERS | NEIGHBOUR,
        post=LEADERS | NEIGHBOUR,
        sees=TEAM | NEIGHBOUR,
        body={"applicant": "applicant"},
    ),
    Page("assessments:application", ("application",), get=VIEWERS, sees=TEAM),
    Page("assessments:application", ("draft_application",), get=LEADERS, sees=TEAM),
    Page("assessments:application-edit", ("draft_application",), get=LEADERS, post=LEADERS, sees=TEAM, body=WRITTEN),
    Page(
        "assessments:application-prove",
        ("draft_application", "0"),
        get=LEADERS,
        post=LEADERS,
        sees=TEAM,
        body={"rows": "more_proof"},
    ),
    Page("assessments:application-upload", ("draft_application", "3"), post=LEADERS, sees=TEAM),
    Page("assessments:application-unprove", ("draft_application", "application_proof"), post=LEADERS, sees=TEAM),
    Page("assessments:application-withdraw", ("application",), post=LEADERS, sees=TEAM, body=WHY),
    Page("assessments:application-turn", ("application", "return"), post=UNION, sees=TEAM, body=WHY),
    Page("assessments:application-turn", ("application", "refuse"), post=UNION, sees=TEAM, body=WHY),
    Page("assessments:application-turn", ("application", "undo"), post=NOBODY, sees=NOBODY),
    Page("assessments:application-desk", DESK, get=UNION, post=UNION, sees=UNIT, body=WHY | {"chosen": "application"}),
    Page("assessments:application-meter", DESK, get=UNION, sees=UNIT),
    Page("assessments:application-desk-export", DESK, post=UNION, sees=UNIT),
]
