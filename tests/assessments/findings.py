"""A team with everybody who deals with its findings, and rectifications in whatever state a test needs."""

import datetime

from django.utils import timezone

from assessments.models import Check, Rectification
from assessments.services import checks, rectifications
from assessments.services.checks import Deviation
from teams.models import User
from tests import factories as make

State = Rectification.State
DAY = datetime.timedelta(days=1)
VERB = {"assign": "assigned", "report": "reported", "refuse": "refused", "close": "closed", "extend": "extended"}
"""Step: the verb of its row and of its entry in the trail."""


class Place:
    """A team with an officer of each kind, an assessor and a manager of its unit, and findings on request."""

    def __init__(self):
        self.plant = make.make_unit("本厂")
        self.unit = make.make_unit("运行部", parent=self.plant)
        make.make_standard(self.plant)
        self.team = make.make_team(self.unit, "一值")
        self.other = make.make_team(self.unit, "二值")
        self.people = {
            role: make.make_member(self.team, role)
            for role in ("leader", "deputy", "safety", "clerk", "union_rep", "worker")
        }
        self.people |= {
            role: make.give_role(self.unit, role) for role in ("assessor", "manager", "finance", "party", "union")
        }
        self.people |= {"assignee": make.make_member(self.team), "checker": make.make_member(self.other, "leader")}
        self.people["stranger"] = make.make_member(make.make_team(make.make_unit(parent=self.plant)), "leader")

    def __getattr__(self, name):
        return self.people[name]

    def user(self, role):
        """The person, as in a new request."""
        return User.objects.get(pk=self.people[role].pk)

    def found(self, kind=Check.Kind.SELF, state=State.UNASSIGNED, person=None, note="地面有油"):
        """A Rectification in that state, of a finding of a check of that kind."""
        number = Check.objects.count()
        checker = self.leader if kind == Check.Kind.SELF else self.checker
        deviation = Deviation(make.criterion(self.team, "1.2"), -100, person, note)
        facts = {"date": timezone.localdate() - number * DAY, "key": f"k{number}", "checker": checker}
        check = checks.file_check(self.team, kind=kind, deviations=[deviation], actor=checker, **facts)
        row = Rectification.objects.get(finding__on_sheet=check)
        return advance(row, self, state)


def advance(row, place, state):
    """Take the usual steps up to a state."""
    order = State.values.index(state)
    if order > 0:
        rectifications.assign(row, place.assignee, due_on=timezone.localdate(), note="", actor=place.leader)
    if order > 1:
        rectifications.report(row, "擦干净了", photos=[], actor=place.assignee)
    if order > 2:
        rectifications.close(row, actor=place.assessor)
    return row


def body(place, row, step):
    """What is posted for a step of a rectification."""
    today = timezone.localdate()
    return {
        "assign": {"assignee": place.assignee.pk, "due_on": today, "seen": row.assignee_id or ""},
        "report": {"measure": "修好了"},
        "refuse": {"reason": "还有油"},
        "extend": {"due_on": row.due_on + 5 * DAY, "reason": "等备件"},
    }.get(step, {})
