"""The rows of the table about lists and challenges."""

from tests.access.page import NOBODY, SIGNED_IN, UNIT, Page
from tests.access.programme_pages import READERS

UNION = frozenset({"union"})
WHY = {"reason": "核对无误"}
SHORTLIST = {"do": "shortlist", "chosen": "judged_best"}
DOUBT = {"text": "有一起事故没有上报", "sealed": "sealed"}
VERDICT = {"verdict": "upheld", "answer": "查实"}

NAME_LIST_PAGES = [
    Page("assessments:name-list", ("judged_round",), get=UNION, post=UNION, sees=UNIT, body=SHORTLIST),
    Page("assessments:name-list", ("planned_round",), get=NOBODY, post=NOBODY, sees=NOBODY),
    Page("assessments:name-list-meter", ("judged_round",), get=UNION, sees=UNIT),
    Page("assessments:name-list-fix", ("judged_round",), post=UNION, sees=UNIT),
    Page("assessments:name-list-reopen", ("listed_round",), post=UNION, sees=UNIT, body=WHY),
    Page("assessments:name-list-post", ("listed_round",), post=UNION, sees=UNIT),
    Page(
        "assessments:name-list-strike-off",
        ("listed_round",),
        post=UNION,
        sees=UNIT,
        body=WHY | {"application": "listed_best"},
    ),
    Page(
        "assessments:name-list-step-in", ("listed_round",), post=UNION, sees=UNIT, body={"application": "listed_second"}
    ),
    Page("assessments:challenges", get=SIGNED_IN),
    Page("assessments:challenge-new", ("posted_best",), get=READERS, post=READERS, sees=NOBODY, body=DOUBT),
    Page("assessments:challenge-new", ("listed_best",), get=NOBODY, post=NOBODY, sees=NOBODY, body=DOUBT),
    Page("assessments:challenge-export", ("posted_round",), post=UNION, sees=UNIT),
    Page("assessments:challenge", ("challenge",), get=UNION | {"worker"}, sees=NOBODY),
    Page("assessments:challenge-answer", ("challenge",), post=UNION, sees=frozenset({"worker"}), body=VERDICT),
]
