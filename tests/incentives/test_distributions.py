"""A bonus on its way from pool to ledger: drafted from closed scores, approved by somebody else, posted once."""

import pytest

from assessments.services import conditions
from incentives.errors import IncentiveError, StaleState
from incentives.models import Distribution, DistributionLine, Entry, Pool
from incentives.selectors import balance
from incentives.services import approvals, distributions, pools, publishing
from teams.models import AuditEntry
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


def lines_of(distribution):
    rows = distribution.lines.order_by("user__employee_no")
    return [(line.coefficient, line.days, line.hours, line.score, line.parts, line.amount) for line in rows]


def test_the_draft_divides_the_pool_by_the_closed_month():
    draft = make.make_bonus(make.make_closed_team().team, amount=1_000_001)
    # 5 days each; hours 5 × 8 + 2 = 42; the leader (1.30) lost half a point: 99.50.
    # Attendance 300000.3 → 300 000 fen by 130 : 100 : 100 = 118 181.81…, 90 909.09…, 90 909.09… → the odd fen to the leader.
    # Work 700000.7 → 700 001 fen by 130 × 99.5 : 10 000 : 10 000 = 12 935 : 10 000 : 10 000 of 32 935
    # = 274 920.69…, 212 540.15…, 212 540.15… → the odd fen to the leader.
    assert lines_of(draft) == [
        (130, 5, 4200, 9950, {"attendance": 118182, "work": 274921}, 393103),
        (100, 5, 4200, 10000, {"attendance": 90909, "work": 212540}, 303449),
        (100, 5, 4200, 10000, {"attendance": 90909, "work": 212540}, 303449),
    ]
    assert draft.parts == {"attendance": 300_000, "work": 700_001}


def test_an_open_month_is_not_divided():
    team = make.make_ready_unit(teams=1).teams.get()
    make.compute_month(team.unit)
    with pytest.raises(IncentiveError, match="的考核还没有关账，关账后才能分配奖金。$"):
        make.make_bonus(team)


def test_without_a_pool_nothing_is_divided():
    with pytest.raises(IncentiveError, match="还没有下达奖金总额"):
        distributions.draft(make.make_closed_team().team, PERIOD, actor=None)


def test_without_any_attendance_nothing_is_divided():
    unit = make.make_unit()
    make.make_standard(unit)
    make.make_rule(unit)
    team = make.make_team(unit)
    make.make_member(team, "leader")
    make.make_attendance(team, codes="事病旷")
    make.approve_attendance(team)
    make.close_month(unit)
    with pytest.raises(IncentiveError, match="所有人的权重都是零"):
        make.make_bonus(team)
    assert Distribution.objects.count() == 0


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1])
def test_a_pool_must_make_sense(amount):
    with pytest.raises(IncentiveError):
        pools.set_pool(make.make_team(), PERIOD, amount, actor=None)
    assert Pool.objects.count() == 0


def test_another_pool_throws_the_draft_away():
    team = make.make_closed_team().team
    make.make_bonus(team, amount=1000)
    pools.set_pool(team, PERIOD, 1000, actor=None)
    assert Distribution.objects.count() == 1
    pools.set_pool(team, PERIOD, 2000, actor=None)
    assert (Distribution.objects.count(), DistributionLine.objects.count()) == (0, 0)


def test_drafting_again_replaces_the_draft():
    team = make.make_closed_team().team
    first = make.propose_bonus(team)
    approvals.return_draft(first, "请核对工时", actor=None)
    again = distributions.draft(team, PERIOD, actor=None)
    assert (again.question, lines_of(again), again.inputs_hash) == ("", lines_of(again), first.inputs_hash)
    assert list(Distribution.objects.all()) == [again]


def test_a_returned_draft_cannot_be_approved_until_it_is_drawn_up_again():
    team = make.make_closed_team().team
    draft = make.propose_bonus(team)
    approvals.return_draft(draft, "请核对工时", actor=None)
    assert draft.returned
    with pytest.raises(IncentiveError, match="^这份分配还在班组长手里，等他提交后再批准。$"):
        approvals.approve(draft, actor=None)
    with pytest.raises(IncentiveError, match="^这份分配被退回过，请按退回意见重新拟定后再提交。$"):
        approvals.propose(draft, actor=None)
    with pytest.raises(StaleState):
        approvals.return_draft(draft, "再说一遍", actor=None)
    again = distributions.draft(team, PERIOD, actor=None)
    approvals.propose(again, actor=None)
    approvals.approve(again, actor=None)
    assert Distribution.objects.get().state == "approved"


@pytest.mark.parametrize("step", ["propose", "withdraw", "approve", "post", "return"])
def test_nobody_settles_a_draft_that_the_page_did_not_show(step):
    team = make.make_closed_team().team
    seen = make.make_bonus(team).seen
    newer = make.make_bonus(team, amount=5000)
    if step != "propose":
        approvals.propose(newer, actor=None)
    if step == "post":
        approvals.approve(newer, actor=None)
    deed = {
        "propose": approvals.propose,
        "withdraw": approvals.withdraw,
        "approve": approvals.approve,
        "post": approvals.post,
        "return": lambda row, **named: approvals.return_draft(row, "为什么", **named),
    }[step]
    before = list(Distribution.objects.values())
    for shown in (seen, ""):
        with pytest.raises(StaleState, match="这份分配又重新拟定过"):
            deed(newer, actor=None, seen=shown)
    assert list(Distribution.objects.values()) == before
    deed(newer, actor=None, seen=newer.seen)
    assert list(Distribution.objects.values()) != before


def test_a_withdrawn_pool_takes_its_draft_along_and_leaves_a_trace():
    team = make.make_closed_team().team
    make.make_bonus(team, amount=1000)
    pools.withdraw_pool(team, PERIOD, actor=None)
    assert (Pool.objects.count(), Distribution.objects.count()) == (0, 0)
    assert AuditEntry.objects.get(verb="pool.withdrawn").before == {"amount": 1000}
    with pytest.raises(StaleState):
        pools.withdraw_pool(team, PERIOD, actor=None)


def test_an_approved_pool_is_not_withdrawn():
    team = make.make_closed_team().team
    approvals.approve(make.propose_bonus(team), actor=None)
    with pytest.raises(IncentiveError, match="已批准，总额不能再改，也不能收回。$"):
        pools.withdraw_pool(team, PERIOD, actor=None)
    assert Pool.objects.get().amount == 1_000_001


def test_several_pools_are_set_together_or_not_at_all():
    teams = [make.make_team() for _ in range(4)]
    for team in teams[:2]:
        pools.set_pool(team, PERIOD, 1000, actor=None)
    with pytest.raises(IncentiveError, match="必须大于 0"):
        pools.set_pools([(teams[2], 500), (teams[3], 0)], PERIOD, actor=None)
    assert Pool.objects.count() == 2
    amounts = list(zip(teams, [None, 1000, 500, None], strict=True))
    assert pools.set_pools(amounts, PERIOD, actor=None) == (1, 1)
    assert dict(Pool.objects.values_list("team", "amount")) == {teams[1].pk: 1000, teams[2].pk: 500}


def test_who_drafted_or_proposed_cannot_approve():
    team = make.make_closed_team().team
    leader, deputy, manager = make.make_user(), make.make_user(), make.make_user()
    pools.set_pool(team, PERIOD, 1000, actor=None)
    draft = distributions.draft(team, PERIOD, actor=leader)
    approvals.propose(draft, actor=deputy)
    for actor in (leader, deputy):
        with pytest.raises(IncentiveError, match="^分配是您自己拟定或者提交的，要由另一个人批准。$"):
            approvals.approve(draft, actor=actor)
    draft.refresh_from_db()
    assert draft.state == "proposed"
    approvals.approve(draft, actor=manager)
    assert (draft.state, draft.approved_by, draft.rule_version.state) == ("approved", manager, "frozen")


STEPS = {
    "draft": [],
    "proposed": [approvals.propose],
    "approved": [approvals.propose, approvals.approve],
    "posted": [approvals.propose, approvals.approve, approvals.post],
}
VERBS = {
    "propose": approvals.propose,
    "withdraw": approvals.withdraw,
    "approve": approvals.approve,
    "return": lambda row, actor: approvals.return_draft(row, "为什么", actor=actor),
    "post": approvals.post,
    "discard": distributions.discard,
    "draft again": lambda row, actor: distributions.draft(row.team, row.period, actor=actor),
    "another pool": lambda row, actor: pools.set_pool(row.team, row.period, row.amount + 1, actor=actor),
}
ALLOWED = {("draft", verb) for verb in ("propose", "discard", "draft again", "another pool")}
ALLOWED |= {("proposed", verb) for verb in ("withdraw", "approve", "return")} | {("approved", "post")}


@pytest.mark.parametrize("state", STEPS)
@pytest.mark.parametrize("verb", VERBS)
def test_a_bonus_moves_only_along_its_way(state, verb):
    distribution = make.make_bonus(make.make_closed_team().team)
    for step in STEPS[state]:
        step(distribution, actor=None)
    before = list(Distribution.objects.values()), list(Pool.objects.values()), Entry.objects.count()
    if (state, verb) in ALLOWED:
        VERBS[verb](distribution, actor=None)
        changed = list(Distribution.objects.values()), list(Pool.objects.values()), Entry.objects.count()
        assert changed != before
    else:
        with pytest.raises((IncentiveError, StaleState)):
            VERBS[verb](distribution, actor=None)
        assert (list(Distribution.objects.values()), list(Pool.objects.values()), Entry.objects.count()) == before


def test_posting_pays_every_member_the_own_line_through_the_pool():
    team = make.make_closed_team().team
    distribution = make.post_bonus(team)
    paid = {line.user_id: balance(f"member:{line.user_id}") for line in distribution.lines.all()}
    assert paid == {line.user_id: line.amount for line in distribution.lines.all()}
    assert (balance("company"), balance(f"pool:{team.pk}")) == (-1_000_001, 0)


def test_boards_are_posted_after_the_money_and_only_once():
    team = make.make_closed_team().team
    distribution = make.make_bonus(team)
    with pytest.raises(IncentiveError, match="的奖金还没有入账，入账后才能张榜。$"):
        publishing.publish_month(team, PERIOD, actor=None)
    approvals.propose(distribution, actor=None)
    approvals.approve(distribution, actor=None)
    approvals.post(distribution, actor=None)
    boards = publishing.publish_month(team, PERIOD, actor=None)
    assert [board.kind for board in boards] == ["scores", "attendance", "bonus"]
    assert publishing.publish_month(team, PERIOD, actor=None) == boards


def test_a_member_of_negative_luck_gets_the_floor_and_not_less():
    unit = make.make_ready_unit(teams=1)
    team = unit.teams.get()
    worker = make.make_member(team)
    # He came after the attendance was approved: no days, no money, but on the list.
    conditions.add_veto(team, PERIOD, "事故", actor=None)
    make.file_findings(team, ("2.1", -10000, worker), ("2.2", -10000, worker))
    make.close_month(unit)
    line = make.make_bonus(team).lines.get(user=worker)
    assert (line.days, line.hours, line.score, line.parts, line.amount) == (0, 0, 0, {"attendance": 0, "work": 0}, 0)
