"""The rows of the table about learning: hours, growth, visions, mentorships, practice cards, contests."""

from tests.access.learning import NEW_CONTEST
from tests.access.page import LEADERS, NEIGHBOUR, NOBODY, SIGNED_IN, STRANGER, TEAM, Page

MANAGE = LEADERS | {"manager"}
MANAGE_ANYWHERE = MANAGE | NEIGHBOUR | STRANGER
WRITE = MANAGE | {"assessor"}
WRITE_ANYWHERE = WRITE | NEIGHBOUR | STRANGER
RUN = frozenset({"manager", "union"})
SPECTATORS = TEAM | NEIGHBOUR
VISION = {"statement": "当上班长", "review_on": "later", "mentor": ""}
ITEM = {"text": "学继电保护", "how": "看书", "due_on": "later"}
AGREEMENT = {
    "apprentice": "apprentice",
    "mentor": "person",
    "aims": "会独立巡检",
    "starts_on": "today",
    "ends_on": "later",
}
EXAM = {"exam_on": "today", "score": "90", "passed": "yes", "outcome": "操作熟练"}
CARD = {"unit": "unit", "trade": "", "question": "为什么要疏水？", "answer": "防止水击。"}
POST = {"honoured": "0", "level": "company", "granted_by": "集团"}
WHY = {"reason": "另有安排"}

LEARNING_PAGES = [
    Page("activities:learning", get=SIGNED_IN),
    Page("activities:learning-export", post=SIGNED_IN),
    Page("activities:lecturers", get=SIGNED_IN),
    Page("activities:lecturers-export", post=SIGNED_IN),
    Page("activities:own-growth", get=SIGNED_IN),
    Page("activities:growth-list", get=MANAGE_ANYWHERE),
    Page("activities:growth-export", post=MANAGE_ANYWHERE),
    Page("activities:growth", ("person",), get=MANAGE | {"worker"}, sees=NOBODY),
    Page("activities:visions", get=LEADERS | NEIGHBOUR),
    Page("activities:own-vision", get=SIGNED_IN, post=SIGNED_IN, body=VISION),
    Page("activities:study-item-add", post={"worker"}, sees=NOBODY, body=ITEM),
    Page("activities:study-item-done", ("study_item",), post={"worker"}, sees=NOBODY, body={"outcome": "会了"}),
    Page("activities:study-item-drop", ("study_item",), post={"worker"}, sees=NOBODY),
    Page("activities:vision", ("vision",), get=LEADERS | {"worker"}, sees=NOBODY),
    Page(
        "activities:vision-review",
        ("vision",),
        post=LEADERS,
        sees=frozenset({"worker"}),
        body={"text": "进步很大", "review_on": "later"},
    ),
    Page("activities:mentorships", get=SIGNED_IN),
    Page("activities:mentorships-export", post=SIGNED_IN),
    Page("activities:mentorship-propose", ("team",), get=MANAGE, post=MANAGE, sees=TEAM, body=AGREEMENT),
    Page("activities:mentorship", ("mentorship",), get=TEAM, sees=NOBODY),
    Page("activities:mentorship-agree", ("mentorship",), post={"deputy", "worker"}, sees=TEAM),
    Page("activities:mentorship-object", ("mentorship",), post={"deputy", "worker"}, sees=TEAM, body=WHY),
    Page("activities:mentorship-end", ("mentorship",), post=MANAGE, sees=TEAM, body=WHY),
    Page(
        "activities:mentorship-examine",
        ("running_mentorship",),
        post={"leader", "manager", "assessor"},
        sees=TEAM,
        body=EXAM,
    ),
    Page("activities:practice", get=SIGNED_IN, post=SIGNED_IN, body={"card": "card", "result": "known"}),
    Page("activities:practice-cards", get=SIGNED_IN),
    Page("activities:practice-export", post=WRITE_ANYWHERE),
    Page("activities:practice-write", get=WRITE_ANYWHERE, post=WRITE_ANYWHERE, body=CARD),
    Page(
        "activities:practice-import",
        get=WRITE_ANYWHERE,
        post=WRITE_ANYWHERE,
        body={"unit": "unit", "file": "card_file"},
    ),
    Page("activities:practice-change", ("card",), get=WRITE | NEIGHBOUR, post=WRITE | NEIGHBOUR, sees=TEAM, body=CARD),
    Page("activities:practice-retire", ("card",), post=WRITE | NEIGHBOUR, sees=TEAM),
    Page("activities:practice-statistics", get=WRITE_ANYWHERE),
    Page("activities:practice-team", ("team",), get=WRITE, sees=TEAM),
    Page("activities:contests", get=SIGNED_IN),
    Page("activities:contest-create", get=RUN | STRANGER, post=RUN | STRANGER, body=NEW_CONTEST),
    Page("activities:contest", ("contest",), get=SPECTATORS, sees=NOBODY),
    Page(
        "activities:contest-change",
        ("contest",),
        get=RUN,
        post=RUN,
        sees=SPECTATORS,
        body=NEW_CONTEST | {"name": "新名"},
    ),
    Page("activities:contest-enter", ("contest",), get=RUN, post=RUN, sees=SPECTATORS, body={"holders": "apprentice"}),
    Page("activities:contest-leave", ("entrant",), post=RUN, sees=SPECTATORS),
    Page("activities:contest-start", ("contest",), post=RUN, sees=SPECTATORS),
    Page("activities:contest-cancel", ("contest",), post=RUN, sees=SPECTATORS, body=WHY),
    Page("activities:contest-scores", ("running_contest",), get=RUN, post=RUN, sees=SPECTATORS),
    Page("activities:contest-rank", ("running_contest",), post=RUN, sees=SPECTATORS),
    Page("activities:contest-reopen", ("ranked_contest",), post=RUN, sees=SPECTATORS),
    Page("activities:contest-post", ("ranked_contest",), get=RUN, post=RUN, sees=SPECTATORS, body=POST),
    Page("activities:contest-export", ("ranked_contest",), post=SPECTATORS, sees=NOBODY),
]
