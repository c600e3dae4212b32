"""The price lists of the units, and what one team proposes by its own this month: one approved, one that waits."""

from incentives.models import Clause
from incentives.services import adjustments, clauses
from teams import periods
from teams.models import Membership


def add(plant, today):
    """Every unit's manager publishes the usual clauses; the first team's leader proposes an award and a deduction."""
    managers = {demo.team.unit: demo.manager for demo in plant.teams}
    for unit, manager in managers.items():
        clauses.install_preset(unit, actor=manager)
    demo = plant.team("运行一值")
    found = {clause.code: clause for clause in Clause.objects.filter(unit=demo.team.unit)}
    award = _propose(demo, 7, found["J6"], "给水泵抢修连干到夜里两点，没有影响早班启动", today)
    adjustments.approve(award, actor=demo.manager)
    _propose(demo, 6, found["F5"], "巡检制粉系统没有带测温枪，第二次提醒", today)


def _propose(demo, seat, clause, reason, today):
    members = Membership.objects.open().filter(team=demo.team).select_related("user").order_by("user__employee_no")
    facts = {"user": members[seat].user, "clause": clause, "amount": clause.least, "reason": reason}
    return adjustments.propose(demo.team, periods.period_of(today), **facts, actor=demo.leader)
