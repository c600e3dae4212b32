"""The deeds of the bonus: the forms about rules, pools and a distribution on its way."""

from incentives import selectors as incentive
from incentives.services import approvals, distributions, rules
from teams import periods
from tests.access.deed import Deed, closed_unit, reason
from tests.access.world import PASSED, edited_rule


def drafted_bonus(world):
    closed_unit(world)
    return {"seen": distributions.draft(world.team, world.open, actor=None).seen}


def proposed_bonus(world):
    drafted_bonus(world)
    approvals.propose(incentive.distribution_of(world.team, world.open), actor=None)
    return {"seen": incentive.distribution_of(world.team, world.open).seen}


def approved_bonus(world):
    proposed_bonus(world)
    approvals.approve(incentive.distribution_of(world.team, world.open), actor=None)
    return {"seen": incentive.distribution_of(world.team, world.open).seen}


def posted_bonus(world):
    approved_bonus(world)
    approvals.post(incentive.distribution_of(world.team, world.open), actor=None)
    return {"seen": incentive.distribution_of(world.team, world.open).seen}


def ticked_bonus(world):
    seen = posted_bonus(world)["seen"]
    return {f"team-{world.team.pk}": seen, "paid_on": "today", "confirmed": "yes"}


OPEN_BONUS = ["team", "open"]
BONUS_DEEDS = {
    "incentives:rule-install rule_attendance_work": Deed("finance", "rule.drafted", {"unit": "unit"}),
    "incentives:rule-in-force rule": Deed(
        "finance",
        "rule.put_in_force",
        lambda w: {"period": periods.label(periods.shift(w.open, 1))},
        before=lambda w: rules.pass_by_meeting(w.rule, **PASSED, actor=None),
    ),
    "incentives:rule-edit rule": Deed("finance", "rule.edited", edited_rule),
    "incentives:rule-redraft settled_rule": Deed("finance", "rule.drafted"),
    "incentives:rule-pass rule": Deed("finance", "rule.passed", PASSED),
    "incentives:rule-delete rule": Deed("finance", "rule.discarded"),
    "incentives:draft": Deed("leader", "bonus.drafted", before=closed_unit, args=OPEN_BONUS),
    "incentives:return": Deed("manager", "bonus.returned", reason(), before=proposed_bonus, args=OPEN_BONUS),
    "incentives:step propose": Deed("leader", "bonus.proposed", before=drafted_bonus, args=[*OPEN_BONUS, "propose"]),
    "incentives:step withdraw": Deed(
        "leader", "bonus.withdrawn", before=proposed_bonus, args=[*OPEN_BONUS, "withdraw"]
    ),
    "incentives:step approve": Deed("manager", "bonus.approved", before=proposed_bonus, args=[*OPEN_BONUS, "approve"]),
    "incentives:step post": Deed("finance", "bonus.posted", before=approved_bonus, args=[*OPEN_BONUS, "post"]),
    "incentives:settle": Deed(
        "finance", "bonus.settled", {"paid_on": "today", "note": "随工资发放"}, before=posted_bonus, args=OPEN_BONUS
    ),
    "incentives:settle-many": Deed("finance", "bonus.settled", before=ticked_bonus, args=["open"]),
    "incentives:sign": Deed("worker", "bonus.signed", {"word": "agree"}, before=proposed_bonus, args=OPEN_BONUS),
    "incentives:sign-paper": Deed(
        "union_rep",
        "bonus.signed_on_paper",
        {"user": "person", "word": "object", "reason": "工时少了一天"},
        before=proposed_bonus,
        args=OPEN_BONUS,
    ),
    "incentives:publish": Deed("manager", "board.published", before=posted_bonus, args=OPEN_BONUS),
}
