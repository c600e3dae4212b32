"""What of learning the world of the table holds: a vision, agreements, a card, contests in each state."""

from tests.activities.learning import CONTEST, DAY, card, contest, propose, running, today, write_vision
from tests.workbooks import workbook


def add_learning(world):
    from tests.access.world import FileOfEveryVisit

    people, unit, team = world.people, world.unit, world.team
    world.vision = write_vision(world.person)
    world.study_item = world.vision.items.create(text="学电气识图", due_on=today() + 30 * DAY)
    world.mentorship = propose(team, people["deputy"], world.person, people["leader"])
    world.running_mentorship = running(team, people["safety"], world.colleague, people["leader"])
    world.apprentice = people["clerk"]
    world.card = card(unit, people["leader"])
    rows = {"题库": [["题目", "答案"], ["为什么要疏水？", "防止水击。"]]}
    world.card_file = FileOfEveryVisit("题库.xlsx", workbook(rows).getvalue())
    pair = (people["worker"], people["leader"])
    world.contest = contest(unit, people["union"], *pair)
    world.entrant = world.contest.entrants.first()
    world.running_contest = contest(unit, people["union"], *pair, state="running", name="钳工比武")
    world.running_contest.entrants.update(score=9000)
    world.ranked_contest = contest(unit, people["union"], *pair, state="ranked", name="焊工比武")


NEW_CONTEST = {
    **CONTEST,
    "subject": ["person"],
    "unit": "unit",
    "starts_on": "today",
    "ends_on": "today",
    "lower_is_better": "on",
}
