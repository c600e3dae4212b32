"""优秀班组长 of the demo: reviewed, the list made and hung today, and one name on it doubted by somebody who wants no name told."""

import datetime

from assessments.honours.assignments import alias
from assessments.honours.content import frozen_of
from assessments.models import Application, ApplicationStep, Programme, Review, Round
from assessments.services import challenges, name_lists
from teamhub.demo.past import moment, stored

DAY = datetime.timedelta(days=1)
TEAMS = {
    # team: what each of three reviewers takes off, in hundredths
    "电气检修班": (50, 100, 150),
    "运行一值": (200, 150, 250),
    "汽机检修班": (300, 350, 250),
    "化验班": (600, 500, 700),
}
OVER = "班组成绩一项评委普遍给分不高，今年先不列入，明年再报。"
DOUBT = "申报里写的“全年没有旷工”，我记得六月有人缺勤没有记，请查考勤。"


def add(plant, today):
    """The programme is installed; its round has come as far as the notice."""
    union = plant.holders["union"]
    programme = Programme.objects.get(unit=plant.root, code="best_leader")
    days = {"opens_on": today - 40 * DAY, "apply_until": today - 25 * DAY, "review_until": today + 5 * DAY}
    facts = {"name": f"{today.year}年度", "state": Round.State.REVIEWING, "frozen": frozen_of(programme)}
    found = Round.objects.create(programme=programme, created_by=union, **facts, **days)
    rows = [_reviewed(plant, found, name, number) for number, name in enumerate(TEAMS, 1)]
    name_lists.decide(found, "shortlist", rows[:2], actor=union)
    name_lists.decide(found, "reserve", rows[2:3], actor=union)
    name_lists.decide(found, "pass_over", rows[3:], OVER, actor=union)
    name_lists.fix(found, actor=union)
    name_lists.post(found, actor=union)
    challenges.file(rows[1], DOUBT, is_sealed=True, actor=plant.team("化验班").leader)


def _reviewed(plant, found, name, number):
    """The leader of a team applied, was recommended, and three people gave marks."""
    demo = plant.team(name)
    facts = {"unit": demo.team.unit, "user": demo.leader, "filed_by": demo.leader}
    facts |= {"submitted_at": moment(found.apply_until, 15)}
    state, text = Application.State.REVIEWING, f"{demo.leader.name}带的{name}全年任务完成得好。"
    row = Application.objects.create(
        round=found, number=f"PX-{found.opens_on.year}-8{number:03d}", state=state, story=text, **facts
    )
    union = plant.holders["union"]
    step = {"action": "review", "state": state, "level": 2, "unit": found.programme.unit}
    stored(ApplicationStep(application=row, actor=union, **step), moment(found.apply_until + DAY, 9))
    for place, (role, less) in enumerate(zip(("assessor", "finance", "party"), TEAMS[name], strict=True), 1):
        _review(row, plant.holders[role], alias(place), less, union)
    return row


def _review(row, reviewer, called, less, union):
    marks = {criterion["code"]: criterion["points"] for criterion in row.round.frozen["criteria"]}
    marks["1"] -= less
    facts = {"alias": called, "marks": marks, "total": sum(marks.values()), "assigned_by": union}
    done = {"state": Review.State.DONE, "done_at": moment(row.round.apply_until + 10 * DAY, 16)}
    Review.objects.create(application=row, reviewer=reviewer, **done, **facts)
