"""The deeds about reviews."""

from tests.access.deed import Deed
from tests.access.review_pages import ASKED, DRAW, FOUND, MARKS, WHY

REVIEW_DEEDS = {
    "assessments:review review": Deed("assessor", "review.saved", MARKS),
    "assessments:review-decline review": Deed("assessor", "review.excused", WHY),
    "assessments:review-excuse review": Deed("union", "review.excused", WHY),
    "assessments:review-desk review_round": Deed("union", "review.drawn", DRAW),
    "assessments:review-summary-export review_round": Deed("union", "review.exported"),
    "assessments:review-assign unreviewed": Deed("union", "review.assigned", ASKED),
    "assessments:review-panel judged": Deed("union", "panel.recorded", FOUND),
}
