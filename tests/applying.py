"""Rounds and applications for tests: a plant, a unit with two teams, and a person for each hat."""

import datetime

from django.utils import timezone

from activities.models import Activity, ActivityKind
from assessments.honours import application_lists as lists
from assessments.honours.application_lacks import Draft
from assessments.honours.application_starts import applicants_for
from assessments.honours.content import frozen_of
from assessments.models import Application, Programme, Round
from assessments.services import applications, recommendations
from tests import factories as make

DAY = datetime.timedelta(days=1)
LEVELS = [
    {"name": "基层工会", "at": "unit", "roles": ["union"]},
    {"name": "公司工会", "at": "root", "roles": ["union"]},
]
CRITERIA = [
    {
        "code": "safe",
        "name": "安全文明生产好",
        "group": "安全",
        "method": "score",
        "points": 4000,
        "must": True,
        "evidence": ["activity", "check"],
    },
    {
        "code": "study",
        "name": "学习培训好",
        "group": "学习",
        "method": "score",
        "points": 6000,
        "must": False,
        "evidence": [],
    },
    {
        "code": "rules",
        "name": "有制度",
        "group": "管理",
        "method": "yes_no",
        "points": 0,
        "must": False,
        "evidence": [],
    },
]
CONDITIONS = [
    {"code": "open", "text": "班务公开", "kind": "must", "bar_months": 0},
    {"code": "accident", "text": "发生人身伤害事故", "kind": "veto", "bar_months": 12},
]
MATERIALS = [{"code": "form", "name": "盖章的推荐表", "must": False}]


def make_programme(unit, subject="team", **changes):
    facts = {
        "code": f"p-{subject}",
        "name": f"六好{subject}",
        "title": "六好班组",
        "levels": LEVELS,
        "applicants": {"team": ["leader", "deputy"], "person": ["self"], "studio": ["studio_leader"]}[subject],
        "criteria": CRITERIA,
        "conditions": CONDITIONS,
        "materials": MATERIALS,
    }
    return Programme.objects.create(unit=unit, subject=subject, **facts | changes)


def open_round(programme, actor, **changes):
    """A round of the programme in which everybody can apply until in ten days."""
    today = timezone.localdate()
    days = {"opens_on": today - DAY, "apply_until": today + 10 * DAY, "review_until": today + 30 * DAY}
    facts = {"name": "2026年", "state": Round.State.OPEN, "frozen": frozen_of(programme), "created_by": actor}
    return Round.objects.create(programme=programme, **days | facts | changes)


def whole(**changes):
    """A Draft that lacks nothing."""
    facts = {
        "story": "全年无违章。",
        "self_scores": {"safe": 3500, "study": 5000, "rules": 1},
        "answers": {"safe": "班前会天天开"},
        "declared": [0, 1],
    }
    return Draft(**facts | changes)


def record(team, actor, date=None, **changes):
    """A kept activity of a team."""
    kind, _ = ActivityKind.objects.get_or_create(
        unit=team.unit, code="meeting", defaults={"name": "安全活动", "subject": "team"}
    )
    date = date or timezone.localdate() - 3 * DAY
    facts = {"kind": kind, "title": "学规程", "privacy": "team", "state": Activity.State.KEPT, "recorded_by": actor}
    periods = {"period": date.year * 100 + date.month, "counts_in": date.year * 100 + date.month}
    return Activity.objects.create(unit=team.unit, team=team, date=date, **periods, **facts | changes)


def prove(application, activity, actor, code="safe"):
    """Let an activity stand for a criterion."""
    row = (activity.pk, f"{activity.kind}：{activity.title}", activity.date)
    return applications.add_proofs(application, code, "activity", [row], actor=actor)


def begin(opened, actor, subject=None):
    """The draft of the first, or of this, applicant of the person."""
    rows = applicants_for(actor, opened)
    chosen = next(row for row in rows if subject is None or row.subject == subject)
    return applications.start(opened, chosen, actor=actor)


def hand_in(application, actor, **changes):
    applications.submit(application, whole(**changes), application.saved_at, actor=actor)
    return application


def desk_of(application):
    """The desk where an application waits."""
    application.refresh_from_db()
    return lists.desk_of(application)


class Scene:
    """A plant with a unit, two of its teams, and a person for each hat; an open round of a team's honour."""

    def __init__(self, **programme):
        self.root = make.make_unit("本厂")
        self.unit = make.make_unit("运行部", self.root)
        self.team, self.other_team = make.make_team(self.unit, "一值"), make.make_team(self.unit, "二值")
        self.leader, self.worker = make.make_member(self.team, "leader"), make.make_member(self.team)
        self.other_leader = make.make_member(self.other_team, "leader")
        self.union, self.company = make.give_role(self.unit, "union"), make.give_role(self.root, "union")
        self.manager = make.give_role(self.unit, "manager")
        self.stranger = make.give_role(make.make_unit("检修部", self.root), "manager")
        self.programme = make_programme(self.root, **programme)
        self.round = open_round(self.programme, self.company)

    def draft(self, leader=None):
        return begin(self.round, leader or self.leader)

    def proven(self, leader=None):
        leader = leader or self.leader
        application = self.draft(leader)
        prove(application, record(application.team, leader), leader)
        return application

    def submitted(self, leader=None):
        leader = leader or self.leader
        return hand_in(self.proven(leader), leader)

    def in_state(self, state, level=0):
        """An application that was handed in, put into a state by force."""
        application = self.submitted()
        Application.objects.filter(pk=application.pk).update(state=state, level=level)
        application.refresh_from_db()
        return application

    def sent_up(self, application, actor=None):
        recommendations.send_up(desk_of(application), [application], "表现突出", actor=actor or self.union)
        return application
