"""Expenses and special awards for tests: a team with a leader, a worker, a manager and a finance officer, and its money."""

from types import SimpleNamespace

from django.utils import timezone

from incentives.services import awards, expenses, ledger
from teams import periods
from teams.models import Attachment
from tests import factories as make


def make_spenders(unit=None):
    """A team and who deals with its money."""
    team = make.make_team(unit)
    people = {role: make.make_member(team, role) for role in ("leader", "worker")}
    people |= {role: make.give_role(team.unit, role) for role in ("manager", "finance", "union")}
    return SimpleNamespace(team=team, unit=team.unit, **people)


def propose_award(team, amount=100_000, *, actor=None, **changes):
    facts = {"kind": "fund", "reason": "班组活动经费", "period": periods.current_period()}
    return awards.propose(team, amount=amount, actor=actor, **(facts | changes))


def grant(team, amount=100_000, **changes):
    """Money in the team's fund; returns the approved SpecialAward."""
    award = propose_award(team, amount, **changes)
    awards.approve(award, actor=make.give_role(team.unit, "manager"))
    return award


def voucher(team, actor):
    """A photo without a file; the same one each time."""
    facts = {"file": "photos/voucher.jpg", "sha256": "0" * 64, "content_type": "image/jpeg", "size": 1}
    return Attachment.objects.create(team=team, uploaded_by=actor, **facts)


def propose_expense(people, unit_price=1000, **changes):
    """A proposed expense of the fund, one thing of ten yuan, today."""
    facts = {
        "purse": "fund",
        "date": timezone.localdate(),
        "subject": "material",
        "reason": "买抹布",
        "quantity": 100,
        "handler": people.leader,
        "witness": people.worker,
        "actor": people.leader,
    } | changes
    facts.setdefault("vouchers", [voucher(people.team, people.leader)])
    return expenses.propose(people.team, unit_price=unit_price, **facts)


def fill_reserve(team, amount=100_000):
    """Fen in the team's reserve, as a distribution would put them there."""
    movement = (ledger.company_account(), ledger.reserve_account(team), amount)
    period = periods.current_period()
    return ledger.post(f"test:{team.pk}:{amount}", [movement], period=period, memo="按办法留存", actor=None)


def add_to_world(world):
    """Money of last month, an expense and an award that wait, and one each that is paid."""
    people = SimpleNamespace(team=world.team, leader=world.people["leader"], worker=world.person)
    for _ in range(2):
        world.paid_award = propose_award(world.team, actor=world.people["finance"], period=world.closed)
        awards.approve(world.paid_award, actor=world.people["manager"])
    world.award = propose_award(
        world.team,
        20_000,
        kind="suggestion",
        user=world.person,
        reason="改了给煤机的接料斗",
        actor=world.people["union"],
    )
    world.expense, world.paid_expense = (propose_expense(people, vouchers=[world.photo]) for _ in range(2))
    expenses.approve(world.paid_expense, actor=world.people["manager"])
    fill_reserve(world.team)


def add_paid(team):
    """A grant with evidence and an expense that it pays, both approved."""
    members = team.memberships.select_related("user").order_by("id")
    leader, worker = members.get(role="leader").user, members.filter(role="worker").first().user
    people = SimpleNamespace(team=team, leader=leader, worker=worker)
    manager = make.give_role(team.unit, "manager")
    awards.approve(propose_award(team, actor=leader, evidence=[voucher(team, leader)]), actor=manager)
    expenses.approve(propose_expense(people), actor=manager)


def add_named(world, leader, worker, words):
    """An expense and an award that wait, and one each that is paid, whose reasons are these words."""
    people = SimpleNamespace(team=world.team, leader=leader, worker=worker)
    manager = make.give_role(world.team.unit, "manager")
    world.award, world.paid_award = (propose_award(world.team, actor=worker, reason=words) for _ in range(2))
    awards.approve(world.paid_award, actor=manager)
    world.expense, world.paid_expense = (propose_expense(people, reason=words, actor=worker) for _ in range(2))
    expenses.approve(world.paid_expense, actor=manager)
    fill_reserve(world.team)


def add_many(team, many):
    """That many grants, awards, movements of the reserve, and expenses that wait and that are paid, with two vouchers."""
    leader, worker, *_ = (row.user for row in team.memberships.select_related("user").order_by("id"))
    people = SimpleNamespace(team=team, leader=leader, worker=worker)
    manager = make.give_role(team.unit, "manager")
    for number in range(many):
        for facts in ({}, {"kind": "contest", "user": worker}):
            awards.approve(propose_award(team, actor=leader, **facts), actor=manager)
        propose_award(team, actor=leader)
        fill_reserve(team, 1000 + number)
        for _ in range(2):
            expense = propose_expense(people, vouchers=[voucher(team, leader), voucher(team, leader)])
        expenses.approve(expense, actor=manager)
