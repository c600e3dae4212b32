"""The deeds of learning."""

from tests.access.deed import Deed
from tests.access.learning import NEW_CONTEST
from tests.access.learning_pages import AGREEMENT, CARD, EXAM, ITEM, POST, VISION, WHY


def scores(world):
    return {f"s-{world.running_contest.entrants.first().pk}": "95.5"}


LEARNING_DEEDS = {
    "activities:learning-export": Deed("leader", "learning.exported"),
    "activities:lecturers-export": Deed("manager", "lecturer.exported"),
    "activities:growth-export": Deed("manager", "growth.exported"),
    "activities:own-vision": Deed("clerk", "vision.written", VISION),
    "activities:study-item-add": Deed("worker", "study_item.added", ITEM),
    "activities:study-item-done study_item": Deed("worker", "study_item.done", {"outcome": "会了"}),
    "activities:study-item-drop study_item": Deed("worker", "study_item.dropped"),
    "activities:vision-review vision": Deed("leader", "vision.reviewed", {"text": "进步很大", "review_on": "later"}),
    "activities:mentorships-export": Deed("union", "mentorship.exported"),
    "activities:mentorship-propose": Deed("leader", "mentorship.proposed", AGREEMENT),
    "activities:mentorship-agree mentorship": Deed("worker", "mentorship.agreed"),
    "activities:mentorship-object mentorship": Deed("deputy", "mentorship.objected", WHY),
    "activities:mentorship-end mentorship": Deed("manager", "mentorship.ended", WHY),
    "activities:mentorship-examine running_mentorship": Deed("assessor", "mentorship.examined", EXAM),
    "activities:practice": Deed("worker", "practice.answered", {"card": "card", "result": "known"}),
    "activities:practice-export": Deed("leader", "practice_card.exported"),
    "activities:practice-write": Deed("assessor", "practice_card.written", CARD),
    "activities:practice-import": Deed("leader", "practice_card.imported", {"unit": "unit", "file": "card_file"}),
    "activities:practice-change card": Deed("leader", "practice_card.changed", CARD),
    "activities:practice-retire card": Deed("manager", "practice_card.retired"),
    "activities:contest-create": Deed("union", "contest.created", NEW_CONTEST),
    "activities:contest-change contest": Deed("union", "contest.changed", NEW_CONTEST | {"name": "新名"}),
    "activities:contest-enter contest": Deed("union", "contest.entered", {"holders": "apprentice"}),
    "activities:contest-leave entrant": Deed("union", "contest.left"),
    "activities:contest-start contest": Deed("manager", "contest.started"),
    "activities:contest-cancel contest": Deed("manager", "contest.cancelled", WHY),
    "activities:contest-scores running_contest": Deed("union", "contest.scored", scores),
    "activities:contest-rank running_contest": Deed("union", "contest.ranked"),
    "activities:contest-reopen ranked_contest": Deed("union", "contest.reopened"),
    "activities:contest-post ranked_contest": Deed("union", "board.published", POST),
    "activities:contest-export ranked_contest": Deed("worker", "contest.exported"),
}
