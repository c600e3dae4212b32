"""A board under notice with everybody who has to do with an objection to it, and objections in whatever state a test needs."""

from bulletins.models import BoardPolicy, Objection
from bulletins.objections.access import lines_for
from bulletins.services import objections, publish
from bulletins.tables import Audience, Board, Column, Fact, Row
from teams.models import User
from tests import factories as make
from tests.factories import PERIOD

State = Objection.State
MONEY = {"audience": Audience.TEAM}


class Scene:
    """A bonus board of a team of four: the leader proposed it, one of two managers approved it."""

    def __init__(self, *, anonymous=False, kind="bonus"):
        self.plant = make.make_unit("本厂")
        self.unit = make.make_unit("运行部", parent=self.plant)
        self.team = make.make_team(self.unit, "一值")
        member = {who: make.make_member(self.team) for who in ("filer", "supporter", "colleague")}
        self.people = member | {"leader": make.make_member(self.team, "leader")}
        self.people |= {role: make.give_role(self.unit, role) for role in ("manager", "union", "finance")}
        self.people |= {"checker": make.give_role(self.unit, "manager"), "above": make.give_role(self.plant, "manager")}
        self.people |= {"auditor": make.give_role(self.plant, "auditor")}
        self.people |= {"neighbour": make.make_member(make.make_team(self.unit), "leader")}
        self.people |= {"stranger": make.give_role(make.make_unit(parent=self.plant), "manager")}
        if anonymous:
            BoardPolicy.objects.create(unit=self.unit, anonymous_objections=True)
        self.bulletin = publish(self.board(kind), team=self.team, period=PERIOD, actor=None)

    def __getattr__(self, name):
        return self.people[name]

    def board(self, kind="bonus", amount="100.00"):
        rows = [
            Row(self.people[who].pk, {"name": f"某{number}", "amount": amount, "days": f"{20 + number}"})
            for number, who in enumerate(("filer", "colleague", "leader"))
        ]
        columns = [
            Column("name", "姓名", numeric=False, mask="name", plain=Audience.TEAM, **MONEY),
            Column("amount", "应得", unit="元", **MONEY),
            Column("days", "出勤", unit="天", **MONEY),
        ]
        parties = {"proposers": [self.leader.pk], "checkers": [self.checker.pk]}
        return Board(kind, "一值奖金表", [Fact("总额", "300.00")], columns, rows, parties=parties)

    def user(self, who):
        """The person, as in a new request."""
        return User.objects.get(pk=self.people[who].pk)

    def cell(self, who="filer", column="amount"):
        """A Cell of the own row, or with "总额" the figure of the team."""
        cells = [cell for line in lines_for(self.user(who), self.bulletin) for cell in line.cells]
        return next(cell for cell in cells if cell.column == column)

    def filed(self, who="filer", column="amount", state=State.FILED, reason="少算了一天"):
        """An Objection in that state."""
        words = {"wanted": "110.00", "reason": reason, "evidence": []}
        row = objections.file(self.bulletin, self.cell(who, column), **words, actor=self.people[who])
        return self.advance(row, state)

    def advance(self, row, state):
        """Take the usual steps up to a state; returns the row as it is then."""
        for step in PATHS[state]:
            step(row, self)
        return Objection.objects.get(pk=row.pk)


def _accept(row, scene):
    objections.accept(row, actor=scene.manager)


def _uphold(row, scene):
    objections.uphold(row, "确实少算", actor=scene.manager)


PATHS = {
    State.FILED: [],
    State.ACCEPTED: [_accept],
    State.UPHELD: [_accept, _uphold],
    State.KEPT: [_accept, lambda row, scene: objections.keep(row, "没有错", actor=scene.manager)],
    State.REFUSED: [lambda row, scene: objections.refuse(row, "evidence", "", actor=scene.manager)],
    State.CORRECTED: [
        *(_accept, _uphold),
        lambda row, scene: objections.link_correction(row, "已在11月补记", "", actor=scene.manager),
    ],
    State.WITHDRAWN: [lambda row, scene: objections.withdraw(row, actor=scene.filer)],
}
