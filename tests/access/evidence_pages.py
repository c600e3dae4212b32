"""The rows of the table about evidence for the lines of the standard, and about the walls of teams."""

from tests.access.page import LEADERS, SIGNED_IN, TEAM, Page

KEEPERS = LEADERS | {"clerk", "assessor"}
EVIDENCE_PAGES = [
    Page("assessments:evidence-lines", ("team",), get=TEAM, sees=TEAM),
    Page("assessments:evidence", ("team", "1.1"), get=TEAM, post=KEEPERS, sees=TEAM, body={"records": "activity"}),
    Page("assessments:evidence-take-back", ("team", "1.1", "activity"), post=KEEPERS, sees=TEAM),
    Page("assessments:evidence-export", ("team",), post=KEEPERS, sees=TEAM),
    Page("activities:walls", get=SIGNED_IN),
    Page("activities:wall", ("team",), get=SIGNED_IN),
]
