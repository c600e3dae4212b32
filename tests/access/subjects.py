"""The rows of the table that lie in files of their subjects."""

from tests.access.account_pages import ACCOUNT_PAGES
from tests.access.activity_pages import ACTIVITY_PAGES
from tests.access.board_pages import BOARD_PAGES
from tests.access.due_pages import DUE_PAGES
from tests.access.evidence_pages import EVIDENCE_PAGES
from tests.access.idea_pages import IDEA_PAGES
from tests.access.knowledge_pages import KNOWLEDGE_PAGES
from tests.access.learning_pages import LEARNING_PAGES
from tests.access.objection_pages import OBJECTION_PAGES
from tests.access.party_pages import PARTY_PAGES
from tests.access.payslip_pages import PAYSLIP_PAGES
from tests.access.piece_pages import PIECE_PAGES
from tests.access.point_pages import POINT_PAGES
from tests.access.spending_table import SPENDING_PAGES

SUBJECT_PAGES = [
    *ACCOUNT_PAGES,
    *ACTIVITY_PAGES,
    *BOARD_PAGES,
    *DUE_PAGES,
    *EVIDENCE_PAGES,
    *IDEA_PAGES,
    *KNOWLEDGE_PAGES,
    *LEARNING_PAGES,
    *OBJECTION_PAGES,
    *PARTY_PAGES,
    *PAYSLIP_PAGES,
    *PIECE_PAGES,
    *POINT_PAGES,
    *SPENDING_PAGES,
]
