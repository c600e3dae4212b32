"""The deeds about titles."""

from tests.access.deed import Deed
from tests.access.title_pages import KEPT, MENDED, NAMING, WHY

TITLE_DEEDS = {
    "assessments:title-export": Deed("worker", "title.exported"),
    "assessments:title-call title": Deed("union", "recheck.opened", WHY),
    "assessments:title-close mending_title": Deed("union", "title.restored", MENDED),
    "assessments:title-recheck title_recheck": Deed("union", "title.kept", KEPT),
    "assessments:round-name round_to_name": Deed("union", "board.published", NAMING),
}
