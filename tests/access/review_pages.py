"""The rows of the table about reviews."""

from tests.access.page import SIGNED_IN, UNIT, Page

UNION, REVIEWER = frozenset({"union"}), frozenset({"assessor"})
WHY = {"reason": "是亲戚"}
MARKS = {"seen": "review_seen", "mark-0": "36", "note-0": "做得扎实", "whole": "可以推荐"}
FOUND = {"kind": "visit", "date": "today", "people": "评审组三人", "text": "现场整洁，台账属实"}
DRAW = {"ticked": "review_expert"}
ASKED = {"people": "review_number"}

REVIEW_PAGES = [
    Page("assessments:reviews", get=SIGNED_IN),
    Page("assessments:review", ("review",), get=REVIEWER, post=REVIEWER, sees=REVIEWER, body=MARKS),
    Page("assessments:review-decline", ("review",), post=REVIEWER, sees=REVIEWER, body=WHY),
    Page("assessments:review-excuse", ("review",), post=UNION, sees=UNIT, body=WHY),
    Page("assessments:review-desk", ("review_round",), get=UNION, post=UNION, sees=UNIT, body=DRAW),
    Page("assessments:review-summary", ("review_round",), get=UNION, sees=UNIT),
    Page("assessments:review-summary-export", ("review_round",), post=UNION, sees=UNIT),
    Page("assessments:review-application", ("judged",), get=UNION, sees=UNIT),
    Page("assessments:review-assign", ("unreviewed",), post=UNION, sees=UNIT, body=ASKED),
    Page("assessments:review-panel", ("judged",), post=UNION, sees=UNIT, body=FOUND),
]
