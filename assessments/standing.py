"""How far a team's score is from the next grade and from the team ranked before it; hundredths, no database."""

from typing import NamedTuple


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
