"""Refusals of the assessment floor; each message is a sentence fit to show."""

from teams.errors import StaleState, TeamError

__all__ = ["AssessmentError", "StaleState"]


class AssessmentError(TeamError):
    """A wish that the rules of assessment refuse."""
