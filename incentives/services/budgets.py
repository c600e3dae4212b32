"""Budgets: what a unit may hand out in a year, set by finance, and the look at it before pools are set."""

from django.db import transaction

from incentives.errors import IncentiveError, OverBudget
from incentives.models import Budget
from incentives.spending.budgets import spread_up, used_by_unit
from teams import audit
from teams.access import lines_of
from teams.figures import yuan_text

HIGHEST = 10**14


@transaction.atomic
def set_budgets(amounts, year, *, actor):
    """Set the budgets of units for a year, [(unit, fen or None)], all or none; None removes one. Returns how many changed.

    Raises IncentiveError for zero or less and for more than 1,000 billion yuan.
    """
    units = [unit for unit, _ in amounts]
    found = {row.unit_id: row for row in Budget.objects.select_for_update().filter(unit__in=units, year=year)}
    changed = 0
    for unit, amount in amounts:
        before = found.get(unit.pk)
        if amount != (before and before.amount):
            _change(unit, year, before, amount, actor)
            changed += 1
    return changed


def _change(unit, year, before, amount, actor):
    if amount is None:
        audit.record("budget.removed", before, actor=actor, unit=unit, before={"amount": before.amount})
        before.delete()
        return
    if not 0 < amount <= HIGHEST:
        raise IncentiveError(f"{unit} {year} 年的预算应大于 0、不超过 1 万亿元。没有预算的请留空。")
    told = {"amount": before.amount} if before else {}
    values = {"amount": amount, "set_by": actor}
    budget, _ = Budget.objects.update_or_create(unit=unit, year=year, defaults=values)
    audit.record("budget.set", budget, actor=actor, unit=unit, before=told, after={"amount": amount})


def require_room(more, period, reason):
    """Look whether `more` ({unit id: fen more than before}) fits into the budgets of the units and those above them.

    Holds the budgets until the transaction ends. Returns whether one is overdrawn; raises OverBudget when one would be and
    there is no `reason`.
    """
    year, grown = period // 100, spread_up(more)
    budgets = Budget.objects.select_for_update(of=("self",)).select_related("unit")
    held = list(budgets.filter(unit__in=lines_of(more), year=year).order_by("pk"))
    used = used_by_unit(year) if held else {}
    over = [
        row for row in held if grown[row.unit_id] > 0 and used.get(row.unit_id, 0) + grown[row.unit_id] > row.amount
    ]
    if over and not reason:
        raise OverBudget(_sentence(over[0], used.get(over[0].unit_id, 0), grown[over[0].unit_id]))
    return bool(over)


def _sentence(budget, used, more):
    beyond = used + more - budget.amount
    return (
        f"{budget.unit} {budget.year} 年预算 {yuan_text(budget.amount)} 元，已下达 {yuan_text(used)} 元，"
        f"这次再增加 {yuan_text(more)} 元就超出 {yuan_text(beyond)} 元。确实要超的，写明超预算的原因。"
    )
