"""The rows of the table that lie in files of their subjects."""

from tests.access.account_pages import ACCOUNT_PAGES
from tests.access.activity_pages import ACTIVITY_PAGES
from tests.access.application_pages import APPLICATION_PAGES
from tests.access.board_pages import BOARD_PAGES
from tests.access.due_pages import DUE_PAGES
from tests.access.evidence_pages import EVIDENCE_PAGES
from tests.access.idea_pages import IDEA_PAGES
from tests.access.knowledge_pages import KNOWLEDGE_PAGES
from tests.access.learning_pages import LEARNING_PAGES
from tests.access.name_list_pages import NAME_LIST_PAGES
from tests.access.objection_pages import OBJECTION_PAGES
from tests.access.party_pages import PARTY_PAGES
from tests.access.payslip_pages import PAYSLIP_PAGES
from tests.access.piece_pages import PIECE_PAGES
from tests.access.point_pages import POINT_PAGES
from tests.access.programme_pages import PROGRAMME_PAGES
from tests.access.review_pages import REVIEW_PAGES
from tests.access.spending_table import SPENDING_PAGES
from tests.access.studio_pages import STUDIO_PAGES
from tests.access.title_pages import TITLE_PAGES

SUBJECT_PAGES = [
    *ACCOUNT_PAGES,
    *ACTIVITY_PAGES,
    *APPLICATION_PAGES,
    *BOARD_PAGES,
    *DUE_PAGES,
    *EVIDENCE_PAGES,
    *IDEA_PAGES,
    *KNOWLEDGE_PAGES,
    *LEARNING_PAGES,
    *NAME_LIST_PAGES,
    *OBJECTION_PAGES,
    *PARTY_PAGES,
    *PAYSLIP_PAGES,
    *PIECE_PAGES,
    *POINT_PAGES,
    *PROGRAMME_PAGES,
    *REVIEW_PAGES,
    *SPENDING_PAGES,
    *STUDIO_PAGES,
    *TITLE_PAGES,
]
