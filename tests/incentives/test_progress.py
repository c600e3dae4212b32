"""How far a bonus is, whose turn it is, and where to go on after a step."""

import pytest
from django.utils import timezone

from incentives.progress import next_after, progress_of
from incentives.selectors import distribution_of
from incentives.services import approvals, distributions, pools, publishing
from teams.access import access_of
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


def step_of(team):
    (progress,) = progress_of([team], [PERIOD])
    return progress.step


def test_a_bonus_goes_step_by_step():
    unit = make.make_ready_unit(teams=1)
    team = unit.teams.get()
    steps = [step_of(team)]
    pools.set_pool(team, PERIOD, 1000, actor=None)
    steps.append(step_of(team))
    make.close_month(unit)
    for act in (
        lambda: distributions.draft(team, PERIOD, actor=None),
        lambda: approvals.propose(distribution_of(team, PERIOD), actor=None),
        lambda: approvals.return_draft(distribution_of(team, PERIOD), "为什么", actor=None),
        lambda: distributions.draft(team, PERIOD, actor=None),
        lambda: approvals.propose(distribution_of(team, PERIOD), actor=None),
        lambda: approvals.approve(distribution_of(team, PERIOD), actor=None),
        lambda: approvals.post(distribution_of(team, PERIOD), actor=None),
        lambda: publishing.publish_month(team, PERIOD, actor=None),
        lambda: approvals.settle(distribution_of(team, PERIOD), paid_on=timezone.localdate(), actor=None),
    ):
        steps.append(step_of(team))
        act()
    assert steps == ["pool", "close", *("draft", "propose", "approve") * 2, "post", "publish", "settle"]
    assert step_of(team) == "done"


def test_a_team_has_no_bonus_before_it_was_formed():
    assert progress_of([make.make_team()], [202512, 202601])[0].period == 202601


def test_nobodys_own_draft_waits_for_them():
    team = make.make_closed_team().team
    leader = make.make_member(team, "deputy")
    make.give_role(team.unit, "manager", leader)
    other = make.give_role(team.unit, "manager")
    pools.set_pool(team, PERIOD, 1000, actor=None)
    approvals.propose(distributions.draft(team, PERIOD, actor=leader), actor=None)
    (progress,) = progress_of([team], [PERIOD])
    assert not progress.waits_for(leader, access_of(leader), "approve")
    assert progress.waits_for(other, access_of(other), "approve")


@pytest.fixture
def drafted():
    """Three teams of a closed unit, each with a draft, and their manager."""
    unit = make.make_ready_unit(teams=3)
    make.close_month(unit)
    return (
        list(unit.teams.all()),
        [make.propose_bonus(team) for team in unit.teams.all()],
        make.give_role(unit, "manager"),
    )


def onward(teams, team, user):
    rows = progress_of(teams, [PERIOD])
    return next_after(next(row for row in rows if row.team == team), rows, user, access_of(user))


def test_after_a_step_the_next_team_that_waits_for_it_is_offered(drafted):
    teams, drafts, manager = drafted
    assert onward(teams, teams[1], manager) is None  # first the step that waits here
    approvals.approve(drafts[1], actor=None)
    assert onward(teams, teams[1], manager).team == teams[2]
    approvals.approve(drafts[2], actor=None)
    assert onward(teams, teams[2], manager).team == teams[0]
    approvals.return_draft(drafts[0], "为什么", actor=None)
    assert onward(teams, teams[2], manager).team is None
    assert onward(teams, teams[0], manager).team is None


def test_nobody_is_led_on_from_a_step_of_others(drafted):
    teams, drafts, _ = drafted
    approvals.approve(drafts[0], actor=None)
    finance, union = make.give_role(teams[0].unit, "finance"), make.give_role(teams[0].unit, "union")
    assert onward(teams, teams[0], finance) is None
    assert onward(teams, teams[0], union) is None
    assert onward(teams, teams[1], finance).team is None  # the pool is set; no other team waits for one
