"""Where a team stands: how far it is from the next grade and from the team before it (hundredths), what its wall tells."""

from typing import NamedTuple

from assessments.models import MonthClose, TeamScore
from teams import periods


class Step(NamedTuple):
    """What comes next, and how many points it takes."""

    name: object
    points: int


def next_grade(grades, score):
    """The Step to the lowest grade that the score does not reach, of [name, least] from the best down; None at the best."""
    above = [Step(name, least - score) for name, least in grades if least > score]
    return min(above, key=lambda step: step.points, default=None)


def next_rank(own, others):
    """The Step to the score of the team ranked just before, of (rank, score) pairs; None for the best or at equal scores."""
    before = [(rank, score) for rank, score in others if rank < own[0] and score > own[1]]
    rank, score = max(before, default=(None, 0))
    return Step(rank, score - own[1]) if rank else None


def told_of(team):
    """[(label, text)] of the latest closed month of a team: grade, stars and rank; [] before the first."""
    closed = TeamScore.objects.filter(team=team, close__state=MonthClose.State.CLOSED)
    score = closed.order_by("-period").defer("lines", "close__inputs").select_related("close__unit").first()
    if score is None:
        return []
    month = periods.label(score.period)
    facts = [(f"{month}等级", score.grade), (f"{score.ranked_among}内名次", f"第 {score.rank} 名")]
    return facts + ([("星级", "★" * score.stars)] if score.stars else [])
