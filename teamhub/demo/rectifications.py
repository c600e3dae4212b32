"""What became of the findings of the running month: the oldest are closed, the newest wait for the leader."""

import datetime
import random

from django.utils import timezone

from assessments.models import Check, Rectification
from assessments.services import rectifications
from teamhub.demo.events import WORKER
from teamhub.demo.photos import photo
from teams.workdays import last_day_of_notice

State = Rectification.State
AGES = [State.CLOSED, State.CLOSED, State.REPORTED, State.ASSIGNED, State.UNASSIGNED]
"""The states of a team's rectifications from the oldest to the newest, a fifth of them each."""
MEASURES = ["已当场整改，班前会上讲过一遍。", "已清理干净，拍照留存。", "已补齐，并写进交接班记录。"]
REFUSED = "只写了结果，请把怎么改的、以后怎么防写清楚。"
AGAIN = "已整改，并加进交接班必查项，安全员每周看一次。"
STATEMENT = "当时正在处理报警，事后马上补上了，今后注意。"


def add(plant, months):
    """Let every team deal with what was found this month; what names the worker whom a visitor plays is left to do."""
    for demo in plant.teams:
        rows = list(Rectification.objects.filter(team=demo.team).order_by("finding__date", "id"))
        for number, row in enumerate(rows):
            is_visitor = row.finding.person and row.finding.person.employee_no == WORKER
            state = State.ASSIGNED if is_visitor else AGES[number * len(AGES) // len(rows)]
            _Case(row, months[demo.team.name], plant.holders["assessor"]).reach(state)


class _Case:
    """One rectification with the people who deal with it."""

    def __init__(self, row, month, assessor):
        people = list(month.people.values())
        self.row, self.month = row, month
        self.rng = random.Random(f"teamhub: rectification {month.demo.team.name} {row.finding.date} {row.pk}")
        self.doer = row.finding.person or self.rng.choice(people)
        officer = next(person for person in people if person != self.doer)
        self.reviewer = officer if row.finding.on_sheet.kind == Check.Kind.SELF else assessor

    def reach(self, state):
        due_on = last_day_of_notice(self.row.finding.date + datetime.timedelta(days=1), rectifications.DAYS_TO_RECTIFY)
        if state != State.UNASSIGNED:
            self._assign(max(due_on, timezone.localdate()))
        Rectification.objects.filter(pk=self.row.pk).update(due_on=due_on)
        if state in (State.REPORTED, State.CLOSED):
            self._report(state)
        if state == State.CLOSED:
            rectifications.close(self.row, actor=self.reviewer)

    def _assign(self, due_on):
        rectifications.assign(self.row, self.doer, due_on=due_on, note="", actor=self.month.demo.leader)

    def _report(self, state):
        photos = [photo(self.month, self.doer) for _ in self.row.finding.photos.all()]
        rectifications.report(self.row, self.rng.choice(MEASURES), photos=photos, actor=self.doer)
        if state == State.REPORTED and self.rng.random() < 0.4:
            rectifications.refuse(self.row, REFUSED, actor=self.reviewer)
            rectifications.report(self.row, AGAIN, photos=[], actor=self.doer)
        if state == State.CLOSED and self.row.finding.person:
            rectifications.add_statement(self.row.finding, STATEMENT, actor=self.doer)
