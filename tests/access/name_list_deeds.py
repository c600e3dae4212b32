"""The deeds about lists and challenges."""

from tests.access.deed import Deed
from tests.access.name_list_pages import DOUBT, SHORTLIST, VERDICT, WHY
from tests.access.name_lists import decided, freed

NAME_LIST_DEEDS = {
    "assessments:name-list judged_round": Deed("union", "application.shortlisted", SHORTLIST),
    "assessments:name-list-fix judged_round": Deed("union", "round.listed", before=decided),
    "assessments:name-list-reopen listed_round": Deed("union", "round.reopened", WHY),
    "assessments:name-list-post listed_round": Deed("union", "board.published"),
    "assessments:name-list-strike-off listed_round": Deed(
        "union", "application.struck_off", WHY | {"application": "listed_best"}
    ),
    "assessments:name-list-step-in listed_round": Deed(
        "union", "application.stepped_in", {"application": "listed_second"}, before=freed
    ),
    "assessments:challenge-new posted_best": Deed("clerk", "challenge.filed", DOUBT | {"sealed": "real"}),
    "assessments:challenge-export posted_round": Deed("union", "challenge.exported"),
    "assessments:challenge-answer challenge": Deed("union", "challenge.upheld", VERDICT),
}
