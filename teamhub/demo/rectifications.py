"""What became of the findings of the last weeks: most are closed, the newest wait for the leader, one was forgotten."""

import datetime
import random

from django.utils import timezone

from activities.duties import RECTIFICATION, source_about
from activities.services import duties
from assessments.models import Check, Rectification
from assessments.services import rectifications
from teamhub.demo.events import WORKER
from teamhub.demo.photos import photo
from teams.workdays import last_day_of_notice

State = Rectification.State
NEWEST = [State.UNASSIGNED, State.ASSIGNED, State.REPORTED, State.CLOSED, State.REPORTED]
"""The states of a team's latest rectifications, the newest first; earlier ones are closed."""
FORGETFUL = ("运行二值", "汽机检修班", "输煤班")
"""Teams that have left the oldest one undone, so that it has come up to the manager and to the plant."""
MEASURES = ["已当场整改，班前会上讲过一遍。", "已清理干净，拍照留存。", "已补齐，并写进交接班记录。"]
REFUSED = "只写了结果，请把怎么改的、以后怎么防写清楚。"
AGAIN = "已整改，并加进交接班必查项，安全员每周看一次。"
STATEMENTS = ["情况属实，当时手头的活多，没顾上。已经改好，今后注意。", "认可。事后马上补上了，班后会上也提醒了大家。"]


def add(plant, months):
    """Let every team deal with what was found lately; what names the worker whom a visitor plays is left to do."""
    for demo in plant.teams:
        rows = list(
            Rectification.objects.filter(team=demo.team, finding__voided_at=None).order_by("finding__date", "id")
        )
        states = NEWEST[: len(rows)] + [State.CLOSED] * (len(rows) - len(NEWEST))
        if demo.team.name in FORGETFUL and len(rows) > len(NEWEST):
            states[-1] = State.ASSIGNED
        for row, state in zip(reversed(rows), states, strict=True):
            is_visitor = row.finding.person and row.finding.person.employee_no == WORKER
            case = _Case(row, months[demo.team.name], plant.holders["assessor"])
            case.reach(State.ASSIGNED if is_visitor else state)


class _Case:
    """One rectification with the people who deal with it."""

    def __init__(self, row, month, assessor):
        people = list(month.people.values())
        self.row, self.month = row, month
        self.rng = random.Random(f"teamhub: rectification {month.demo.team.name} {row.finding.date} {row.pk}")
        self.doer = row.finding.person if row.finding.person in people else self.rng.choice(people)
        officer = next(person for person in people if person != self.doer)
        self.reviewer = officer if row.finding.on_sheet.kind == Check.Kind.SELF else assessor

    def reach(self, state):
        due_on = last_day_of_notice(self.row.finding.date + datetime.timedelta(days=1), rectifications.DAYS_TO_RECTIFY)
        if state != State.UNASSIGNED:
            self._assign(max(due_on, timezone.localdate()))
        self._date(due_on)
        if state in (State.REPORTED, State.CLOSED):
            self._report(state)
        if state == State.CLOSED:
            rectifications.close(self.row, actor=self.reviewer)

    def _assign(self, due_on):
        rectifications.assign(self.row, self.doer, due_on=due_on, note="", actor=self.month.demo.leader)

    def _date(self, due_on):
        """As if it had been assigned when the sheet was filed."""
        Rectification.objects.filter(pk=self.row.pk).update(due_on=due_on)
        duties.set_once(RECTIFICATION, self.row.finding_id, due_on=due_on, user=self.row.assignee)

    def _report(self, state):
        done = timezone.make_aware(datetime.datetime.combine(self.row.finding.date, datetime.time(20)))
        source = source_about(RECTIFICATION, self.row.finding_id)
        duties.fulfil(source, actor=self.doer, at=min(done, timezone.now()))
        photos = [photo(self.month, self.doer) for _ in self.row.finding.photos.all()]
        rectifications.report(self.row, self.rng.choice(MEASURES), photos=photos, actor=self.doer)
        if state == State.REPORTED and self.rng.random() < 0.4:
            rectifications.refuse(self.row, REFUSED, actor=self.reviewer)
            rectifications.report(self.row, AGAIN, photos=[], actor=self.doer)
        if state == State.CLOSED and self.row.finding.person == self.doer:
            rectifications.add_statement(self.row.finding, self.rng.choice(STATEMENTS), actor=self.doer)
