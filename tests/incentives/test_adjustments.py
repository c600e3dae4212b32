"""Personal awards and deductions: by a clause, by two people, counted once, and frozen with the month they count in."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from incentives import pay
from incentives.errors import IncentiveError, StaleState
from incentives.explain import explain
from incentives.models import Adjustment, BonusRuleVersion, Distribution, Exclusion
from incentives.selectors import balance
from incentives.services import adjustments, approvals, clauses, distributions, exclusions, rules
from teams.errors import TeamError
from teams.models import AuditEntry, Membership
from tests import factories as make
from tests.factories import PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed():
    """A closed month of three with a manager and two clauses: 20 to 50 yuan for good use, 10 to 10,000 off for a refusal."""
    found = make.make_closed_team()
    found.leader, found.worker, found.other = found.members
    found.manager = make.give_role(found.unit, "manager")
    facts = {"note": "", "actor": found.manager}
    found.good = clauses.add(found.unit, code="J1", name="材料使用好", kind="award", least=2000, most=5000, **facts)
    found.bad = clauses.add(found.unit, code="F1", name="拒绝抢修", kind="deduction", least=1000, most=10**6, **facts)
    return found


def propose(closed, user, clause, amount, actor=None, period=PERIOD, reason="当班表现"):
    facts = {"user": user, "clause": clause, "amount": amount, "reason": reason}
    return adjustments.propose(closed.team, period, **facts, actor=actor or closed.leader)


def approved(closed, user, clause, amount, **more):
    found = propose(closed, user, clause, amount, **more)
    adjustments.approve(found, actor=closed.manager)
    return found


def with_rule(closed, **changes):
    """A version that says something more holds from the month on."""
    version = rules.redraft(BonusRuleVersion.objects.get(rule__unit=closed.unit), actor=None)
    BonusRuleVersion.objects.filter(pk=version.pk).update(definition=version.definition | changes)
    rules.put_in_force(version, PERIOD, actor=None)


def figures(line):
    return line.adjusted, line.carried_in, line.carried_out, line.payable - line.amount


def also_closed(closed, period):
    """Another month of the team, closed as well."""
    make.make_attendance(closed.team, period, overtime=200)
    make.approve_attendance(closed.team, period)
    make.close_month(closed.unit, period)
    return period


# -- Who may do what, and when -------------------------------------------------------------------------------------------


def test_one_proposes_another_approves_and_each_step_leaves_its_row(closed):
    found = propose(closed, closed.worker, closed.good, 3000, reason="回收废料")
    assert (found.state, found.amount, found.proposed_by) == ("proposed", 3000, closed.leader)
    adjustments.approve(found, actor=closed.manager)
    assert (found.state, found.decided_by) == ("approved", closed.manager)
    rows = AuditEntry.objects.filter(verb__startswith="adjustment.").order_by("pk")
    assert list(rows.values_list("verb", "actor")) == [
        ("adjustment.proposed", closed.leader.pk),
        ("adjustment.approved", closed.manager.pk),
    ]
    assert rows[0].after == {"amount": "+30.00", "clause": "J1 材料使用好", "reason": "回收废料"}


@pytest.mark.parametrize(
    ("clause", "amount", "said"),
    [
        ("good", 1999, "^“J1 材料使用好”每次奖 20.00 元到 50.00 元，19.99 元不在范围里。$"),
        ("good", 5001, "50.01 元不在范围里"),
        ("good", -2000, "-20.00 元不在范围里"),
        ("bad", 0, "0.00 元不在范围里"),
    ],
)
def test_the_clause_says_how_much(closed, clause, amount, said):
    with pytest.raises(IncentiveError, match=said):
        propose(closed, closed.worker, getattr(closed, clause), amount)
    assert Adjustment.objects.count() == 0


def test_nobody_proposes_or_decides_for_oneself_and_the_proposer_does_not_decide(closed):
    with pytest.raises(IncentiveError, match="^自己的奖罚不能自己提，由单位负责人提出。$"):
        propose(closed, closed.leader, closed.good, 3000)
    leaders = propose(closed, closed.leader, closed.good, 3000, actor=closed.manager)
    workers = propose(closed, closed.worker, closed.good, 3000)
    for found, actor in ((leaders, closed.manager), (leaders, closed.leader), (workers, closed.worker)):
        for deed in (adjustments.approve, lambda row, actor: adjustments.refuse(row, "不行", actor=actor)):
            with pytest.raises(TeamError, match="个人奖罚要由提出人和本人以外的负责人审批"):
                deed(found, actor=actor)
    assert set(Adjustment.objects.values_list("state", flat=True)) == {"proposed"}
    adjustments.approve(leaders, actor=make.give_role(closed.unit, "manager"))


def test_the_database_refuses_ones_own_proposal_and_decision(closed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.create(
            team=closed.team,
            period=PERIOD,
            user=closed.worker,
            clause=closed.good,
            amount=1,
            proposed_by=closed.worker,
        )
    found = propose(closed, closed.worker, closed.good, 3000)
    for decider in (closed.leader, closed.worker):
        with pytest.raises(IntegrityError), transaction.atomic():
            Adjustment.objects.filter(pk=found.pk).update(state="approved", decided_by=decider)


DEEDS = {
    "approve": lambda c, row: adjustments.approve(row, actor=c.manager),
    "refuse": lambda c, row: adjustments.refuse(row, "证据不足", actor=c.manager),
    "withdraw": lambda c, row: adjustments.withdraw(row, actor=c.leader),
    "revoke": lambda c, row: adjustments.revoke(row, "记错人了", actor=c.manager),
}
MOVES = {("proposed", "approve"): "approved", ("proposed", "refuse"): "refused", ("proposed", "withdraw"): "withdrawn"}
MOVES |= {("approved", "revoke"): "withdrawn"}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", ["proposed", "approved", "refused", "withdrawn"])
def test_an_award_moves_only_along_its_way(closed, state, deed):
    found = propose(closed, closed.worker, closed.good, 3000)
    before = {"approved": "approve", "refused": "refuse", "withdrawn": "withdraw"}.get(state)
    if before:
        DEEDS[before](closed, found)
    trail = AuditEntry.objects.count()
    if (state, deed) in MOVES:
        DEEDS[deed](closed, found)
    else:
        with pytest.raises(StaleState):
            DEEDS[deed](closed, found)
    found.refresh_from_db()
    expected = MOVES.get((state, deed), state)
    assert (found.state, AuditEntry.objects.count() - trail) == (expected, (state, deed) in MOVES)


def test_only_the_proposer_withdraws(closed):
    found = propose(closed, closed.worker, closed.good, 3000)
    with pytest.raises(TeamError, match="只有提出人能撤回"):
        adjustments.withdraw(found, actor=closed.other)


def test_an_ended_clause_and_a_month_to_come_are_refused(closed):
    clauses.end(closed.good, actor=closed.manager)
    closed.good.refresh_from_db()
    with pytest.raises(IncentiveError, match="^条款“J1 材料使用好”已经停用，请另选一条。$"):
        propose(closed, closed.worker, closed.good, 3000)
    with pytest.raises(IncentiveError, match="^2099年12月还没有到。$"):
        propose(closed, closed.worker, closed.bad, 3000, period=209912)


# -- In the distribution -------------------------------------------------------------------------------------------------


def test_what_is_approved_counts_and_is_never_shared_out(closed):
    plain = dict(make.make_bonus(closed.team).lines.values_list("user", "amount"))
    approved(closed, closed.worker, closed.good, 3000)
    approved(closed, closed.worker, closed.bad, 1000)
    adjustments.refuse(propose(closed, closed.other, closed.good, 5000), "没有凭据", actor=closed.manager)
    distribution = make.make_bonus(closed.team)
    lines = {line.user_id: line for line in distribution.lines.all()}
    assert {pk: line.amount for pk, line in lines.items()} == plain
    assert figures(lines[closed.worker.pk]) == (2000, 0, 0, 2000)
    assert figures(lines[closed.other.pk]) == (0, 0, 0, 0)
    assert sum(plain.values()) == distribution.amount


def test_what_is_undecided_stops_the_proposal_and_what_changed_asks_for_another_draft(closed):
    waiting = propose(closed, closed.worker, closed.good, 3000)
    draft = make.make_bonus(closed.team)
    with pytest.raises(IncentiveError, match=f"^还有 1 条个人奖罚没有审批（{closed.worker.name}）。"):
        approvals.propose(draft, actor=None)
    adjustments.approve(waiting, actor=closed.manager)
    with pytest.raises(
        IncentiveError, match="^拟定之后，工分、个人奖罚、不参加分配的人或者以前的结转有变动，请重新拟定。$"
    ):
        approvals.propose(draft, actor=None)
    assert Distribution.objects.get().state == "draft"
    approvals.propose(make.make_bonus(closed.team, amount=1_000_002), actor=None)


def test_a_month_that_is_proposed_or_approved_takes_nothing_more(closed):
    counted = approved(closed, closed.worker, closed.good, 3000)
    distribution = make.propose_bonus(closed.team)
    with pytest.raises(IncentiveError, match="已经提交，正在等批准。要改奖罚，请先把分配撤回或者退回。$"):
        propose(closed, closed.other, closed.good, 3000)
    approvals.approve(distribution, actor=None)
    for deed in (
        lambda: propose(closed, closed.other, closed.good, 3000),
        lambda: adjustments.revoke(counted, "记错", actor=closed.manager),
        lambda: exclusions.exclude(closed.team, PERIOD, closed.other, "试用期", actor=closed.leader),
    ):
        with pytest.raises(IncentiveError, match="已经批准，不能再改。新的奖罚请记在2026年11月。$"):
            deed()
    with pytest.raises(IntegrityError, match="what was proposed stays"), transaction.atomic():
        Adjustment.objects.filter(pk=counted.pk).update(state="withdrawn")


def test_posting_gives_every_member_exactly_the_pay_and_empties_the_pool(closed):
    approved(closed, closed.worker, closed.good, 5000)
    approved(closed, closed.other, closed.bad, 10**6)
    line_of = {line.user_id: line for line in make.post_bonus(closed.team).lines.all()}
    paid = {pk: balance(f"member:{pk}") for pk in line_of}
    assert paid == {pk: line.payable for pk, line in line_of.items()}
    assert (paid[closed.other.pk], line_of[closed.other.pk].carried_out) == (0, 10**6 - line_of[closed.other.pk].amount)
    assert balance(f"pool:{closed.team.pk}") == 0
    assert balance("company") == -sum(paid.values())


def test_a_debt_is_taken_off_later_months_until_it_is_paid_and_only_once(closed):
    september, november = also_closed(closed, 202609), also_closed(closed, 202611)
    approved(closed, closed.other, closed.bad, 10**6, period=september)
    first = make.post_bonus(closed.team, september, 300_000).lines.get(user=closed.other)
    owed = 10**6 - first.amount
    assert (first.payable, first.carried_out, pay.debts_of([closed.other.pk])) == (0, owed, {closed.other.pk: owed})
    second = make.post_bonus(closed.team, PERIOD, 900_000).lines.get(user=closed.other)
    left = owed - second.amount
    assert figures(second) == (0, -owed, left, -second.amount)
    third = make.post_bonus(closed.team, november, 9_000_000).lines.get(user=closed.other)
    assert figures(third) == (0, -left, 0, -left)
    assert third.payable == third.amount - left > 0
    assert pay.debts_of([closed.other.pk]) == {}


def test_two_distributions_do_not_take_the_same_debt(closed):
    september, november = also_closed(closed, 202609), also_closed(closed, 202611)
    approved(closed, closed.other, closed.bad, 10**6, period=september)
    make.post_bonus(closed.team, september, 300_000)
    one, other = (make.propose_bonus(closed.team, period) for period in (PERIOD, november))
    taken = [found.lines.get(user=closed.other).carried_in for found in (one, other)]
    assert taken[0] == taken[1] < 0
    approvals.approve(one, actor=None)
    with pytest.raises(IncentiveError, match="请重新拟定"):
        approvals.approve(other, actor=None)


# -- What the rule says about it -----------------------------------------------------------------------------------------


def test_deductions_beyond_the_cap_are_spared_and_nobodys_debt(closed):
    with_rule(closed, deduction_cap=1000)
    approved(closed, closed.other, closed.bad, 100_000)
    approved(closed, closed.other, closed.good, 5000)
    line = make.make_bonus(closed.team).lines.get(user=closed.other)
    taken = line.amount // 10
    assert figures(line) == (5000 - taken, 0, 0, 5000 - taken)
    assert explain(line).beside.spared == 100_000 - taken


def test_a_leader_apart_gets_the_allowance_for_the_days_from_the_company(closed):
    with_rule(closed, leader={"policy": "apart", "allowance": 31_000})
    membership = Membership.objects.get(user=closed.leader)
    Membership.objects.filter(pk=membership.pk).update(started_on=datetime.date(2026, 10, 12))
    distribution = make.post_bonus(closed.team)
    line = distribution.lines.get(user=closed.leader)
    assert (line.amount, line.adjusted, line.payable) == (0, 20_000, 20_000)  # 310.00 yuan × 20 ÷ 31 days
    assert (balance(f"member:{closed.leader.pk}"), balance("company")) == (20_000, -1_020_001)
    assert explain(line).beside.allowance == 20_000
    (column,) = pay.columns_beside(distribution, list(distribution.lines.select_related("user")))
    assert (column.label, column.total) == ("班长津贴", 20_000)


def test_whoever_led_on_few_days_shares_like_everybody_and_has_no_allowance(closed):
    with_rule(closed, leader={"policy": "apart", "allowance": 31_000})
    Membership.objects.filter(user=closed.leader).update(ended_on=datetime.date(2026, 10, 10))
    make.make_member(closed.team, user=closed.leader, started_on=datetime.date(2026, 10, 11))
    line = make.make_bonus(closed.team).lines.get(user=closed.leader)
    assert line.amount > 0
    assert explain(line).beside.allowance == 0


# -- Who takes no part ---------------------------------------------------------------------------------------------------


def test_whoever_is_recorded_takes_no_part_and_can_take_part_again(closed):
    draft = make.make_bonus(closed.team)
    found = exclusions.exclude(closed.team, PERIOD, closed.other, "试用期", actor=closed.leader)
    with pytest.raises(IncentiveError, match="请重新拟定"):
        approvals.propose(draft, actor=None)
    again = distributions.draft(closed.team, PERIOD, actor=None)
    assert closed.other.pk not in again.lines.values_list("user", flat=True)
    assert sum(again.lines.values_list("amount", flat=True)) == again.amount
    with pytest.raises(StaleState, match="已经登记为2026年10月不参加分配"):
        exclusions.exclude(closed.team, PERIOD, closed.other, "外派", actor=closed.leader)
    exclusions.include(found, actor=closed.leader)
    with pytest.raises(StaleState, match="已经取消"):
        exclusions.include(found, actor=closed.leader)
    verbs = AuditEntry.objects.filter(verb__startswith="exclusion.").values_list("verb", flat=True)
    assert sorted(verbs) == ["exclusion.recorded", "exclusion.removed"]


def test_awards_and_exclusions_exclude_each_other(closed):
    exclusions.exclude(closed.team, PERIOD, closed.other, "试用期", actor=closed.leader)
    with pytest.raises(IncentiveError, match="2026年10月不参加分配，奖罚没有地方算。$"):
        propose(closed, closed.other, closed.good, 3000)
    found = propose(closed, closed.worker, closed.good, 3000)
    with pytest.raises(IncentiveError, match="有个人奖罚，先撤回或者撤销奖罚，再登记不参加。$"):
        exclusions.exclude(closed.team, PERIOD, closed.worker, "外派", actor=closed.leader)
    adjustments.withdraw(found, actor=closed.leader)
    exclusions.exclude(closed.team, PERIOD, closed.worker, "外派", actor=closed.leader)


def test_an_award_for_somebody_without_a_line_is_not_lost(closed):
    approved(closed, closed.worker, closed.good, 3000)
    Exclusion.objects.create(team=closed.team, period=PERIOD, user=closed.worker, reason="试用期")
    with pytest.raises(IncentiveError, match=f"^{closed.worker.name}有2026年10月的奖罚，但是不参加这个月的分配"):
        make.make_bonus(closed.team)
