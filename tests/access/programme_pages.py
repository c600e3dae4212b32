"""The rows of the table about programmes of honours, their rounds and what bars."""

from tests.access.page import NEIGHBOUR, NOBODY, SIGNED_IN, STRANGER, TEAM, UNIT, Page

UNION = frozenset({"union"})
READERS = TEAM | NEIGHBOUR
COUNTERS = frozenset({"union", "manager", "party", "auditor"}) | STRANGER
NEW_PROGRAMME = {  # words in a list are no names of objects of the world
    "unit": "unit",
    "subject": ["team"],
    "name": "五好班组",
    "title": "五好班组",
    "applicants": "leader",
    "notice_days": "5",
    "valid_months": "12",
    "reviewers": "3",
    "levels-rows": "1",
    "levels-1-name": "工会推荐",
    "levels-1-at": ["unit"],
    "levels-1-roles": "union",
    "criteria-rows": "1",
    "criteria-1-name": "安全无事故",
    "criteria-1-group": "安全",
    "criteria-1-method": "score",
    "criteria-1-points": "10",
    "conditions-rows": "1",
    "conditions-1-text": "发生事故",
    "conditions-1-kind": ["veto"],
    "conditions-1-case": "accident",
    "conditions-1-bar_months": "12",
    "materials-rows": "0",
}
NEW_BATCH = {"name": "第二批", "opens_on": "today", "apply_until": "later", "review_until": "later"}
NEW_BAR = {"unit": "unit", "team": "", "number": "", "code": "pollution", "happened_on": "today", "text": "废水超标"}
WHY = {"reason": "条件变了"}
LATER = {"apply_until": "later", "review_until": "later"} | WHY

PROGRAMME_PAGES = [
    Page("assessments:programmes", get=SIGNED_IN),
    Page("assessments:programme-install", ("seven_have",), post=UNION, body={"unit": "unit"}),
    Page("assessments:programme-new", get=UNION, post=UNION, body=NEW_PROGRAMME),
    Page("assessments:programme", ("programme",), get=READERS, sees=NOBODY),
    Page("assessments:programme-edit", ("programme",), get=UNION, post=UNION, sees=UNIT, body=NEW_PROGRAMME),
    Page("assessments:programme-retire", ("programme",), post=UNION, sees=UNIT),
    Page("assessments:programme-restore", ("retired_programme",), post=UNION, sees=UNIT),
    Page("assessments:round-new", ("programme",), get=UNION, post=UNION, sees=UNIT, body=NEW_BATCH),
    Page("assessments:bars", get=UNION),
    Page("assessments:bar-new", get=UNION, post=UNION, body=NEW_BAR),
    Page("assessments:bar-lift", ("bar",), post=UNION, sees=UNIT, body=WHY),
    Page("assessments:rounds", get=SIGNED_IN),
    Page("assessments:round-figures", get=COUNTERS),
    Page("assessments:round-figures-export", post=COUNTERS),
    Page("assessments:round", ("called_round",), get=READERS, sees=NOBODY),
    Page("assessments:round", ("planned_round",), get=UNION, sees=NOBODY),
    Page("assessments:round-edit", ("planned_round",), get=UNION, post=UNION, sees=NOBODY, body=NEW_BATCH),
    Page("assessments:round-open", ("planned_round",), post=UNION, sees=NOBODY),
    Page("assessments:round-invite", ("called_round",), post=UNION, sees=UNIT),
    Page("assessments:round-put-off", ("called_round",), post=UNION, sees=UNIT, body=LATER),
    Page("assessments:round-begin-review", ("called_round",), post=UNION, sees=UNIT, body={"early": "1"}),
    Page("assessments:round-cancel", ("called_round",), post=UNION, sees=UNIT, body=WHY),
]
