"""What a team spends, for goals that are read from it (see activities.goals.figures)."""

from django.db.models import Sum

from activities.goals.figures import TEAM, RealFigure, by_owner, months_of, span_of, summed
from incentives.models import Expense


def _expenses(goals):
    """What came together of posted expenses since the goal began, in fen."""
    mine = by_owner(goals, TEAM)
    rows = Expense.objects.filter(state=Expense.State.APPROVED, purse=Expense.Purse.FUND, period__range=span_of(goals))
    rows = rows.filter(team__in=[goal.team_id for goal in mine]).order_by().values_list("team", "period")
    sums = {(team, month): fen for team, month, fen in rows.annotate(Sum("amount"))}
    return {
        goal.pk: summed(goal, {month: sums.get((goal.team_id, month), 0) for month in months_of(goal)}) for goal in mine
    }


FIGURES = [RealFigure("expenses", "班组费用（累计）", "元", frozenset({TEAM}), True, _expenses)]
