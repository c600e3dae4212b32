"""Posting a team's month on the boards: scores, attendance and bonus together, so that members can cross-check.

Its expenses and a branch's points of Party members hang beside them, each posted by those who keep it.
"""

from django.db import transaction

from assessments import selectors as assessment
from assessments.boards import attendance_board, score_board
from bulletins.services import publish, publish_all
from incentives import selectors
from incentives.boards import bonus_board
from incentives.errors import IncentiveError
from incentives.models import Distribution, Expense, PointMonth
from incentives.points.posted import points_board
from incentives.services import funds
from incentives.services.verification import require_sound
from incentives.spending import purses
from incentives.spending.boards import expenses_board
from teams import periods


@transaction.atomic
def publish_month(team, period, *, actor):
    """Post the three boards of a team's month; returns the Bulletins. Posting again adds nothing.

    Raises IncentiveError until the bonus is in the ledger, which needs a closed month, and while the ledger does not hold.
    """
    return publish_all(boards_of_month(team, period), team=team, period=period, actor=actor)


def boards_of_month(team, period):
    """The Boards of a team's month as they are handed in; raises IncentiveError until the bonus is in the ledger."""
    distribution = selectors.distribution_of(team, period)
    if distribution is None or distribution.state not in Distribution.IN_LEDGER:
        raise IncentiveError(f"{team}{periods.label(period)}的奖金还没有入账，入账后才能张榜。")
    require_sound(team, period)
    score = assessment.team_score(team, period)
    return [score_board(score), attendance_board(score), bonus_board(distribution)]


@transaction.atomic
def publish_expenses(team, period, *, actor):
    """Post the statement of the team's fund for a month that is over; returns the Bulletin.

    From then on the fund pays under a later month. Raises IncentiveError before the end of the month, when nothing ever
    happened, and while the ledger does not hold.
    """
    if period >= periods.current_period():
        raise IncentiveError(f"{periods.label(period)}还没有过完，过完再把班组费用张榜。")
    funds.hold_purse(team, Expense.Purse.FUND)
    require_sound(team, period)
    statement = purses.statement_of(team, Expense.Purse.FUND, period)
    if not statement.movements and not statement.opening:
        raise IncentiveError(f"{team}{periods.label(period)}没有班组费用，不用张榜。")
    return publish(expenses_board(statement), team=team, period=period, actor=actor)


def publish_points(scheme, period, *, actor):
    """Post a branch's points of a closed month for its unit; returns the Bulletin. Posting again adds nothing.

    Raises IncentiveError until the month is closed.
    """
    return publish(board_of_points(scheme, period), unit=scheme.unit, period=period, actor=actor)


def board_of_points(scheme, period):
    """The Board of a branch's closed month as it is handed in; raises IncentiveError until it is closed."""
    month = PointMonth.objects.filter(scheme=scheme, period=period).select_related("scheme__unit").first()
    if month is None:
        raise IncentiveError(f"{scheme.unit}{periods.label(period)}的党员积分还没有结算，结算以后才能张榜。")
    return points_board(month)
