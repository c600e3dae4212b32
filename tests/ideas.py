"""Ideas in every state, made as people make them."""

import datetime
import uuid
from types import SimpleNamespace

from django.utils import timezone

from activities.models import Idea
from activities.services import goals, ideas
from activities.services.goals import Content as GoalContent
from activities.services.ideas import Content
from tests import factories as make

State = Idea.State
TEXT = {"kind": "suggestion", "theme": "energy", "problem": "疏水白白排掉", "proposal": "改接到凝汽器"}


class Scene:
    """A plant with a unit, two of its teams, and a person for each part in the life of an idea."""

    def __init__(self):
        self.root = make.make_unit("本厂")
        self.unit = make.make_unit("运行部", self.root)
        self.team, self.other_team = make.make_team(self.unit, "一值"), make.make_team(self.unit, "二值")
        self.author, self.mate = make.make_member(self.team), make.make_member(self.team)
        self.owner, self.neighbour = make.make_member(self.team, "leader"), make.make_member(self.other_team)
        self.reviewer, self.verifier = make.give_role(self.unit, "manager"), make.give_role(self.unit, "assessor")
        self.stranger = make.give_role(make.make_unit("检修部", self.root), "manager")

    def submitted(self, **content):
        facts = TEXT | {"title": "疏水回收", "authors": [self.mate]} | content
        return ideas.submit(self.team, Content(**facts), actor=self.author, source=uuid.uuid4())

    def returned(self):
        return self._after(self.submitted(), "return", self.reviewer)

    def refused(self):
        return self._after(self.submitted(), "refuse", self.reviewer)

    def withdrawn(self):
        return self._after(self.submitted(), "withdraw", self.author)

    def adopted(self, days=10):
        idea, due_on = self.submitted(), timezone.localdate() + datetime.timedelta(days=days)
        ideas.adopt(idea, self.owner, due_on, actor=self.reviewer)
        return idea

    def carried_out(self):
        return self._after(self.adopted(), "carry-out", self.owner)

    def verified(self):
        idea = self.carried_out()
        ideas.verify(idea, 1_200_000, "一年少用除盐水", actor=self.verifier)
        return idea

    def ineffective(self):
        return self._after(self.carried_out(), "ineffective", self.verifier)

    def in_state(self, state):
        return getattr(self, state)()

    @staticmethod
    def _after(idea, name, actor):
        ideas.take(idea, name, "写明原因", actor=actor)
        return idea


def add_to_world(world):
    """An idea of the worker that waits for review, one returned, one that the clerk carries out, one that is carried out."""
    people, due_on = world.people, timezone.localdate() + datetime.timedelta(days=20)

    def submitted():
        facts = TEXT | {"title": "疏水回收"}
        return ideas.submit(world.team, Content(**facts), actor=world.person, source=uuid.uuid4())

    world.idea, world.returned_idea, world.adopted_idea, world.carried_idea = (submitted() for _ in range(4))
    ideas.take(world.returned_idea, "return", "写具体些", actor=people["manager"])
    for idea in (world.adopted_idea, world.carried_idea):
        ideas.adopt(idea, people["clerk"], due_on, actor=people["manager"])
    ideas.take(world.carried_idea, "carry-out", "接好了", actor=people["clerk"])
    _add_goals(world, due_on)


def _add_goals(world, due_on):
    """A goal of the unit, one of the team with a measure of the worker, one of the worker."""
    people = world.people
    facts = {"horizon": "short", "title": "全年无违章", "measure": "违章次数", "target": 0, "lower_is_better": True}
    content = GoalContent(**facts, starts_on=timezone.localdate(), due_on=due_on)
    world.unit_goal = goals.set_goal(content, unit=world.unit, actor=people["manager"])
    world.goal = goals.set_goal(content, unit=world.unit, team=world.team, actor=people["leader"])
    world.own_goal = goals.set_goal(content, unit=world.unit, user=world.person, actor=world.person)
    world.measure = goals.add_measure(world.goal, "班前会讲规程", world.person, due_on, actor=people["leader"])


def words_of(team, people):
    """Rows for the pages of a browser: {word: id}; `people` are by role."""
    clerk = {"clerk": people["leader"]}
    world = SimpleNamespace(team=team, unit=team.unit, people=people | clerk, person=people["worker"])
    add_to_world(world)
    names = ("idea", "returned_idea", "adopted_idea", "carried_idea", "unit_goal", "goal", "own_goal")
    return {name: getattr(world, name).pk for name in names}


def add_many(team, many, chief):
    """That many ideas of a team in three states, and goals of the unit, the team and a member with as many measures each."""
    author, *_ = [row.user for row in team.memberships.exclude(user=chief).order_by("pk")]
    today = timezone.localdate()
    for number in range(many):
        facts = TEXT | {"title": f"建议 {number}", "authors": [chief]}
        for state in ("submitted", "adopted", "returned"):
            idea = ideas.submit(team, Content(**facts), actor=author, source=uuid.uuid4())
            if state == "adopted":
                ideas.adopt(idea, chief, today, actor=chief)
            if state == "returned":
                ideas.take(idea, "return", "写具体些", actor=chief)
    facts = {"horizon": "short", "measure": "得分", "target": 9000, "baseline": 8000}
    days = {"starts_on": today - datetime.timedelta(days=60), "due_on": today + datetime.timedelta(days=60)}
    for number in range(many):
        for figure in ("", "score", "ideas"):
            content = GoalContent(**facts, **days, title=f"得分 {number}", figure=figure)
            for owner in ({}, {"team": team}, {"user": author}):
                goal = goals.set_goal(content, unit=team.unit, actor=chief, **owner)
                for _ in range(many):
                    goals.add_measure(goal, "讲规程", chief, today, actor=chief)
                if not figure:
                    goals.enter_progress(goal, today, 8500 + number, actor=chief)


def add_steps(team, person):
    """An idea and a goal of a team with the first step of each."""
    ideas.submit(team, Content(**TEXT | {"title": "疏水回收"}), actor=person, source=uuid.uuid4())
    today = timezone.localdate()
    content = GoalContent("short", "全年无违章", "违章次数", 0, today, today + datetime.timedelta(days=9))
    goal = goals.set_goal(content, unit=team.unit, team=team, actor=person)
    goals.enter_progress(goal, today, 0, actor=person)


def add_marked(marked, other, words):
    """Ideas and goals in which everything that people type is `words`."""
    chief, due_on = marked.chief, marked.today + datetime.timedelta(days=9)
    text = {"kind": "qc", "theme": "cost", "title": words, "problem": words, "proposal": words, "expected": words}

    def submitted():
        return ideas.submit(marked.team, Content(**text, authors=[chief]), actor=other, source=uuid.uuid4())

    marked.idea, marked.returned_idea, marked.adopted_idea = (submitted() for _ in range(3))
    ideas.take(marked.returned_idea, "return", words, actor=chief)
    ideas.adopt(marked.adopted_idea, other, due_on, words, actor=chief)
    content = GoalContent("short", words, words, 0, marked.today, due_on, measured_in=words[:10])
    marked.unit_goal = goals.set_goal(content, unit=marked.unit, actor=chief)
    marked.goal = goals.set_goal(content, unit=marked.unit, team=marked.team, actor=chief)
    marked.own_goal = goals.set_goal(content, unit=marked.unit, user=other, actor=other)
    measure = goals.add_measure(marked.goal, words, other, due_on, actor=chief)
    goals.finish_measure(measure, words, actor=other)
    goals.add_measure(marked.goal, words, other, due_on, actor=chief)
    goals.enter_progress(marked.goal, marked.today, 100, words, actor=chief)
