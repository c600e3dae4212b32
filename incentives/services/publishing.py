"""Posting a team's month on the boards: scores, attendance and bonus together, so that members can cross-check."""

from django.db import transaction

from assessments import selectors as assessment
from assessments.boards import attendance_board, score_board
from bulletins.services import publish_all
from incentives import selectors
from incentives.boards import bonus_board
from incentives.errors import IncentiveError
from incentives.models import Distribution
from teams import periods


@transaction.atomic
def publish_month(team, period, *, actor):
    """Post the three boards of a team's month; returns the Bulletins. Posting again adds nothing.

    Raises IncentiveError until the bonus is in the ledger, which needs a closed month.
    """
    return publish_all(boards_of_month(team, period), team=team, period=period, actor=actor)


def boards_of_month(team, period):
    """The Boards of a team's month as they are handed in; raises IncentiveError until the bonus is in the ledger."""
    distribution = selectors.distribution_of(team, period)
    if distribution is None or distribution.state != Distribution.State.POSTED:
        raise IncentiveError(f"{team}{periods.label(period)}的奖金还没有入账，入账后才能张榜。")
    score = assessment.team_score(team, period)
    return [score_board(score), attendance_board(score), bonus_board(distribution)]
