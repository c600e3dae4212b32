"""The rows of the table about titles, their rechecks and their certificates."""

from tests.access.page import MEMBERS, PUBLIC, SIGNED_IN, UNIT, Page
from tests.access.programme_pages import READERS

UNION = frozenset({"union"})
PRINTERS = MEMBERS | UNION
"""Who prints the certificate: who belongs to the team that bears the title, and the union."""
WHY = {"reason": "有人反映"}
NAMING = {"document": "工发〔2026〕9号", "named_on": "today"}
KEPT = {"result": "keep", "reason": "一年来保持得好"}
MENDED = {"outcome": "restore", "reason": "台账已补齐"}

TITLE_PAGES = [
    Page("assessments:titles", get=SIGNED_IN),
    Page("assessments:title-export", post=SIGNED_IN),
    Page("assessments:title-rechecks", get=UNION),
    Page("assessments:title", ("title",), get=READERS, sees=frozenset()),
    Page("assessments:title", ("mending_title",), get=READERS, sees=frozenset()),
    Page("assessments:title-call", ("title",), post=UNION, sees=READERS, body=WHY),
    Page("assessments:title-close", ("mending_title",), post=UNION, sees=READERS, body=MENDED),
    Page("assessments:title-recheck", ("title_recheck",), get=UNION, post=UNION, sees=READERS, body=KEPT),
    Page("assessments:title-certificate", ("title",), get=PRINTERS, sees=READERS),
    Page("assessments:title-verified", ("title_serial",), get=PUBLIC, sees=PUBLIC),
    Page("assessments:round-name", ("round_to_name",), get=UNION, post=UNION, sees=UNIT, body=NAMING),
    Page("assessments:round-certificates", ("named_round",), get=UNION, sees=UNIT),
]
