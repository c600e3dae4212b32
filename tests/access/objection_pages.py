"""The rows of the table about objections: `objection` is filed by the clerk, about a figure of the team on its board."""

from tests.access.page import MEMBERS, NEIGHBOUR, STRANGER, TEAM, Page

DECIDERS = frozenset({"manager", "union"})
READERS = MEMBERS | DECIDERS | {"auditor"}
LISTERS = READERS | NEIGHBOUR | STRANGER
NEW_OBJECTION = {"cell": "amount", "wanted": "900.00", "reason": "少算了一个夜班"}
REFUSAL = {"ground": "evidence", "note": "请补签到表"}
ANSWER = {"verdict": "kept", "answer": "查过签到表，没有错"}
CORRECTION = {"text": "已在下月补记", "url": "/expenses/"}

OBJECTION_PAGES = [
    Page("bulletins:objections", get=LISTERS),
    Page("bulletins:objections-export", post=LISTERS),
    Page("bulletins:objection-new", ("board",), get=MEMBERS, post=MEMBERS, sees=TEAM, body=NEW_OBJECTION),
    Page("bulletins:objection", ("objection",), get=READERS, sees=TEAM),
    Page("bulletins:objection-step", ("objection", "support"), post=MEMBERS, sees=TEAM),
    Page("bulletins:objection-step", ("objection", "withdraw"), post=frozenset({"clerk"}), sees=TEAM),
    Page("bulletins:objection-step", ("objection", "accept"), post=DECIDERS, sees=TEAM),
    Page("bulletins:objection-refuse", ("objection",), post=DECIDERS, sees=TEAM, body=REFUSAL),
    Page("bulletins:objection-answer", ("accepted_objection",), post=DECIDERS, sees=TEAM, body=ANSWER),
    Page(
        *("assessments:objection-correct", ("score_objection",)),
        get=frozenset({"assessor"}),
        post=frozenset({"assessor"}),
        sees=TEAM,
    ),
    Page(
        *("incentives:objection-correct", ("upheld_objection",)),
        get=frozenset({"manager"}),
        post=frozenset({"manager"}),
        sees=TEAM,
    ),
    Page("bulletins:objection-correct", ("upheld_objection",), post=DECIDERS, sees=TEAM, body=CORRECTION),
]
